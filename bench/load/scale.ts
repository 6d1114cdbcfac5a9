/** AISBench's largest documented run, 250,000 requests × 4,096 tokens, or a part of it: memory while it runs, then its report. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withProcesses } from './processes.ts';
import { type BenchFlags, row, title } from './table.ts';

const EVENTS = 64;
const TOKENS_AN_EVENT = 64;
const MOST_RSS_MB = 1500;
const LONGEST_REPORT_S = 20;
/** What memory may grow by from the first half of the load to the second: V8's heap breathes, but it does not follow the load. */
const MOST_GROWTH_MB = 100;

export async function measureScale({ requests = 5000, streams = 500 }: BenchFlags): Promise<boolean> {
  title(`${requests} requests × ${EVENTS} events of ${TOKENS_AN_EVENT} tokens, ${streams} in flight`);
  return withProcesses(1, async (server, client) => {
    const answer = { shape: 'instant', eventsPerSecond: 1, events: EVENTS, words: TOKENS_AN_EVENT } as const;
    const { rssMb, wallSeconds, events } = await server.measure(client!, answer, {
      kind: 'tool',
      streams,
      requests,
    });
    const most = (values: readonly number[]) => Math.max(...values);
    const half = Math.ceil(rssMb.length / 2);
    console.log(
      `  sent in ${wallSeconds.toFixed(1)} s, ${(events / wallSeconds / 1000).toFixed(0)} thousand events/s`,
    );
    const report = reportOf(`${client!.folder}/records.jsonl`, streams);
    return [
      row('  events that came, of those that were sent', events / (requests * (EVENTS + 3)), '', 1, false),
      row('  largest resident memory of the client', most(rssMb), 'MB', MOST_RSS_MB),
      row(
        '  the same, second half less first',
        most(rssMb.slice(half)) - most(rssMb.slice(0, half)),
        'MB',
        MOST_GROWTH_MB,
      ),
      row('  requests in the report', report.requests, '', requests, false),
      row('  the report takes', report.seconds, 's', LONGEST_REPORT_S),
      row('  largest resident memory of the report', report.rssMb, 'MB', MOST_RSS_MB),
    ].every(Boolean);
  });
}

interface Report {
  readonly seconds: number;
  readonly rssMb: number;
  readonly requests: number;
}

function reportOf(records: string, concurrency: number): Report {
  const script = fileURLToPath(new URL('./report.js', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, records, String(concurrency)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}
