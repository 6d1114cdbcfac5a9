/** Jumps to the sections that the page has; keys 1 to 9 too. */
import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../i18n/words.ts';
import { onKeys } from '../keyboard.ts';
import { useLanguage } from '../settings.ts';

interface Entry {
  readonly id: string;
  readonly title: string;
}

export function Contents() {
  const words = useWords();
  const language = useLanguage();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  useEffect(() => {
    const sections = [...document.querySelectorAll('main section')];
    setEntries(
      sections.map(({ id }) => ({ id, title: document.getElementById(`${id}-title`)?.textContent ?? id })),
    );
  }, [language]);
  useEffect(
    () =>
      onKeys(Object.fromEntries(entries.slice(0, 9).map(({ id }, n) => [String(n + 1), () => jumpTo(id)]))),
    [entries],
  );
  return (
    <nav class="contents" aria-label={words.contents}>
      {entries.map(({ id, title }) => (
        <button key={id} type="button" onClick={() => jumpTo(id)}>
          {title}
        </button>
      ))}
    </nav>
  );
}

function jumpTo(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView();
  section?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
}
