/** Many live streams: none lost, little memory. Every 15,000 of them have a client and a server of their own, for want of descriptors. */
import type { ServerReport } from '../../src/selftest/truth-server.ts';
import { withProcesses } from './processes.ts';
import { type BenchFlags, row, title } from './table.ts';
import type { ClientReport } from './wire.ts';

const EVENTS_PER_SECOND = 1;
const MOST_A_PROCESS = 15_000;
const MOST_RSS_MB = 300;
const MEASURED_STREAMS = 10_000;

export async function measureStreams({ streams = MEASURED_STREAMS, seconds = 10 }: BenchFlags) {
  const events = Math.round(seconds * EVENTS_PER_SECOND);
  const processes = Math.ceil(streams / MOST_A_PROCESS);
  const each = Math.ceil(streams / processes);
  title(`${streams} live streams in ${processes} client process(es), ${events} events a stream`);
  const found = await Promise.all(Array.from({ length: processes }, () => once(each, events)));
  const sum = (of: (one: (typeof found)[number]) => number) => found.reduce((all, one) => all + of(one), 0);
  const rss = Math.max(...found.map(({ client }) => Math.max(...client.rssMb)));
  const rows = [
    row(
      '  live at once, by the server’s count',
      sum(({ server }) => server.peak),
      '',
      streams,
      false,
    ),
    row(
      '  complete replies',
      sum(({ client }) => client.requests),
      '',
      streams,
      false,
    ),
    row(
      '  events that came, of those that were sent',
      sum(({ client }) => client.events) / (streams * (events + 3)),
      '',
      1,
      false,
    ),
  ];
  const limit = each <= MEASURED_STREAMS ? MOST_RSS_MB : Number.POSITIVE_INFINITY;
  rows.push(row('  largest resident memory of a client', rss, 'MB', limit));
  return rows.every(Boolean);
}

function once(streams: number, events: number): Promise<{ client: ClientReport; server: ServerReport }> {
  return withProcesses(1, async (server, client) => {
    const answer = { shape: 'spread', eventsPerSecond: EVENTS_PER_SECOND, events, streams } as const;
    const report = await server.measure(client!, answer, { kind: 'tool', streams });
    return { client: report, server: await server.report() };
  });
}
