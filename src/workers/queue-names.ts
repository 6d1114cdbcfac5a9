/** Where the cases of a run and their answers lie on the NATS server, and for how long. */
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { Connection } from './connect.ts';

export const casesStream = (run: string) => `aisb_${run}_cases`;
export const answersStream = (run: string) => `aisb_${run}_answers`;

/** The cases of a task, and who hands them out. */
export const casesSubject = (run: string, task: number | '*') => `aisb.${run}.cases.${task}`;
export const casesConsumer = (task: number) => `task_${task}`;
export const answersConsumer = 'coordinator';

/** A piece of an answer; the pieces of one share its id. */
export interface Piece {
  readonly task: number;
  readonly n: number;
  /** Of the answer: no other has it, also none of the same case. */
  readonly id: string;
  /** Counted from 0. */
  readonly part: number;
  readonly parts: number;
}

const answersSubject = (run: string) => `aisb.${run}.answers.>`;

export function pieceSubject(run: string, { task, n, id, part, parts }: Piece): string {
  return `aisb.${run}.answers.${task}.${n}.${id}.${part}.${parts}`;
}

export function pieceOf(subject: string): Piece {
  const [task, n, id = '', part, parts] = subject.split('.').slice(3);
  return { task: Number(task), n: Number(n), id, part: Number(part), parts: Number(parts) };
}

const NANOSECONDS_A_MS = 1e6;
const DAY_MS = 24 * 60 * 60 * 1000;

export function nanoseconds(milliseconds: number): number {
  return milliseconds * NANOSECONDS_A_MS;
}

/** What a run that was killed left goes by itself after so long: until then `--reuse` finds it. */
const KEPT_MS = 7 * DAY_MS;

/**
 * Makes both streams where they are not there. A message is on disk when it was accepted, and gone when it was acknowledged.
 * Throws AGENT-STREAM-001 where the server keeps no streams.
 */
export async function makeStreams({ manager }: Connection, run: string): Promise<void> {
  const common = { retention: 'workqueue', storage: 'file', max_age: nanoseconds(KEPT_MS) } as const;
  try {
    await manager.streams.add({ ...common, name: casesStream(run), subjects: [casesSubject(run, '*')] });
    await manager.streams.add({ ...common, name: answersStream(run), subjects: [answersSubject(run)] });
  } catch (cause) {
    throw new AisBenchError('AGENT-STREAM-001', `the NATS server keeps no streams: ${messageOf(cause)}`, {
      where: '--nats',
      cure: 'start it with JetStream: nats-server -js -sd FOLDER',
      cause,
    });
  }
}
