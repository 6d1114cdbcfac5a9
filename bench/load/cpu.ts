/** CPU seconds per million events: the tool, undici under the same tool, and a bare raw socket, in turn. */
import { runClient, type Server, startServer } from './processes.ts';
import { type BenchFlags, median, row } from './table.ts';
import type { ClientOrder, ServerOrder } from './wire.ts';

const EVENTS_PER_SECOND = 100;
const KINDS = ['bare', 'tool', 'undici'] as const;
const LIMITS = { spread: 1.25, flat: 1.3 } as const;

export async function measureCpu(flags: BenchFlags): Promise<boolean> {
  const server = await startServer();
  try {
    const paced = await measure(server, 'spread', { seconds: 20, ...flags });
    const flat = await measure(server, 'flat', { seconds: 40, ...flags });
    return paced && flat;
  } finally {
    await server.stop();
  }
}

async function measure(server: Server, shape: 'spread' | 'flat', flags: BenchFlags): Promise<boolean> {
  const { streams = 512, seconds = 20, rounds = 3 } = flags;
  const events = Math.round(seconds * EVENTS_PER_SECOND);
  const costs: Record<(typeof KINDS)[number], number[]> = { bare: [], tool: [], undici: [] };
  for (let round = 0; round < rounds; round++) {
    for (const kind of KINDS) costs[kind].push(await costOf(server, kind, shape, streams, events));
  }
  const words = shape === 'flat' ? 'as fast as it is read' : `${EVENTS_PER_SECOND} events/s each, one a read`;
  console.log(
    `\nCPU seconds per million events: ${streams} streams, ${words}, ${events} events each, rounds in turn`,
  );
  for (const kind of KINDS) {
    const values = costs[kind].map((value) => value.toFixed(2)).join('  ');
    console.log(`  ${kind.padEnd(8)}${median(costs[kind]).toFixed(2).padStart(7)}   (${values})`);
  }
  const ratio = (kind: 'tool' | 'undici') => median(costs[kind].map((cost, n) => cost / costs.bare[n]!));
  console.log(`  undici under the same tool: ${ratio('undici').toFixed(2)} × the bare socket`);
  return row(`  the tool, as a multiple of the bare socket`, ratio('tool'), '×', LIMITS[shape]);
}

async function costOf(
  server: Server,
  kind: ClientOrder['kind'],
  shape: ServerOrder['shape'],
  streams: number,
  events: number,
): Promise<number> {
  await server.order({ shape, eventsPerSecond: EVENTS_PER_SECOND, events, streams, logged: false });
  const order = { kind, port: server.port, streams, requests: streams, events, stamped: false };
  const report = await runClient(order);
  if (report.failed > 0) throw new Error(`${report.failed} requests failed: ${report.firstFailure}`);
  return (report.cpuSeconds / report.events) * 1e6;
}
