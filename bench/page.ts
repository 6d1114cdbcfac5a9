/**
 * What the report page of a large run costs: makes such a run from the record codec, its page, and opens that in Chromium from disk.
 *
 * `npm run build && jiti bench/page.ts [requests] [events a request]`; 250000 64 is AISBench's largest documented run. The limits hold
 * for that size: 25 MB, and 2 s from the navigation until the first screen is drawn; cards below it follow while the browser is idle. CHROMIUM names the browser (default: chromium).
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { RunRecord } from '../src/contract/record.ts';
import { decodeRecord } from '../src/contract/record-codec.ts';
import { RunSummary } from '../src/metrics/summary.ts';
import { renderPage } from '../src/report/page/render.ts';
import { PageRequests } from '../src/report/page/requests.ts';
import { taskPart } from '../src/report/page/run-page.ts';
import { randomFrom } from '../test/support/page-states.ts';

const [requests = 250_000, events = 64] = process.argv.slice(2).map(Number);
const LIMITS = { megabytes: 25, seconds: 2 };
/** In flight at once, and openings of which the median counts. */
const [CONCURRENCY, OPENINGS] = [2500, 5];

/** A closed loop whose times are random to the microsecond, as those of a real run are: nothing of it deflates by being regular. */
function* records(): Generator<RunRecord> {
  const random = randomFrom(5);
  const free = new Float64Array(CONCURRENCY);
  for (let n = 0; n < requests; n++) {
    const slot = n % CONCURRENCY;
    const sent = 100 + free[slot]! + random();
    const ttft = 200 + 400 * random() ** 2;
    const gaps = Array.from({ length: events - 1 }, () => Math.round(1000 * (12 + 16 * random() ** 3)));
    const done = sent + ttft + gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
    free[slot] = done - 100;
    const failed = random() < 0.001;
    const common = {
      v: 1,
      call: { id: `c${n}`, model: 'm', dataset: 'd', index: n, repetition: 0 },
      attempt: 1,
      earlier: [],
      streamed: true,
    };
    const times = { scheduled: sent - random() / 5, sent, headers: sent + 1, done };
    const packed = { at: [Math.round(1000 * (sent + ttft)), ...gaps, 0], kind: `${'c'.repeat(events)}f` };
    const line = failed
      ? { ...common, outcome: 'failed', failure: { kind: 'timeout', message: 'no byte for 60 s' }, times }
      : {
          ...common,
          outcome: 'ok',
          inputTokens: { value: 200 + Math.floor(3000 * random()), source: 'server' },
          outputTokens: { value: events + Math.floor(events * 20 * random()), source: 'server' },
          times: { ...times, events: packed },
        };
    yield decodeRecord(JSON.stringify(line), `bench:${n}`);
  }
}

function page(): string {
  const run = new RunSummary({ concurrency: CONCURRENCY, slos: { ttft: 2000, tpot: 50 } });
  const columns = new PageRequests();
  for (const record of records()) {
    run.add(record);
    columns.add(record);
  }
  const of = { model: 'm', dataset: 'd' };
  const begun = process.cpuUsage();
  const task = taskPart({ ...of, performance: { ...of, summary: run.finish() }, requests: columns });
  const template = readFileSync(new URL('../dist/viewer/page.html', import.meta.url), 'utf8');
  const payload = { name: 'bench', version: '0', tasks: [task] };
  const html = renderPage(template, { kind: 'run', title: 'bench', payload });
  const { user, system } = process.cpuUsage(begun);
  console.log(`summed up, packed and written in ${((user + system) / 1e6).toFixed(1)} s of CPU`);
  return html;
}

interface Opening {
  /** Milliseconds from the navigation until the first screen was drawn, and until every card was. */
  readonly first: number;
  readonly all: number;
  /** What the page asked for, itself included. */
  readonly asked: number;
}

const ALL_DRAWN = `(async () => {
  while (document.querySelector('.waiting')) await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now();
})()`;

async function open(path: string): Promise<Opening> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    let asked = 0;
    tab.on('request', () => (asked += 1));
    await tab.goto(pathToFileURL(path).href, { waitUntil: 'commit' });
    await tab.locator('html[data-drawn]').waitFor({ state: 'attached' });
    const first = (await tab.evaluate('Number(document.documentElement.dataset.drawn)')) as number;
    return { first, all: (await tab.evaluate(ALL_DRAWN)) as number, asked };
  } finally {
    await browser.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-page-'));
try {
  const path = join(folder, 'report.html');
  writeFileSync(path, page());
  const megabytes = statSync(path).size / 1e6;
  const openings: Opening[] = [];
  for (let n = 0; n < OPENINGS; n++) openings.push(await open(path));
  const asked = openings.reduce((sum, one) => sum + one.asked, 0);
  const seconds = (of: 'first' | 'all') => openings.map((one) => one[of] / 1000).sort((a, b) => a - b);
  const list = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(', ');
  console.log(`${requests} requests of ${events} events: ${megabytes.toFixed(2)} MB`);
  console.log(`first screen after ${list(seconds('first'))} s, every card after ${list(seconds('all'))} s`);
  const median = seconds('first')[Math.floor(OPENINGS / 2)]!;
  const missed = megabytes > LIMITS.megabytes || median > LIMITS.seconds || asked !== OPENINGS;
  const words = `${LIMITS.megabytes} MB, ${LIMITS.seconds} s to the first screen (median), no request but the file itself`;
  console.log(`limits: ${words}: ${missed ? 'MISSED' : 'met'}`);
  if (missed) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
