/** CPU of the whole tool as a multiple of a bare raw socket's, per event of long streams and per short request. */
import type { ServerOrder } from '../../src/selftest/truth-server.ts';
import { withProcesses } from './processes.ts';
import { type BenchFlags, median, rounds, row, title } from './table.ts';
import type { ClientReport } from './wire.ts';

const EVENTS_PER_SECOND = 100;
/** Of a stream that comes as fast as it is read: so many that what a request costs besides is little beside them. */
const FLAT_EVENTS = 2000;
const KINDS = ['bare', 'tool'] as const;
type Kind = (typeof KINDS)[number];
type Costs = Readonly<Record<Kind, ClientReport[]>>;

export async function measurePaced({ streams = 512, seconds = 10, ...flags }: BenchFlags): Promise<boolean> {
  const events = Math.round(seconds * EVENTS_PER_SECOND);
  const order = { shape: 'spread', eventsPerSecond: EVENTS_PER_SECOND, events, streams } as const;
  title(`${streams} streams × ${EVENTS_PER_SECOND} events/s, one event a read, ${events} events a stream`);
  return perEvent(await inTurns(order, { streams, ...flags }), 1.25);
}

export async function measureFlat({ streams = 512, ...flags }: BenchFlags): Promise<boolean> {
  const order = { shape: 'flat', eventsPerSecond: 1, events: FLAT_EVENTS } as const;
  title(`${streams} streams as fast as they are read, ${FLAT_EVENTS} events a stream`);
  return perEvent(await inTurns(order, { streams, ...flags }), 1.3);
}

export async function measureRequests({
  streams = 64,
  requests = 5000,
  ...flags
}: BenchFlags): Promise<boolean> {
  const order = { shape: 'instant', eventsPerSecond: 1, events: 1 } as const;
  title(`What a request costs besides its events: ${requests} replies of one event, ${streams} in flight`);
  const costs = await inTurns(order, { streams, requests, ...flags });
  for (const kind of KINDS) {
    const cpu = costs[kind].map(({ user, system, requests }) => (1e6 * (user + system)) / requests);
    rounds(`${kind}, CPU µs a request`, cpu, 0);
  }
  return true;
}

/** The kinds in turn, in changing order, each in one process; the first round, in which V8 compiles, does not count. */
async function inTurns(
  order: ServerOrder,
  { streams, requests, rounds: count = 5 }: BenchFlags & { readonly streams: number },
): Promise<Costs> {
  const costs: Costs = { bare: [], tool: [] };
  await withProcesses(2, async (server, bare, tool) => {
    const clients = { bare: bare!, tool: tool! };
    for (let round = 0; round <= count; round++) {
      for (const kind of round % 2 === 0 ? KINDS : [...KINDS].reverse()) {
        const load = { kind, streams, ...(requests === undefined ? {} : { requests }) };
        const report = await server.measure(clients[kind], order, load);
        if (round > 0) costs[kind].push(report);
      }
    }
  });
  return costs;
}

function perEvent(costs: Costs, limit: number): boolean {
  const perMillion = (kind: Kind, of: (report: ClientReport) => number) =>
    costs[kind].map((report) => (1e6 * of(report)) / report.events);
  const all = (report: ClientReport) => report.user + report.system;
  for (const kind of KINDS) {
    rounds(`${kind}, CPU s per million events`, perMillion(kind, all));
    rounds(
      '  of it user',
      perMillion(kind, ({ user }) => user),
    );
    rounds(
      '  share of events in a shared read',
      perMillion(kind, ({ shared }) => shared / 1e6),
    );
  }
  const bare = perMillion('bare', all);
  const ratios = perMillion('tool', all).map((cost, n) => cost / bare[n]!);
  rounds('tool / bare', ratios);
  return row('  the tool, as a multiple of the bare socket', median(ratios), '×', limit);
}
