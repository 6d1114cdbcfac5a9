/** What coordinator and workers send each other: orders and reports of a process, and registration and subjects on NATS. */

import { toolVersion } from '../basics/version.ts';
import type { RunConfig } from '../config/flags.ts';
import type { Plan } from '../config/plan.ts';
import type { AisBenchError } from '../contract/errors.ts';
import type { LiveChanges } from '../metrics/live.ts';
import type { SampleResult } from '../sending/pull-task.ts';
import type { Instant } from '../sending/run-clock.ts';
import type { LoadOutcome, TaskProgress } from '../sending/run-task.ts';

/** Version of this file; another one is refused. */
export const PROTOCOL = 2;

/** What the processes of a run read before they are ready. */
export interface Assignment {
  /** Of this host: the plan itself. Of another: the flags, from which it makes the plan with its own configs, paths and secrets. */
  readonly source: { readonly plan: Plan } | { readonly flags: RunConfig };
  /** The run's folder. */
  readonly folder: string;
  readonly fingerprint: string;
  /** Present where the worker is on another host: what it must hold as the coordinator does. */
  readonly same?: { readonly code: readonly ClassCode[]; readonly samples: string };
}

/** From the coordinator to a process that sends. */
export type Order =
  /** Read the plan and its data, and be ready. `number`: of the process, from 0; `heartbeatMs`: filled in by its channel. */
  | ({ readonly type: 'assign'; readonly number: number; readonly heartbeatMs?: number } & Assignment)
  /** Open the model of a task. */
  | {
      readonly type: 'open';
      readonly task: number;
      /** Stripe of the process, of so many. */
      readonly place: number;
      readonly workers: number;
      readonly origin: Instant;
      readonly modelName?: string;
      /** Present: samples arrive one by one instead of by the schedule. */
      readonly queue?: {
        /** Largest number of samples in flight. */
        readonly slots: number;
        /** The worker that the process belongs to, as reports name it. */
        readonly worker: string;
      };
    }
  /** Send, from this moment on: milliseconds on the run's clock. */
  | { readonly type: 'send'; readonly start: number }
  | SampleOrder
  /** Send nothing more; finish what is in flight. */
  | { readonly type: 'drain' }
  /** Give up what is in flight too. */
  | { readonly type: 'abort' }
  /** End the process. */
  | { readonly type: 'stop' };

/** About the queue of a task, from when it is opened until it is sent. */
export type SampleOrder =
  /** A sample that was requested. */
  | { readonly type: 'sample'; readonly n: number }
  /** Another largest number of samples in flight. */
  | { readonly type: 'slots'; readonly slots: number }
  /** The queue has no more samples. */
  | { readonly type: 'finish' };

/** An order of one type. */
export type OrderOf<T extends Order['type']> = Extract<Order, { type: T }>;

export type Counters = Pick<TaskProgress, 'done' | 'failed' | 'inFlight' | 'outputTokens'>;

export const NOTHING_DONE: Counters = { done: 0, failed: 0, inFlight: 0, outputTokens: 0 };

/** From a process that sends. */
export type Report =
  /** It is alive. */
  | { readonly type: 'heartbeat' }
  | { readonly type: 'ready' }
  | { readonly type: 'opened' }
  | { readonly type: 'progress'; readonly counters: Counters; readonly live: LiveChanges }
  | {
      readonly type: 'sent';
      readonly counters: Counters;
      readonly live: LiveChanges;
      readonly outcome: Pick<LoadOutcome, 'sent' | 'stopped'> & {
        /** The fewest samples in flight to which a service in trouble led. */
        readonly leastSlots?: number;
      };
      /** When it was ready to send, ms on the run's clock. */
      readonly begunAt: number;
    }
  /** So many more samples can be taken, beyond those requested before. */
  | { readonly type: 'want'; readonly samples: number }
  | { readonly type: 'answered'; readonly result: SampleResult }
  /** It cannot go on. */
  | { readonly type: 'broken'; readonly why: string; readonly error?: ErrorFields };

/** A report of one type. */
export type ReportOf<T extends Report['type']> = Extract<Report, { type: T }>;

/** An AisBenchError as data. */
export type ErrorFields = Pick<AisBenchError, 'code' | 'message' | 'where' | 'cure'>;

/** A remote worker, as it registers: at its start, when it is free again, and when a coordinator looks for workers. */
export interface Registration {
  readonly protocol: number;
  /** Names the process; no other has it. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly host: string;
  /** Of the tool. */
  readonly version: string;
  /** Largest number of processes that it starts for a run. */
  readonly processes: number;
  /** The run that it works for. */
  readonly run?: string;
}

