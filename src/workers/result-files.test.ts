import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import { encodeRecord } from '../contract/record-codec.ts';
import { createRunFolder } from '../store/run-folder.ts';
import { ResultFiles } from './left-results.ts';

const work = mkdtempSync(join(tmpdir(), 'ais-bench-late-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** An answer of a case that was asked at a moment. */
function answer(n: number, sent: number, { dataset = 'data', isFailed = false } = {}) {
  const call = { id: `id${n}`, model: 'model', dataset, index: n, repetition: 0 };
  const times = { scheduled: sent, sent, done: sent + 10 };
  const failure = { kind: 'timeout', message: 'too late' } as const;
  const record = { ...(isFailed ? sampleFailure(failure, times) : sampleAnswer(times)), call };
  return { n, transcripts: [`{"case":${n},"at":"key${sent}"}`], records: [encodeRecord(record)] };
}

describe('answers that come after the end of the run', () => {
  it('are put into the files of their tasks, one of each case, and another after one that failed', async () => {
    const folder = createRunFolder(work, new Date(), (text) => text.replaceAll('key7', '***'));
    const failed = answer(2, 6, { isFailed: true });
    const said = [answer(1, 5), answer(1, 5), answer(1, 6), failed, failed, answer(2, 7), answer(2, 8)];
    for (const time of [1, 2]) {
      const late = new ResultFiles(folder);
      for (const one of [...said, answer(3, 6, { dataset: 'other' })]) await late.keep(one);
      late.close();
      expect(late.kept).toBe(time === 1 ? 4 : 0);
    }
    const lines = (path: string) => readFileSync(path, 'utf8').trim().split('\n');
    expect(lines(folder.predictions('model', 'data'))).toEqual([
      '{"case":1,"at":"key5"}',
      '{"case":2,"at":"key6"}',
      '{"case":2,"at":"***"}',
    ]);
    expect(lines(folder.records('model', 'data'))).toHaveLength(3);
    expect(lines(folder.records('model', 'other'))).toHaveLength(1);
  });

  it('what is no answer is refused whole', async () => {
    const folder = createRunFolder(work, new Date(), (text) => text);
    const late = new ResultFiles(folder);
    const broken = { ...answer(1, 5), records: ['{"no":"record"}'] };
    await expect(late.keep(broken)).rejects.toMatchObject({ code: 'RUN-DATA-001' });
    late.close();
    expect(late.kept).toBe(0);
  });
});
