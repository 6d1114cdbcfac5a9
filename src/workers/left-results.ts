import { plural } from '../basics/plural.ts';
import { LateAnswers } from '../sending/late-answers.ts';
import type { SampleResult } from '../sending/pull-task.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readWorkersFile } from '../store/workers-file.ts';
import { type Connection, connect, type NatsOptions } from './nats.ts';
import { PieceTable } from './pieces.ts';
import { parsePiece, RESULTS_CONSUMER, resultsStream, samplesStream } from './protocol.ts';
import { type Delivery, Puller } from './puller.ts';
import { removeStreams } from './sample-queue.ts';

/**
 * Writes the results that a run whose coordinator died left on its NATS server into the run's files. `nats`: how to reach it;
 * undefined: it only warns. Throws as `connect` and `LateAnswers.keep` do.
 */
export async function fetchLeftResults(
  folder: RunFolder,
  nats: Omit<NatsOptions, 'name'> | undefined,
): Promise<{ readonly said: readonly string[]; readonly warned: readonly string[] }> {
  const before = readWorkersFile(folder);
  if (before?.isOpen !== true) return { said: [], warned: [] };
  if (nats === undefined) return { said: [], warned: [NOT_FETCHED] };
  const { session } = before;
  const connection = await connect({ ...nats, name: `ais_bench ${session}` });
  const answers = new LateAnswers(folder);
  try {
    await takeLeft(connection, session, (result) => answers.keep(result));
    answers.close();
    await removeStreams(connection, session);
  } finally {
    await connection.close();
  }
  const { kept } = answers;
  const words = `${plural(kept, 'result of the session before was', 'results of the session before were')} still on the NATS server, and in the files now`;
  return { said: kept === 0 ? [] : [words], warned: [] };
}

const NOT_FETCHED =
  'this run was killed while remote workers sent: their last results may be on its NATS server (--nats fetches them)';

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
