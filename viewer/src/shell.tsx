/** The frame of every page: title, language, theme, keys. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { HelpDialog } from './components/help.tsx';
import { useWords } from './i18n/words.ts';
import { onKeys } from './keyboard.ts';
import { choose, useLanguage, useTheme } from './settings.ts';

export function Shell({ children }: { readonly children: ComponentChildren }) {
  const language = useLanguage();
  const theme = useTheme();
  const [help, setHelp] = useState(false);
  const words = useWords();
  const otherTheme = theme === 'dark' ? 'light' : 'dark';
  const otherLanguage = language === 'zh' ? 'en' : 'zh';
  // Before anything is painted: a dark page must not begin with a flash of light.
  useLayoutEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset['theme'] = theme;
  }, [language, theme]);
  useEffect(
    () =>
      onKeys({
        t: () => choose('theme', otherTheme),
        l: () => choose('lang', otherLanguage),
        '?': () => setHelp((shown) => !shown),
      }),
    [otherTheme, otherLanguage],
  );
  useEffect(markDrawn, []);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        {words.skip}
      </button>
      <header class="bar">
        <span class="brand">ais_bench</span>
        <span class="grow" />
        <button type="button" onClick={() => choose('lang', otherLanguage)} title={`${words.language} (L)`}>
          {language === 'zh' ? 'English' : '中文'}
        </button>
        <button type="button" onClick={() => choose('theme', otherTheme)} title={`${words.theme} (T)`}>
          {theme === 'dark' ? words.light : words.dark}
        </button>
        <button type="button" onClick={() => setHelp(true)} title={`${words.keys} (?)`}>
          {words.keys}
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {help && <HelpDialog close={() => setHelp(false)} />}
    </>
  );
}

/** Says when the page had been drawn for the first time, ms after the navigation: charts are drawn in the frame before. */
function markDrawn(): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      document.documentElement.dataset['drawn'] = String(performance.now());
    }),
  );
}
