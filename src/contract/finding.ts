/**
 * Everything that the tool has to say about a run, as data: a code with parameters. What a code means, in English and in Chinese, and
 * what to do about it, is in one table, by area in `findings/`. `docs/findings.md` is made from it and says how to add a code.
 */
import {
  type EntryParams,
  type FindingData,
  type FindingEntry,
  type FindingScope,
  fillIn,
  type TextLanguage,
} from './finding-entry.ts';
import { compareFindings } from './findings/compare.ts';
import { configFindings } from './findings/config.ts';
import { kitFindings } from './findings/kit.ts';
import { metricsFindings } from './findings/metrics.ts';
import { runFindings } from './findings/run.ts';
import { searchFindings } from './findings/search.ts';
import { sessionFindings } from './findings/session.ts';
import { workerFindings } from './findings/workers.ts';

/** All codes by area, in the order of `docs/findings.md`. */
export const FINDING_AREAS = {
  metrics: metricsFindings,
  session: sessionFindings,
  run: runFindings,
  config: configFindings,
  workers: workerFindings,
  kit: kitFindings,
  search: searchFindings,
  compare: compareFindings,
} as const;

export const FINDINGS = {
  ...metricsFindings,
  ...sessionFindings,
  ...runFindings,
  ...configFindings,
  ...workerFindings,
  ...kitFindings,
  ...searchFindings,
  ...compareFindings,
} as const;

export type FindingCode = keyof typeof FINDINGS;
export type FindingParams<Code extends FindingCode> = EntryParams<(typeof FINDINGS)[Code]>;

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
