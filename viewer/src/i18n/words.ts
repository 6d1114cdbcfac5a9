/** The page's own words in two languages. Names of metrics are the same in both; so are texts that come from the run. */
import { useLanguage } from '../settings.ts';
import { en, type Words } from './en.ts';
import { zh } from './zh.ts';

const LANGUAGES: Readonly<Record<string, Words>> = { en, zh };

export function useWords(): Words {
  return LANGUAGES[useLanguage()]!;
}
