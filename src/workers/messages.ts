/** What the command and its load workers tell each other, over the channel between them: no flag or key is seen in a list of processes. */

import type { ClassCode } from '../cli/class-code.ts';
import type { RunFlags } from '../config/flags.ts';
import type { AisBenchError } from '../contract/errors.ts';
import type { LiveChanges } from '../metrics/live.ts';
import type { CaseAnswer } from '../sending/pull-task.ts';
import type { Instant } from '../sending/run-clock.ts';
import type { LoadOutcome, TaskProgress } from '../sending/run-task.ts';

/** From the command. */
export type Order =
  /** Read these configs again and be ready. */
  | {
      readonly type: 'plan';
      readonly flags: RunFlags;
      readonly folder: string;
      readonly fingerprint: string;
      readonly worker: number;
      /** Present where the worker is on another host: what it must hold as the command holds it. */
      readonly same?: { readonly code: readonly ClassCode[]; readonly cases: string };
    }
  /** Open the model of a task. */
  | {
      readonly type: 'open';
      readonly task: number;
      readonly place: number;
      readonly workers: number;
      readonly origin: Instant;
      readonly modelName?: string;
      /** Present: nothing is sent by a schedule. Cases are taken one by one. */
      readonly pull?: {
        /** As many at once as the service bears, so many at most. */
        readonly slots: number;
        /** Whose process it is, as reports call it. */
        readonly agent: string;
      };
    }
  /** Send, from this moment on: milliseconds on the run's clock. */
  | { readonly type: 'send'; readonly start: number }
  | CaseOrder
  | { readonly type: 'drain' }
  | { readonly type: 'abort' }
  | { readonly type: 'end' };

/** About a task whose cases are taken one by one, from when it is opened until it is sent. */
export type CaseOrder =
  /** A case that was wanted. */
  | { readonly type: 'case'; readonly n: number }
  /** Another largest number of cases at once. */
  | { readonly type: 'slots'; readonly slots: number }
  /** No more cases will come. */
  | { readonly type: 'over' };

export type Counters = Pick<TaskProgress, 'done' | 'failed' | 'inFlight' | 'outputTokens'>;

export const NOTHING_DONE: Counters = { done: 0, failed: 0, inFlight: 0, outputTokens: 0 };

/** From a worker. */
export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'opened' }
  | { readonly type: 'progress'; readonly counters: Counters; readonly live: LiveChanges }
  | {
      readonly type: 'sent';
      readonly counters: Counters;
      readonly live: LiveChanges;
      readonly outcome: Pick<LoadOutcome, 'sent' | 'stopped'> & {
        /** The fewest cases at once that a service in trouble was asked. */
        readonly leastSlots?: number;
      };
      /** When it was ready to send, ms on the run's clock. */
      readonly begunAt: number;
    }
  /** So many more cases can be taken, beyond those wanted before. */
  | { readonly type: 'want'; readonly cases: number }
  | { readonly type: 'answered'; readonly answer: CaseAnswer }
  /** It cannot go on. */
  | { readonly type: 'broken'; readonly why: string; readonly error?: ForeseenError };

/** An AisBenchError on its way to the command. */
export type ForeseenError = Pick<AisBenchError, 'code' | 'message' | 'where' | 'cure'>;
