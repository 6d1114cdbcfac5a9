/** The page's own words in two languages. Names of metrics are the same in both; so are texts that come from the run. */
import { useLanguage } from '../settings.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

/** Every language has every word: the compiler says which is missing. */
export type Words = {
  readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : (typeof en)[Key];
};

const LANGUAGES: Readonly<Record<string, Words>> = { en, zh };

export function useWords(): Words {
  return LANGUAGES[useLanguage()]!;
}
