/**
 * Everything that the tool has to say about a run, as data: a code with parameters. `finding-codes.ts` has the codes, `findings/` what each
 * means in English and in Chinese, and what to do about it. `docs/findings.md` is made from them and says how to add a code.
 */
import { FINDING_CODES } from './finding-codes.ts';
import {
  type Bilingual,
  type FindingData,
  type FindingEntry,
  type FindingScope,
  type FindingWords,
  fillIn,
  type ParamValues,
  type TextLanguage,
} from './finding-entry.ts';
import compare from './findings/compare.json' with { type: 'json' };
import config from './findings/config.json' with { type: 'json' };
import kit from './findings/kit.json' with { type: 'json' };
import metrics from './findings/metrics.json' with { type: 'json' };
import run from './findings/run.json' with { type: 'json' };
import search from './findings/search.json' with { type: 'json' };
import session from './findings/session.json' with { type: 'json' };
import workers from './findings/workers.json' with { type: 'json' };

export type FindingCode = keyof typeof FINDING_CODES;
export type FindingParams<Code extends FindingCode> = (typeof FINDING_CODES)[Code] extends readonly [
  unknown,
  infer Kinds,
]
  ? ParamValues<Kinds>
  : Readonly<Record<string, never>>;

const NOTHING_TO_DO: Bilingual = { en: 'nothing', zh: '无需处理' };

/** Each code of an area with its level and parameters, its words and its cure. */
function entriesOf<Code extends FindingCode>(
  area: Readonly<Record<Code, FindingWords>>,
): Readonly<Record<Code, FindingEntry>> {
  const entries = Object.entries<FindingWords>(area).map(([code, { cure = NOTHING_TO_DO, ...words }]) => {
    const [level, params]: readonly [FindingEntry['level'], FindingEntry['params']?] =
      FINDING_CODES[code as FindingCode];
    const shared = typeof cure === 'string' ? (area[cure as Code].cure as Bilingual) : cure;
    return [code, { level, ...(params && { params }), ...words, cure: shared }];
  });
  return Object.fromEntries(entries) as Record<Code, FindingEntry>;
}

/** All codes by area, in the order of `docs/findings.md`. */
export const FINDING_AREAS = {
  metrics: entriesOf(metrics),
  session: entriesOf(session),
  run: entriesOf(run),
  config: entriesOf(config),
  workers: entriesOf(workers),
  kit: entriesOf(kit),
  search: entriesOf(search),
  compare: entriesOf(compare),
} as const;

/** What is known of each code. */
export const FINDINGS: Readonly<Record<FindingCode, FindingEntry>> = {
  ...FINDING_AREAS.metrics,
  ...FINDING_AREAS.session,
  ...FINDING_AREAS.run,
  ...FINDING_AREAS.config,
  ...FINDING_AREAS.workers,
  ...FINDING_AREAS.kit,
  ...FINDING_AREAS.search,
  ...FINDING_AREAS.compare,
};

/** One thing that the tool has to say about a run. */
export interface Finding extends FindingData {
  readonly code: FindingCode;
}

/** Makes a finding; the compiler holds the parameters to the entry of the code. */
export function finding<Code extends FindingCode>(
  code: Code,
  params: FindingParams<Code>,
  scope: FindingScope = {},
): Finding {
  const known = Object.entries(params).filter(([, value]) => value !== undefined);
  return { code, level: FINDINGS[code].level, scope, params: Object.fromEntries(known) };
}

/** The same finding about a model and a dataset, where it does not name its own. */
export function scoped(one: Finding, scope: FindingScope): Finding {
  return Object.keys(one.scope).length > 0 ? one : { ...one, scope };
}

/** A finding in words. */
export interface RenderedFinding {
  readonly text: string;
  /** One thing to do about it. */
  readonly cure: string;
  /** Page and anchor below `docs/`. */
  readonly docs: string;
}

/** Renders a finding in a language. */
export function renderFinding(one: FindingData, language: TextLanguage): RenderedFinding {
  const entry = entryOf(one);
  const context = { language, say: (inner: unknown) => renderFinding(inner as FindingData, language).text };
  return {
    text: fillIn(entry[language], entry, one.params, context),
    cure: fillIn(entry.cure[language], entry, one.params, context),
    docs: entry.docs,
  };
}

/** What a finding says, in English unless another language is named. */
export function findingText(one: FindingData, language: TextLanguage = 'en'): string {
  return renderFinding(one, language).text;
}

/** What a finding says and about what: `gsm8k: …`; the text alone where it is about the whole run. */
export function scopedText(one: FindingData, language: TextLanguage = 'en'): string {
  const { model, dataset } = one.scope;
  const about = [model, dataset].filter((name) => name !== undefined).join(' × ');
  return about === '' ? findingText(one, language) : `${about}: ${findingText(one, language)}`;
}

/** Whether two findings say the same of the same. */
export function isSameFinding(one: FindingData, other: FindingData): boolean {
  return (
    JSON.stringify([one.code, one.scope, one.params]) ===
    JSON.stringify([other.code, other.scope, other.params])
  );
}

/** Each finding once, in the order in which it came first. */
export function distinctFindings(findings: readonly Finding[]): Finding[] {
  return findings.filter((one, n) => findings.findIndex((other) => isSameFinding(one, other)) === n);
}

/** A finding as files hold it: with its English text, for readers without the table. */
export interface StoredFinding extends Finding {
  readonly text: string;
}

export function storedFinding(one: Finding): StoredFinding {
  return { ...one, text: findingText(one) };
}

/**
 * Reads a finding from a file. A sentence, as files had them before there were codes, and a code that is not known become a NOTE with
 * that text.
 */
export function readFinding(stored: unknown): Finding {
  if (typeof stored !== 'object' || stored === null) return finding('NOTE', { text: String(stored) });
  const { code, scope, params, text, what } = stored as Partial<StoredFinding> & { readonly what?: unknown };
  const named = typeof scope === 'object' && scope !== null ? scope : {};
  if (typeof code === 'string' && isFindingCode(code) && typeof params === 'object' && params !== null)
    return { code, level: FINDINGS[code].level, scope: named, params };
  return finding('NOTE', { text: String(text ?? what ?? code) }, named);
}

/** Whether a value is a finding, and not one that has its text already. */
export function isFinding(value: unknown): value is Finding {
  if (typeof value !== 'object' || value === null) return false;
  const { code, level, params, text } = value as Partial<StoredFinding>;
  return typeof code === 'string' && level !== undefined && params !== undefined && text === undefined;
}

export function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(FINDINGS, code);
}

function entryOf({ code }: FindingData): FindingEntry {
  return FINDINGS[isFindingCode(code) ? code : 'NOTE'];
}
