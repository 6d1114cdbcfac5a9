import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { accuracyRun, performanceRun } from '../../test/support/aisbench-run.ts';
import { importRun } from './report-import.ts';

const root = mkdtempSync(join(tmpdir(), 'ais-bench-import-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('a load test says that it was imported, and what was not kept of it', async () => {
  const { performance } = await importRun(performanceRun(join(root, 'perf')), { folder: join(root, 'a') });
  const [IMPORTED, ...others] = performance[0]!.summary.findings.map(({ code }) => code);
  expect(IMPORTED).toBe('IMPORTED');
  expect(others).toEqual(expect.arrayContaining(['LOOP-UNKNOWN', 'IMPORTED-TIMES']));
});

it('answers that cannot be scored again say why, with the task', async () => {
  const source = accuracyRun(join(root, 'accuracy'));
  const scored = async (evaluation?: object) => {
    const { findings } = await importRun(source, {
      folder: join(root, 'b'),
      ...(evaluation && { evaluations: new Map([['demo_gsm8k', evaluation]]) }),
    });
    return findings.map(({ code, params, scope }) => [code, params['why'], params['names'], scope.dataset]);
  };
  expect(await scored()).toEqual([['NOT-RESCORED', 'no-config', undefined, 'demo_gsm8k']]);
  expect(await scored({ evaluator: 7 })).toEqual([
    ['NOT-RESCORED', 'foreign-config', undefined, 'demo_gsm8k'],
  ]);
  expect(await scored({ evaluator: { type: 'NoSuchEvaluator' } })).toEqual([
    ['NOT-RESCORED', 'unknown', ['NoSuchEvaluator'], 'demo_gsm8k'],
  ]);
});

it('answers that are scored again say what AISBench did not keep', async () => {
  const { findings, scored } = await importRun(accuracyRun(join(root, 'again')), {
    folder: join(root, 'c'),
    evaluations: new Map([['demo_gsm8k', { evaluator: { type: 'Gsm8kEvaluator' } }]]),
  });
  expect(scored).toHaveLength(1);
  expect(findings.map(({ code }) => code)).toEqual(['IMPORTED', 'FINISH-UNKNOWN']);
});
