/** The page's own words in two languages, and what the run said of itself. Names of metrics are the same in both. */
import { useLanguage } from '../settings.ts';
import { en, type Words } from './en.ts';
import { inChinese } from './in-chinese.ts';
import { zh } from './zh.ts';

const LANGUAGES: Readonly<Record<string, Words>> = { en, zh };

export function useWords(): Words {
  return LANGUAGES[useLanguage()]!;
}

/** Says what a run said in the reader's language, as far as it can. */
export function useReportWords(): (text: string) => string {
  return useLanguage() === 'zh' ? (text) => inChinese(text) ?? text : (text) => text;
}
