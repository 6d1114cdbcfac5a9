import type { CaseAnswer } from '../sending/pull-task.ts';
import type { Connection } from './connect.ts';
import { removeStreams } from './queue.ts';
import { answersConsumer, answersStream, casesStream, pieceOf } from './queue-names.ts';
import { PieceTable } from './queue-pieces.ts';
import { type Handed, Puller } from './queue-pull.ts';

const READER = 'rest';
const AT_ONCE = 256;
/** What the server has, and does not hand out for so long, does not come. */
const PATIENCE_MS = 10_000;

/**
 * Hands on the answers that a run whose coordinator died left on the server, and removes the run from it; the cases first, so that
 * nobody takes another. Some were kept before the coordinator died. Resolves with how many there were.
 */
export async function takeRest(
  connection: Connection,
  run: string,
  keep: (answer: CaseAnswer) => Promise<void>,
): Promise<number> {
  const { streams } = connection.manager;
  await streams.delete(casesStream(run)).catch(() => {});
  const pieces = new PieceTable<Handed>();
  let answers = 0;
  for await (const handed of messagesOf(connection, run)) {
    const whole = await pieces.add(pieceOf(handed.subject), handed.data, handed);
    if (whole === undefined || 'deliveries' in whole.answer) continue;
    await keep(whole.answer);
    answers += 1;
  }
  return answers;
}

/** Nothing of the run stays on the server. To be called when what was taken is in the files. */
export const forget = removeStreams;

async function* messagesOf(connection: Connection, run: string): AsyncGenerator<Handed> {
  const { streams, consumers } = connection.manager;
  const stream = answersStream(run);
  const info = await streams.info(stream).catch(() => undefined);
  let left = info?.state.messages ?? 0;
  if (left === 0) return;
  // A reader that died holds what it was handed: the coordinator's, and that of one who was here before.
  for (const reader of [answersConsumer, READER]) await consumers.delete(stream, reader).catch(() => {});
  await consumers.add(stream, { durable_name: READER, ack_policy: 'explicit', max_ack_pending: -1 });
  const come: Handed[] = [];
  let wake = (): void => {};
  const puller = new Puller(connection, { stream, consumer: READER }, (handed) => {
    come.push(handed);
    wake();
  });
  try {
    puller.want(Math.min(AT_ONCE, left));
    for (; left > 0; left--) {
      if (come.length === 0) await orTimeout(new Promise<void>((resolve) => (wake = resolve)));
      const next = come.shift();
      if (next === undefined) return;
      if (left > AT_ONCE) puller.want(1);
      yield next;
    }
  } finally {
    puller.close();
  }
}

async function orTimeout(come: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([come, tired]);
  clearTimeout(timer);
}