/** A coordinator's offer to a free worker: work for this run. */
export interface Offer {
  readonly protocol: number;
  readonly version: string;
  readonly run: string;
  /** ms of silence after which each counts the other as lost. */
  readonly silenceMs: number;
}

/** A worker's reply to an offer. */
export type OfferReply =
  | { readonly refused: string }
  /** Its clock's reading less its monotonic clock's, ms. */
  | { readonly shiftMs: number };

/** From the coordinator to a remote worker, about one of its processes (from 0 over all workers), or about the run. */
export type HostOrder =
  | { readonly process: number; readonly order: Order }
  /** The run has ended: stop the processes and be free. */
  | { readonly release: true };

/** From a remote worker. */
export type HostReport =
  /** `files`: lengths of the files that the process wrote, by their paths below the run's folder, where the report is about them. */
  | {
      readonly process: number;
      readonly report: Report;
      readonly files?: Readonly<Record<string, number>>;
    }
  | { readonly process: number; readonly gone: string };

/** A name that can be part of a subject. */
export const SUBJECT_NAME = /^[\w-]{1,64}$/;

/** The subjects of registration. They keep their names in every protocol: another one is refused in words. */
export const lookSubject = (group: string) => `aisb.${group}.hello`;
export const registerSubject = (group: string) => `aisb.${group}.here`;
export const offerSubject = (group: string, worker: string) => `aisb.${group}.invite.${worker}`;

export const ordersSubject = (run: string, worker: string) => `aisb.${run}.${worker}.orders`;
export const reportsSubject = (run: string, worker: string) => `aisb.${run}.${worker}.reports`;
export const pingsSubject = (run: string, worker: string) => `aisb.${run}.${worker}.pings`;

/** Files of a run's workers, as a stream: one subject per worker. */
export const filesStream = (run: string) => `aisb_${run}_files`;
export const filesSubject = (run: string, worker: string) => `aisb.${run}.files.${worker}`;

/** Samples of a run and their results, as streams; `--reuse` finds those of 7e3bceb by these names. */
export const samplesStream = (run: string) => `aisb_${run}_cases`;
export const resultsStream = (run: string) => `aisb_${run}_answers`;

/** The samples of a task, and the consumer that gives them out. */
export const samplesSubject = (run: string, task: number | '*') => `aisb.${run}.cases.${task}`;
export const samplesConsumer = (task: number) => `task_${task}`;
export const resultsSubject = (run: string) => `aisb.${run}.answers.>`;
export const RESULTS_CONSUMER = 'coordinator';

/** A piece of a result; the pieces of one result share its id. */
export interface ResultPiece {
  readonly task: number;
  readonly n: number;
  /** Of the result: no other has it, not even another one of the same sample. */
  readonly id: string;
  /** Counted from 0. */
  readonly part: number;
  readonly parts: number;
}

/** The subject of a piece, which says what it is a piece of. */
export function pieceSubject(run: string, { task, n, id, part, parts }: ResultPiece): string {
  return `aisb.${run}.answers.${task}.${n}.${id}.${part}.${parts}`;
}

/** Reads `pieceSubject`. */
export function parsePiece(subject: string): ResultPiece {
  const [task, n, id = '', part, parts] = subject.split('.').slice(3);
  return { task: Number(task), n: Number(n), id, part: Number(part), parts: Number(parts) };
}

/** The code of a model of the plan, which every host that sends for it must hold. */
export interface ClassCode {
  /** Of the model. */
  readonly abbr: string;
  readonly className: string;
  /** The tool's version, and the shipped class or the hash of the user's code. */
  readonly hash: string;
}

/** Returns the code of each model of a plan. */
export function listCode({ models, datasets }: Pick<Plan, 'models' | 'datasets'>): ClassCode[] {
  const classes = models.map(({ abbr, modelClass }) => ({ abbr, ref: modelClass }));
  const arrivals = models.flatMap(({ abbr, arrival }) =>
    arrival.kind === 'own' ? [{ abbr: `${abbr}: arrival`, ref: arrival.function }] : [],
  );
  const inferencers = datasets.flatMap(({ abbr, inferencer }) =>
    inferencer === undefined ? [] : [{ abbr: `${abbr}: inferencer`, ref: inferencer }],
  );
  return [...classes, ...arrivals, ...inferencers].map(({ abbr, ref: { name, code = name } }) => ({
    abbr,
    className: name,
    hash: `ais_bench ${toolVersion()} ${code}`,
  }));
}
