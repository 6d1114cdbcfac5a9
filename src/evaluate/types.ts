import type { Interval } from './statistics/interval.ts';

/** Two ways to read an answer: ours, and AISBench's to the letter. */
export type RuleSet = 'fixed' | 'compat';

/** What was taken for the answer, and how. */
export interface Extraction {
  readonly answer: string;
  /** Name of the rule that found it. */
  readonly rule: string;
  /** Where it is in the text: first character, and the one after the last. */
  readonly span: readonly [start: number, end: number];
}

/** Finds the answer in a text; undefined when there is none. */
export type Extractor = (text: string) => Extraction | undefined;

/** A post-processor of predictions (`eval_cfg.pred_postprocessor`). */
export interface PredPostprocessor {
  readonly name: string;
  readonly compat: Extractor;
  readonly fixed: Extractor;
  /** What AISBench's files hold where nothing was found. */
  readonly none: string;
}

/** Makes the reference out of the gold column's text (`eval_cfg.dataset_postprocessor`). */
export type DatasetPostprocessor = (gold: string) => string;

/** What is right, and what was answered: all that an evaluator may look at. */
export interface Sample {
  /** What the extractor took for the answer; its `none` where it found nothing. */
  readonly answer: string;
  /** The gold column as text, after `dataset_postprocessor`. */
  readonly reference: string;
  /** The gold column as it was stored: what a dataset's `reference` made of the row, or the output column. */
  readonly gold: unknown;
  /** The whole reply without reasoning. */
  readonly text: string;
  /** What was asked, as it was sent. */
  readonly prompt: unknown;
  readonly toolCalls: readonly unknown[];
  readonly rules: RuleSet;
}

/** What an answer is worth. */
export interface Grade {
  /** From 0 (wrong) to 1 (right). */
  readonly credit: number;
  /** Why, for a person: `timed out after 3 s`, `12.5 against 12`. */
  readonly explanation?: string;
  /**
   * What further numbers of the score are made of: name → what was got, of what could be got. A number is the sum of the one
   * over the sum of the other: a mean over answers where `of` is 1, over instructions where it is their count.
   */
  readonly parts?: Readonly<Record<string, readonly [got: number, of: number]>>;
}

/**
 * Compares an answer with the reference (`eval_cfg.evaluator`). Called for every answer, so it must bear an empty one; what a
 * failed or unextractable answer would get is not given to it, but its `parts` count in the denominators.
 */
export interface Evaluator {
  readonly name: string;
  /** Name of the mean credit; `accuracy` by default. */
  readonly metric?: string;
  /** Name of the post-processor whose answer it reads where the config names none; `whole_text` by default. */
  readonly reads?: string;
  /** Answers graded at a time, where grading waits for something; 1 by default. */
  readonly concurrency?: number;
  grade(sample: Sample): Grade | Promise<Grade>;
  /** Further numbers that are no mean of what single answers got, made of all of them under the headline's rules. */
  measures?(judged: readonly Judged[], rules: RuleSet): Readonly<Record<string, Measure>>;
  /** Called once, after the last grade: frees what grading took, and says what a person should know of how it was done. */
  finish?(): Promise<readonly string[]>;
}

/** A number in percent and what it rests on. */
export interface Measure {
  readonly value: number;
  /** What it is a mean over: answers, questions, instructions. */
  readonly n: number;
  /** Absent where the answers cannot tell how sure it is. */
  readonly interval?: Interval;
  /** The same number under AISBench's own rules. */
  readonly compat?: number;
}

/** A post-processor that reads the same under both rule sets. */
export function sameByBothRules(name: string, extract: Extractor): PredPostprocessor {
  return { name, compat: extract, fixed: extract, none: '' };
}

/** A part of `eval_cfg`, or what makes it of the further keys beside its `type`. Throws UTILS-CFG-002 for a bad key. */
export type Configurable<T> = T | ((options: Readonly<Record<string, unknown>>) => T);

/**
 * `partial`: worth something, and not all. `truncated`: worth nothing, and the server stopped at the length limit. `failed`:
 * there was no reply. `inconsistent`: a judge that was asked twice said one thing and the other.
 */
export const VERDICTS = [
  'correct',
  'partial',
  'wrong',
  'unextractable',
  'inconsistent',
  'truncated',
  'failed',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Judgement extends Partial<Omit<Grade, 'credit'>> {
  readonly verdict: Verdict;
  /** Its span is in the transcript's `content`. */
  readonly extraction?: Extraction;
  /** Of a partial answer: between 0 and 1. */
  readonly credit?: number;
  /** What a judge that was asked twice said each time. */
  readonly askedTwice?: { readonly first: Verdict; readonly swapped: Verdict };
}

/** 0 to 1: what a judgement adds to the score. */
export function creditOf({ verdict, credit }: Judgement): number {
  return credit ?? (verdict === 'correct' ? 1 : 0);
}

/** One answer, judged under both rule sets; `verdict` and `extraction` are those of the headline's. */
export interface Judged extends Judgement {
  /** Id of the case; the turns of a dialogue share it. */
  readonly id: string;
  /** Row of the dataset, counted from 0. */
  readonly index: number;
  readonly repetition: number;
  /** Turn of a dialogue, counted from 0: each turn is judged by itself. */
  readonly turn?: number;
  readonly reference: string;
  /** What the question shares with others (a passage, a document): answers to such are not independent. */
  readonly source?: string;
  /** The headline's rule set. */
  readonly rules: RuleSet;
  readonly fixed: Judgement;
  readonly compat: Judgement;
}
