/** What reports say beside findings, in both languages: headings, footnotes, words in cells. */

import { renderFinding } from '../contract/finding.ts';
import { type FindingData, fillIn, type TextLanguage } from '../contract/finding-entry.ts';
import CHINESE from './chinese.json' with { type: 'json' };

/** A phrase as data, so that a page can say it in its reader's language. */
export interface Phrase {
  readonly phrase: string;
  readonly params?: Readonly<Record<string, PhraseParam>>;
}
/** Several are said one after the other. */
export type PhraseParam = Text | number | readonly Text[];

/** What to do about a finding. */
interface CureOf {
  readonly cureOf: FindingData;
}

/** A name or figure, the same in every language, or something that is said in the reader's. */
export type Text = string | Phrase | FindingData | CureOf;

/** Says a text in a language, English unless another is named. */
export function say(text: Text, language: TextLanguage = 'en'): string {
  if (typeof text === 'string') return text;
  if ('code' in text) return renderFinding(text, language).text;
  if ('cureOf' in text) return renderFinding(text.cureOf, language).cure;
  const { phrase: id, params = {} } = text;
  const template = language === 'en' ? id : ((CHINESE as Readonly<Record<string, string>>)[id] ?? id);
  return fillIn(template, { en: id, zh: template }, params, {
    language,
    say: (inner) => sayParam(inner as PhraseParam, language),
  });
}

function sayParam(param: PhraseParam, language: TextLanguage): string {
  if (typeof param === 'number') return String(param);
  if (!Array.isArray(param)) return say(param as Text, language);
  const texts = param as readonly Text[];
  const areSentences = texts.some((text) => typeof text === 'object' && 'code' in text);
  const [english, chinese] = areSentences ? ['; ', '；'] : [', ', '、'];
  return texts.map((text) => say(text, language)).join(language === 'en' ? english : chinese);
}
