/** Two ways to read an answer: ours, and AISBench's to the letter. */
export type RuleSet = 'fixed' | 'compat';

/** What was taken for the answer, and how. */
export interface Extraction {
  readonly answer: string;
  /** Name of the rule that found it. */
  readonly rule: string;
  /** Where it stands in the text: first character, and the one after the last. */
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

/** Compares an answer with the reference (`eval_cfg.evaluator`). */
export interface Evaluator {
  readonly name: string;
  isCorrect(answer: string, reference: string): boolean;
}

/** `truncated`: not correct, and the server stopped at the length limit. `failed`: there was no reply. */
export const VERDICTS = ['correct', 'wrong', 'unextractable', 'truncated', 'failed'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Judgement {
  readonly verdict: Verdict;
  /** Its span is in the transcript's `content`. */
  readonly extraction?: Extraction;
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
  /** The headline's rule set. */
  readonly rules: RuleSet;
  readonly fixed: Judgement;
  readonly compat: Judgement;
}
