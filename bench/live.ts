/**
 * What the live view costs a run: the load engine's own bench with and without all that a terminal and `--live` do beside it, in turn,
 * in two processes that send to the same server.
 *
 *   npm run bench:live [-- --streams N --seconds N --rounds N]
 *
 * Two figures: the CPU of all that the live view did, measured by doing it again many times over, as a share of the run's CPU, on which the limit is, and the CPU with it as a multiple of the
 * CPU without it, round by round: that one differs by more than the live view costs from round to round. It ends with 1 where the limit is
 * missed.
 */
import { parseArgs } from 'node:util';
import { withProcesses } from './load/processes.ts';
import { median, rounds, row, title } from './load/table.ts';
import type { ClientReport } from './load/wire.ts';

const EVENTS_PER_SECOND = 100;
const KINDS = ['tool', 'live'] as const;

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '256' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
  },
});
const [streams, seconds, count] = [values.streams, values.seconds, values.rounds].map(Number) as [
  number,
  number,
  number,
];
const events = seconds * EVENTS_PER_SECOND;
title(
  `${streams} streams × ${EVENTS_PER_SECOND} events/s, ${events} events a stream, with and without a live view`,
);

const reports: Record<(typeof KINDS)[number], ClientReport[]> = { tool: [], live: [] };
await withProcesses(2, async (server, tool, live) => {
  const clients = { tool: tool!, live: live! };
  const order = { shape: 'spread', eventsPerSecond: EVENTS_PER_SECOND, events, streams } as const;
  for (let round = 0; round <= count; round++) {
    for (const kind of round % 2 === 0 ? KINDS : [...KINDS].reverse()) {
      const report = await server.measure(clients[kind], order, { kind, streams });
      // In the first round V8 compiles.
      if (round > 0) reports[kind].push(report);
    }
  }
});
const cpu = ({ user, system }: ClientReport) => user + system;
for (const kind of KINDS) rounds(`${kind}, CPU s`, reports[kind].map(cpu));
rounds(
  'with / without',
  reports.live.map((report, n) => cpu(report) / cpu(reports.tool[n]!)),
  3,
);
const shares = reports.live.map((report) => (100 * report.liveMs!) / 1000 / cpu(report));
rounds('inside the live view, %', shares, 3);
if (!row('  of the CPU of the run', median(shares), '%', 1)) process.exitCode = 1;
