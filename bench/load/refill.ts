/** A closed loop of short replies: how long a slot stays empty, and how many requests the server really had at once. */
import { runClient, startServer } from './processes.ts';
import { type BenchFlags, median, row } from './table.ts';

/** What a reply takes at the server: 50 ms. */
const REPLIES_PER_SECOND = 20;
/** Share of the asked concurrency that must be held, and ms that a slot may be empty. */
const LEAST_HELD = 0.95;
const MOST_EMPTY_MS = 0.5;

export async function measureRefill(flags: BenchFlags): Promise<boolean> {
  const { streams = 64, seconds = 10 } = flags;
  const requests = Math.round(streams * seconds * REPLIES_PER_SECOND);
  const server = await startServer();
  try {
    await server.order({ shape: 'pause', eventsPerSecond: REPLIES_PER_SECOND, events: 1, logged: false });
    const order = { kind: 'tool', port: server.port, streams, requests, events: 1, stamped: false } as const;
    const { refillMs, failed, firstFailure, wallSeconds } = await runClient(order);
    const { meanHeld } = await server.report();
    if (failed > 0) throw new Error(`${failed} requests failed: ${firstFailure}`);
    console.log(
      `\nRefilling slots: ${streams} in flight, ${requests} replies of 50 ms (${wallSeconds.toFixed(1)} s)`,
    );
    return [
      row('  a free slot is filled after, median', median(refillMs), 'ms', MOST_EMPTY_MS),
      row(
        '  concurrency held, by the server’s count, of the asked',
        meanHeld / streams,
        '',
        LEAST_HELD,
        false,
      ),
    ].every(Boolean);
  } finally {
    await server.stop();
  }
}
