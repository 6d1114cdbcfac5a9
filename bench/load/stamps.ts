/** Stamp error: arrival as the client stamps it less the time of the write in the server's log. */
import { runClient, type Server, startServer } from './processes.ts';
import { type BenchFlags, quantile, row } from './table.ts';
import type { ClientOrder, ServerOrder } from './wire.ts';

const EVENTS_PER_SECOND = 100;

export async function measureStamps(flags: BenchFlags): Promise<boolean> {
  const { streams = 512, seconds = 10, rounds = 3 } = flags;
  const events = Math.round(seconds * EVENTS_PER_SECOND);
  const server = await startServer();
  try {
    console.log(
      `\nStamp error in ms: ${streams} streams × ${EVENTS_PER_SECOND} events/s, ${events} events each`,
    );
    const spread = await best(rounds, () => errors(server, 'tool', 'spread', streams, events));
    const step = await best(rounds, () => errors(server, 'tool', 'step', streams, events));
    const bare = await best(rounds, () => errors(server, 'bare', 'step', streams, events));
    const ratio = quantile(step, 0.5) / quantile(bare, 0.5);
    return [
      row('  phases spread: median', quantile(spread, 0.5), 'ms', 0.2),
      row('  phases spread: p99', quantile(spread, 0.99), 'ms', 1),
      row('  all in step: median, as a multiple of the bare socket', ratio, '×', 1.5),
      row(
        '  all in step: p99, as a multiple of the bare socket',
        quantile(step, 0.99) / quantile(bare, 0.99),
        '×',
        1.5,
      ),
    ].every(Boolean);
  } finally {
    await server.stop();
  }
}

/** The round with the smallest p99: what else runs on the machine only adds. */
async function best(rounds: number, measure: () => Promise<Float64Array>): Promise<Float64Array> {
  let least: Float64Array | undefined;
  for (let round = 0; round < rounds; round++) {
    const values = await measure();
    if (least === undefined || quantile(values, 0.99) < quantile(least, 0.99)) least = values;
  }
  return least!;
}

async function errors(
  server: Server,
  kind: ClientOrder['kind'],
  shape: ServerOrder['shape'],
  streams: number,
  events: number,
): Promise<Float64Array> {
  await server.order({ shape, eventsPerSecond: EVENTS_PER_SECOND, events, streams, logged: true });
  const order = { kind, port: server.port, streams, requests: streams, events, stamped: true };
  const { stamps, failed, firstFailure } = await runClient(order);
  if (failed > 0) throw new Error(`${failed} requests failed: ${firstFailure}`);
  const { log } = await server.report();
  const sent = floats(log);
  const found: number[] = [];
  for (let n = 0; n < streams; n++) {
    const arrived = floats(stamps[n]!);
    // The first event is the role, which is sent on request and not on schedule.
    for (let k = 0; k < events; k++) found.push(arrived[k + 1]! - sent[n * events + k]!);
  }
  return Float64Array.from(found);
}

function floats(base64: string): Float64Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
