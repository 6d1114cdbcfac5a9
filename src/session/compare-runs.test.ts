/** Comparisons of run folders, one of them as version 7e3bceb wrote it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { said } from '../../test/support/said.ts';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import { encodeRecord } from '../contract/record-codec.ts';
import { summarize } from '../metrics/summary.ts';
import { performanceJson } from '../report/csv.ts';
import { compareRuns } from './compare-runs.ts';
import { openRun } from './open-run.ts';

const root = mkdtempSync(join(tmpdir(), 'ais-bench-compare-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const answers = [0, 100, 200].map((sent) =>
  sampleAnswer({
    sent,
    events: [
      ['content', sent + 5],
      ['content', sent + 50],
    ],
    input: 1,
    output: 2,
  }),
);

/** Writes a run folder; `files` beside its plan, records and report. */
async function run(name: string, mode: string, files: Record<string, unknown> = {}): Promise<string> {
  const summary = await summarize(answers, { concurrency: 1, planned: 4 });
  const all: Record<string, unknown> = {
    'configs/20261201_000000.json': { mode, models: [], datasets: [] },
    'performances/m/d.json': JSON.parse(performanceJson({ model: 'm', dataset: 'd', summary })),
    ...files,
  };
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  };
  for (const [path, content] of Object.entries(all)) put(path, JSON.stringify(content));
  put('performances/m/d_records.jsonl', answers.map((record) => `${encodeRecord(record)}\n`).join(''));
  return join(root, name);
}

/** A report of before there were findings. */
const OLD_REPORT = {
  ...{ verdict: 'NOT STEADY', reasons: ['3 requests are too few'], definitions: 2, model: 'm', dataset: 'd' },
  summary: {
    validity: { verdict: 'NOT STEADY', reasons: ['3 requests are too few'], client: [] },
    statistics: ['Average'],
    rows: [{ name: 'TTFT', unit: 'ms', n: 0, reason: 'not streamed' }],
    further: [{ name: 'Token ITL', unit: 'ms', n: 0 }],
    common: [{ name: 'Total Requests', value: 3, unit: '' }],
    steady: { steady: false, reasons: ['3 requests are too few'], trends: [] },
    notes: ['1 of 4 requests was not sent'],
  },
};

describe('what could spoil a comparison', () => {
  it('is said of either run: an accuracy run, continued, simulated', async () => {
    const plain = await run('plain', 'perf');
    const strange = await run('strange', 'all', {
      'configs/continued.json': [JSON.stringify(['m', 'd'])],
      'configs/served.json': { m: { simulated: true } },
    });
    const [one] = await compareRuns([plain, strange]);
    expect(said(one!.findings)).toEqual([
      'RUN-NOT-A-LOAD-TEST: B was an accuracy run, not a load test: its load is not checked against a target',
      'RUN-CONTINUED: B is a continued run: its throughputs are no measure of one load',
      'RUN-SIMULATED: B is SIMULATED: its answers and times are made up',
    ]);
    const [gated] = await compareRuns([plain, strange], {
      rules: [
        { text: 'finding:RUN-CONTINUED', code: 'RUN-CONTINUED' },
        { text: 'finding:NOT-SENT', code: 'NOT-SENT' },
        { text: 'finding:BUFFERED', code: 'BUFFERED' },
      ],
    });
    expect(gated!.rules.map(({ outcome }) => outcome)).toEqual(['broken', 'broken', 'kept']);
  });

  it('is said of a run that was imported, whose settings are not known', async () => {
    const imported = await run('imported', 'perf', { 'configs/imported.json': { tasks: [] } });
    const [one] = await compareRuns([await run('ours', 'perf'), imported]);
    expect(one!.findings.map(({ code }) => code)).toEqual(['RUN-IMPORTED', 'CONFIG-UNKNOWN']);
  });
});

it('a run of 7e3bceb is read: its sentences are notes, its rows have ids', async () => {
  const old = await run('old', 'perf', { 'performances/m/d.json': OLD_REPORT });
  const { tasks } = await openRun(old);
  const { summary } = tasks[0]!;
  expect(said(summary!.findings)).toEqual(['NOTE: 1 of 4 requests was not sent']);
  expect(said(summary!.validity.findings)).toEqual(['NOTE: 3 requests are too few']);
  expect(said(summary!.steady.reasons)).toEqual(['NOTE: 3 requests are too few']);
  expect([...summary!.rows, ...summary!.further, ...summary!.common].map(({ id }) => id)).toEqual([
    'ttft',
    'token_itl',
    'total_requests',
  ]);
  expect(summary!.rows[0]!.reason).toMatchObject({ code: 'NOTE', params: { text: 'not streamed' } });
  const [one] = await compareRuns([old, await run('new', 'perf')]);
  expect(one!.tasks[0]!.before.measured!.validity!.verdict).toBe('NOT STEADY');
});

it('a report is read back as it was written', async () => {
  const path = await run('again', 'perf');
  const { summary } = (await openRun(path)).tasks[0]!;
  const fresh = await summarize(answers, { concurrency: 1, planned: 4 });
  expect(summary!.findings).toEqual(fresh.findings);
  expect(summary!.validity).toEqual(fresh.validity);
  expect(summary!.common).toEqual(JSON.parse(JSON.stringify(fresh.common)));
});
