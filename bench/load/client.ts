/** The client process of the load bench: does what its parent orders and measures itself. */
import type { RunRecord } from '../../src/record.ts';
import { runBare } from './bare-client.ts';
import { runTool } from './tool-client.ts';
import type { ClientOrder, ClientReport } from './wire.ts';

/** The machine's monotonic clock in ms, the one that the server stamps with. */
const offset = (() => {
  let best = Number.POSITIVE_INFINITY;
  let difference = 0;
  for (let n = 0; n < 100; n++) {
    const before = performance.now();
    const [seconds, nanoseconds] = process.hrtime();
    const after = performance.now();
    if (after - before < best) {
      best = after - before;
      difference = seconds * 1000 + nanoseconds / 1e6 - (before + after) / 2;
    }
  }
  return difference;
})();
const clock = (): number => performance.now() + offset;

process.on('message', async (order: ClientOrder | 'stop') => {
  if (order === 'stop') return process.disconnect();
  process.send?.(await measured(order));
});
process.send?.('ready');

async function measured(order: ClientOrder): Promise<ClientReport> {
  globalThis.gc?.();
  let peakRss = 0;
  const watch = setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }, 100);
  const started = performance.now();
  const before = process.cpuUsage();
  const result = order.kind === 'bare' ? await runBare(order, clock) : await runTool(order, clock);
  const { user, system } = process.cpuUsage(before);
  clearInterval(watch);
  const records = 'records' in result ? result.records : [];
  const failures = records.filter((record) => record.outcome === 'failed');
  const stamps = 'stamps' in result ? result.stamps : order.stamped ? arrivalsOf(records) : [];
  return {
    cpuSeconds: (user + system) / 1e6,
    wallSeconds: (performance.now() - started) / 1000,
    events: result.events,
    failed: failures.length,
    firstFailure: failures[0]?.outcome === 'failed' ? failures[0].failure.message : undefined,
    peakRssMb: peakRss / 1e6,
    refillMs: refills(records, order),
    stamps: stamps.map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength).toString('base64')),
  };
}

function arrivalsOf(records: readonly RunRecord[]): Float64Array[] {
  return [...records]
    .sort((a, b) => a.call.index - b.call.index)
    .map(({ times }) => times.events?.at ?? new Float64Array());
}

/** A slot that becomes free is refilled by the next request: from the end of the one to the sending of the other. */
function refills(records: readonly RunRecord[], { streams }: ClientOrder): number[] {
  const ends = records.map(({ times }) => times.done ?? 0).sort((a, b) => a - b);
  const sent = records.map(({ times }) => times.sent ?? 0).sort((a, b) => a - b);
  return sent.slice(streams).map((at, n) => at - ends[n]!);
}
