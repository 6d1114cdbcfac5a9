import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import { encodeRecord } from '../contract/record-codec.ts';
import { measureTask } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-measure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const records = join(folder, 'd_records.jsonl');
writeFileSync(records, `${encodeRecord(sampleAnswer({ done: 5, input: 1, output: 1 }))}\n`);

/** The findings that say how the run was made, and no number of it. */
async function codesOf(result: object, model: object = {}): Promise<string[]> {
  const named = {
    abbr: 'm',
    attr: 'service',
    concurrency: 1,
    connection: {},
    arrival: { kind: 'closed' },
    ...model,
  };
  const task = { model: named, dataset: { abbr: 'd' }, source: { model: named } };
  const files = {
    records: [records],
    predictions: join(folder, 'd.jsonl'),
    ...(result as { files?: object }).files,
  };
  const { summary } = await measureTask(
    { mode: 'all', load: {} } as never,
    { task, outcome: {}, simulated: false, ...result, files } as never,
    {},
    { workers: undefined, alsoTo: () => {} },
  );
  return summary.findings.map(({ code }) => code);
}

it.each([
  [[], {}, {}],
  [['SIMULATED'], { simulated: true }, {}],
  [['CONTINUED'], { files: { continued: true } }, {}],
  [['INSECURE'], {}, { connection: { tls: { insecure: true } } }],
  [['BATCH-TIMES'], {}, { attr: 'local' }],
  [['SHARED-SLOTS'], { sharedSlots: true }, {}],
  [['WORKER-LOST'], { outcome: { lost: ['load worker 1 of 2 was lost (SIGKILL)'] } }, {}],
])('a task has the findings %j of how it ran', async (codes, result, model) => {
  expect(await codesOf(result, model)).toEqual(codes);
});
