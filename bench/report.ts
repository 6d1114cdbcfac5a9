/**
 * What the report of a large run costs: writes a records file of so many requests, reads it back and sums it up in a process of its own.
 *
 * `npm run build && jiti bench/report.ts [requests] [events a request] [tokens an event]`; 250000 64 64 is AISBench's largest documented
 * run, for which it takes 150 s and up to 64 GB. The limits hold for that size: 20 s and 1.5 GB;
 * seconds are those of the CPU, which a busy machine does not change.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [requests = 20_000, events = 64, tokens = 64] = process.argv.slice(2).map(Number);
const LARGEST = { seconds: 20, megabytes: 1536 };
/** In flight at once. */
const CONCURRENCY = 2500;
const DIST = new URL('../.cache/bench/src/', import.meta.url).href;

/** Reads, sums up and draws; prints its time and its largest resident memory. */
const REPORT = `
import { readRecords } from '${DIST}store/read-back.js';
import { RunSummary } from '${DIST}metrics/summary.js';
import { performanceTables } from '${DIST}report/performance.js';
import { renderTerminal } from '${DIST}report/terminal.js';
const [file] = process.argv.slice(1);
const begun = performance.now();
const run = new RunSummary({ concurrency: ${CONCURRENCY}, slos: { ttft: 2000, tpot: 50 } });
for await (const record of readRecords(file)) run.add(record);
const read = performance.now();
const summary = run.finish();
const text = renderTerminal(performanceTables({ model: 'm', dataset: 'd', summary }, { full: true }), summary.notes, { color: false });
console.log(text);
const itl = summary.rows.find(({ name }) => name === 'ITL');
console.log(JSON.stringify({
  seconds: (performance.now() - begun) / 1000,
  reading: (read - begun) / 1000,
  cpu: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  megabytes: process.resourceUsage().maxRSS / 1024,
  requests: summary.rows[0].n,
  gaps: itl.gaps,
  exact: itl.approximate !== true,
}));
`;

/** Requests take turns in CONCURRENCY slots; every event comes about 20 ms after the one before it. */
function line(n: number): string {
  const slot = n % CONCURRENCY;
  const round = Math.floor(n / CONCURRENCY);
  const gaps = Array.from({ length: events - 1 }, (_, i) => 20_000 + ((n * 31 + i * 17) % 1000));
  const length = gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
  const sent = round * (events * 21 + 600) + slot * 0.2;
  const ttft = 300 + (n % 200);
  return JSON.stringify({
    v: 1,
    call: { id: `c${n}`, model: 'm', dataset: 'd', index: n, repetition: 0 },
    attempt: 1,
    earlier: [],
    streamed: true,
    outcome: 'ok',
    finishReason: 'length',
    inputTokens: { value: 1024, source: 'server' },
    outputTokens: { value: events * tokens, source: 'server' },
    times: {
      scheduled: sent,
      sent: sent + 0.1,
      headers: sent + 1,
      events: { at: [Math.round(1000 * (sent + ttft)), ...gaps, 0, 0], kind: `${'c'.repeat(events)}fu` },
      done: sent + ttft + length + 0.5,
    },
  });
}

function write(path: string): void {
  const file = openSync(path, 'w');
  for (let n = 0; n < requests; n += 1000) {
    const lines = Array.from({ length: Math.min(1000, requests - n) }, (_, i) => `${line(n + i)}\n`);
    writeSync(file, lines.join(''));
  }
  closeSync(file);
}

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-report-'));
try {
  const path = join(folder, 'd_records.jsonl');
  write(path);
  const size = statSync(path).size / 2 ** 20;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', REPORT, path],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  const lines = stdout.trim().split('\n');
  const found = JSON.parse(lines.pop()!) as Record<string, number | boolean>;
  console.log(lines.join('\n'));
  console.log(
    `\n${requests} requests of ${events} events, ${tokens} tokens each; ${size.toFixed(0)} MB of records`,
  );
  console.log(found);
  const over = Number(found['cpu']) > LARGEST.seconds || Number(found['megabytes']) > LARGEST.megabytes;
  console.log(
    `limits of the largest run: ${LARGEST.seconds} s, ${LARGEST.megabytes} MB: ${over ? 'MISSED' : 'met'}`,
  );
  if (over) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
