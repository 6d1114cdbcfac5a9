import type { Finding } from '../../contract/finding.ts';
import type { VerdictChange } from '../../evaluate/changes.ts';
import type { Judged } from '../../evaluate/types.ts';
import type { GapCounts, RequestSample } from '../../metrics/request-sample.ts';
import type { Text } from '../words.ts';
import type { Difference } from './difference.ts';
import type { Rule, RuleOutcome } from './rules.ts';

/** One model on one dataset, as a run left it. */
export interface TaskSide {
  readonly model: string;
  readonly dataset: string;
  /** Everything that its files say about it. */
  readonly findings: readonly Finding[];
  /** Absent where nothing was measured. */
  readonly measured?: Measured;
  /** Absent where nothing was scored. */
  readonly scored?: { readonly metric: string; readonly value?: number; readonly judged: readonly Judged[] };
  /** What was asked, by the place of the request in the data: id of its case, hash of its prompt, its beginning. */
  readonly asked: ReadonlyMap<string, Asked>;
}

export interface Asked {
  readonly id: string;
  readonly hash: string;
  /** How the prompt begins; of the first of a run. */
  readonly excerpt?: string;
}

export interface Measured {
  readonly sample: RequestSample;
  /** The percentiles of gaps, and the requests' gaps against them. */
  readonly gaps: {
    readonly percentiles: readonly number[];
    readonly counts: ReturnType<GapCounts['finish']>;
  };
  readonly requests: number;
  readonly failed: number;
  readonly retried: number;
  /** Of a load test; latencies of an accuracy run have none. */
  readonly validity?: { readonly verdict: string; readonly findings: readonly Finding[] };
  /** By row of the sample: whether the request met every objective. Absent where none was given. */
  readonly good?: readonly boolean[];
}

/** A number of both runs and what lies between. */
export interface NumberChange {
  /** As a rule names it: `ttft.p99`. */
  readonly id: string;
  readonly label: Text;
  /** `ms`, `req/s`, `tok/s`, `%`. */
  readonly unit: string;
  /** Whether more of it is better. */
  readonly moreIsBetter: boolean;
  readonly difference?: Difference;
  /** Why there is none. */
  readonly reason?: Finding;
  /** p after Holm over all numbers of the comparison. */
  readonly adjusted?: number;
}

/** The requests of both runs. */
export interface Pairing {
  /** Requests with the same content hash. */
  readonly sameId: number;
  /** Same row and same prompt; the hash differs because the model's name or its settings do. */
  readonly samePrompt: number;
  readonly otherPrompt: number;
  readonly onlyBefore: number;
  readonly onlyAfter: number;
  /** The first prompts that differ. */
  readonly example?: { readonly place: string; readonly before: string; readonly after: string };
}

export interface TaskComparison {
  readonly before: TaskSide;
  readonly after: TaskSide;
  readonly pairing: Pairing;
  readonly changes: readonly VerdictChange[];
  readonly score?: NumberChange & { readonly pairs: number; readonly lost: number; readonly won: number };
  readonly numbers: readonly NumberChange[];
}

/** The outcome of one rule on one task of one run. */
export interface RuleResult {
  readonly rule: Rule;
  readonly task: string;
  readonly outcome: RuleOutcome;
  readonly difference?: Difference;
  /** The change in the unit of the rule. */
  readonly change?: number;
  /** p after Holm over all rules. */
  readonly adjusted?: number;
  /** Requests or answers a side that would be needed. */
  readonly needed?: ReturnType<Difference['needed']>;
  readonly why: Finding;
}

export interface ConfigDifference {
  readonly key: string;
  /** Absent where the run does not have it. */
  readonly before?: string;
  readonly after?: string;
  /** It is part of the requests that are sent. */
  readonly inRequest: boolean;
}

/** One run against the first. */
export interface RunComparison {
  readonly before: RunName;
  readonly after: RunName;
  readonly config: readonly ConfigDifference[];
  readonly tasks: readonly TaskComparison[];
  /** Tasks that only one of them has. */
  readonly alone: readonly { readonly run: string; readonly task: string }[];
  readonly rules: readonly RuleResult[];
  /** Gates that are judged together: those of every run that is compared at once. */
  readonly tests: number;
  readonly findings: readonly Finding[];
}

export interface RunName {
  /** `A`, `B`, … */
  readonly letter: string;
  readonly name: string;
  readonly path: string;
}
