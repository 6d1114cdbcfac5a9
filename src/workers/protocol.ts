/** What coordinator and agents say to each other over NATS, and where. */

/** Of what stands in this file; another one is refused. */
export const PROTOCOL = 1;

/** An agent tells that it is there: when it starts, when it is free again, and when it is asked. */
export interface Greeting {
  readonly protocol: number;
  /** Names the process; no other has it. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly host: string;
  /** Of the tool. */
  readonly version: string;
  /** Processes that it can let send. */
  readonly workers: number;
  /** The run that it works for. */
  readonly run?: string;
}

/** A coordinator asks an agent to work for its run. */
export interface Invitation {
  readonly protocol: number;
  readonly version: string;
  readonly run: string;
  /** ms without a word after which each counts the other as lost. */
  readonly silenceMs: number;
}

export type Acceptance =
  | { readonly refused: string }
  /** Its clock's reading less its monotonic clock's, ms. */
  | { readonly shiftMs: number };

/** From the coordinator; what the workers are told is the command's business. */
export type ToAgent =
  | { readonly worker: number; readonly order: unknown }
  /** The run is over: end the workers, be free. */
  | { readonly over: true };

/** From an agent. */
export type ToCoordinator =
  /** `files`: what the worker's files came to, bytes by their path below the run's folder, where the report is about them. */
  | { readonly worker: number; readonly report: unknown; readonly files?: Readonly<Record<string, number>> }
  | { readonly worker: number; readonly gone: string };

/** A name that can be part of a subject. */
export const SUBJECT_NAME = /^[\w-]{1,64}$/;

/** Who is asked to tell that it is there. */
export const helloSubject = (group: string) => `aisb.${group}.hello`;
export const hereSubject = (group: string) => `aisb.${group}.here`;
export const inviteSubject = (group: string, agent: string) => `aisb.${group}.invite.${agent}`;

export const ordersSubject = (run: string, agent: string) => `aisb.${run}.${agent}.orders`;
export const reportsSubject = (run: string, agent: string) => `aisb.${run}.${agent}.reports`;
export const pingsSubject = (run: string, agent: string) => `aisb.${run}.${agent}.pings`;

/** Files of a run's agents, as a stream: a subject an agent. */
export const filesStream = (run: string) => `aisb_${run}_files`;
export const filesSubject = (run: string, agent: string) => `aisb.${run}.files.${agent}`;
