/** What a reader chose, in the part of the address behind `#`: it can be sent to somebody, and needs no storage. */
import { useEffect, useState } from 'preact/hooks';

export type Language = 'en' | 'zh';
export type Theme = 'light' | 'dark';

function read(): URLSearchParams {
  return new URLSearchParams(location.hash.slice(1));
}

const listeners = new Set<() => void>();
addEventListener('hashchange', () => {
  for (const listener of listeners) listener();
});

/** Sets a value; undefined takes it away. */
export function choose(name: string, value: string | undefined): void {
  const all = read();
  if (value === undefined || value === '') all.delete(name);
  else all.set(name, value);
  // Without an entry in the history: the back button leaves the page.
  history.replaceState(null, '', `#${all}`);
  for (const listener of listeners) listener();
}

function chosen(name: string): string | undefined {
  return read().get(name) ?? undefined;
}

/** A chosen value, kept up to date. */
export function useChosen(name: string): string | undefined {
  const [value, set] = useState(chosen(name));
  useEffect(() => {
    const update = () => set(chosen(name));
    listeners.add(update);
    update();
    return () => void listeners.delete(update);
  }, [name]);
  return value;
}

export function useLanguage(): Language {
  const wanted = useChosen('lang') ?? navigator.language;
  return wanted.startsWith('zh') ? 'zh' : 'en';
}

export function useTheme(): Theme {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const update = () => setDark(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  const wanted = useChosen('theme');
  if (wanted === 'dark' || wanted === 'light') return wanted;
  return dark ? 'dark' : 'light';
}
