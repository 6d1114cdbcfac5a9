import { plural } from '../basics/plural.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { RunRecord } from '../contract/record.ts';
import { decodeRecord } from '../contract/record-codec.ts';
import type { SampleResult } from '../sending/pull-task.ts';
import { LineAppender } from '../store/append.ts';
import { lastAttempts } from '../store/last-attempts.ts';
import { readRecords } from '../store/read-back.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readWorkersFile } from '../store/workers-file.ts';
import { type Connection, connect, type NatsOptions } from './nats.ts';
import { PieceTable } from './pieces.ts';
import { parsePiece, RESULTS_CONSUMER, resultsStream, samplesStream } from './protocol.ts';
import { type Delivery, Puller } from './puller.ts';
import { removeStreams } from './sample-queue.ts';

/**
 * Writes the results that a run whose coordinator died left on its NATS server into the run's files. `nats`: how to reach it;
 * undefined: it only warns. Throws as `connect` and `ResultFiles.keep` do.
 */
export async function fetchLeftResults(
  folder: RunFolder,
  nats: Omit<NatsOptions, 'name'> | undefined,
): Promise<{ readonly said: readonly string[]; readonly found: readonly Finding[] }> {
  const before = readWorkersFile(folder);
  if (before?.isOpen !== true) return { said: [], found: [] };
  if (nats === undefined) return { said: [], found: [finding('RESULTS-NOT-FETCHED', {})] };
  const { session } = before;
  const connection = await connect({ ...nats, name: `ais_bench ${session}` });
  const answers = new ResultFiles(folder);
  try {
    await takeLeft(connection, session, (result) => answers.keep(result));
    answers.close();
    await removeStreams(connection, session);
  } finally {
    await connection.close();
  }
  const { kept } = answers;
  const words = `${plural(kept, 'result of the session before was', 'results of the session before were')} still on the NATS server, and in the files now`;
  return { said: kept === 0 ? [] : [words], found: [] };
}

const READER = 'rest';
const AT_ONCE = 256;
/** A result that the server has, and does not deliver for so long, is not to be had. */
const DELIVERY_MS = 10_000;

/**
 * Passes on the results that a run whose coordinator died left on the server, and removes its samples first, so that no worker takes
 * another. Some were kept before the coordinator died. Resolves with how many there were.
 */
export async function takeLeft(
  connection: Connection,
  run: string,
  keep: (result: SampleResult) => Promise<void>,
): Promise<number> {
  const { streams } = connection.manager;
  await streams.delete(samplesStream(run)).catch(() => {});
  const pieces = new PieceTable<Delivery>();
  let results = 0;
  for await (const delivery of deliveries(connection, run)) {
    const whole = await pieces.add(parsePiece(delivery.subject), delivery.data, delivery);
    if (whole === undefined || 'deliveries' in whole.result) continue;
    await keep(whole.result);
    results += 1;
  }
  return results;
}

async function* deliveries(connection: Connection, run: string): AsyncGenerator<Delivery> {
  const { streams, consumers } = connection.manager;
  const stream = resultsStream(run);
  const info = await streams.info(stream).catch(() => undefined);
  let left = info?.state.messages ?? 0;
  if (left === 0) return;
  // A reader that died holds what was delivered to it: the coordinator, and an earlier call of this function.
  for (const reader of [RESULTS_CONSUMER, READER]) await consumers.delete(stream, reader).catch(() => {});
  await consumers.add(stream, { durable_name: READER, ack_policy: 'explicit', max_ack_pending: -1 });
  const arrived: Delivery[] = [];
  let wake = (): void => {};
  const puller = new Puller(connection, { stream, consumer: READER }, (delivery) => {
    arrived.push(delivery);
    wake();
  });
  try {
    puller.want(Math.min(AT_ONCE, left));
    for (; left > 0; left--) {
      if (arrived.length === 0) await orTimeout(new Promise<void>((resolve) => (wake = resolve)));
      const next = arrived.shift();
      if (next === undefined) return;
      if (left > AT_ONCE) puller.want(1);
      yield next;
    }
  } finally {
    puller.close();
  }
}

async function orTimeout(arrival: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DELIVERY_MS);
  });
  await Promise.race([arrival, timeout]);
  clearTimeout(timer);
}

/** The files of one task, and their contents. */
interface TaskFilesOnDisk {
  readonly transcripts: LineAppender;
  readonly records: LineAppender;
  /** Samples whose last attempt was answered: further results are dropped. */
  readonly answered: Set<string>;
  /** Attempts that failed. */
  readonly failed: Set<string>;
}

/** Adds results to the files of a run that has ended; a sample that has an answer keeps it. */
export class ResultFiles {
  readonly #folder: RunFolder;
  readonly #tasks = new Map<string, TaskFilesOnDisk>();
  /** Results that the files did not have. */
  kept = 0;

  constructor(folder: RunFolder) {
    this.#folder = folder;
  }

  /** Adds the result of a sample. Throws RUN-DATA-001 for what is no result, and for a file that is broken; RUN-FILE-001. */
  async keep({ n, transcripts, records }: SampleResult): Promise<void> {
    const read = records.map((line) => decodeRecord(line, `the result of sample ${n}`));
    const first = read[0];
    if (first === undefined) return;
    const task = await this.#openTask(first);
    if (task.answered.has(first.call.id) || read.some((record) => task.failed.has(attemptKey(record))))
      return;
    note(task, read);
    for (const line of transcripts) task.transcripts.append(line);
    for (const line of records) task.records.append(line);
    this.kept += 1;
  }

  /** Writes everything that was kept. */
  close(): void {
    for (const { records, transcripts } of this.#tasks.values()) {
      records.close();
      transcripts.close();
    }
  }

  async #openTask({ call: { model, dataset } }: RunRecord): Promise<TaskFilesOnDisk> {
    const name = JSON.stringify([model, dataset]);
    const opened = this.#tasks.get(name);
    if (opened !== undefined) return opened;
    const { redact } = this.#folder;
    const path = this.#folder.records(model, dataset);
    const transcripts = new LineAppender(this.#folder.predictions(model, dataset), redact);
    const records = new LineAppender(path, redact, transcripts);
    const task = { transcripts, records, answered: new Set<string>(), failed: new Set<string>() };
    for await (const record of lastAttempts(() => readRecords(path))) note(task, [record]);
    this.#tasks.set(name, task);
    return task;
  }
}

/** Notes the records of one attempt, one by one or all at once. */
function note({ answered, failed }: TaskFilesOnDisk, records: readonly RunRecord[]): void {
  for (const record of records) if (record.outcome === 'failed') failed.add(attemptKey(record));
  const [{ call }] = records as [RunRecord];
  const isFailed = records.some(({ outcome }) => outcome === 'failed');
  if (isFailed) answered.delete(call.id);
  else answered.add(call.id);
}

/** Names an attempt: two attempts of a sample are sent at different moments. */
function attemptKey({ call: { id }, times: { sent, done } }: RunRecord): string {
  return `${id} ${sent} ${done}`;
}
