/** The page's own words in two languages, and what a report says. Names of metrics are the same in both. */
import { LANGUAGES, type Language } from '../../../src/contract/finding-entry.ts';
import { say, type Text } from '../../../src/report/words.ts';
import { useLanguage } from '../settings.ts';
import { en, type Words } from './en.ts';
import { zh } from './zh.ts';

const WORDS: Readonly<Record<Language, Words>> = { en, zh };

/** Returns the reader's language as far as there are words in it. */
export function useKnownLanguage(): Language {
  const language = useLanguage();
  return LANGUAGES.find((known) => known === language) ?? 'en';
}

/** Returns the page's own words. */
export function useWords(): Words {
  return WORDS[useKnownLanguage()];
}

/** Returns a function that says findings and phrases in the reader's language. */
export function useSay(): (text: Text) => string {
  const language = useKnownLanguage();
  return (text) => say(text, language);
}
