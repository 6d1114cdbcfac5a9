import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Plan } from '../config/plan.ts';
import { openRunFolder } from '../store/run-folder.ts';
import { openJournal } from './journal.ts';
import { reportRun } from './report-run.ts';
import { closeMetricsFile } from './server-metrics.ts';

vi.mock('../report/page/render.ts', async (original) => ({
  ...(await original<typeof import('../report/page/render.ts')>()),
  pageTemplate: () => undefined,
}));

it('says that no page is written where the viewer is not built, and what of the service was not kept', async () => {
  const path = mkdtempSync(join(tmpdir(), 'ais-bench-report-'));
  const folder = openRunFolder(path, (text) => text);
  const journal = openJournal(join(path, 'run.jsonl'), (text) => text, undefined);
  closeMetricsFile(
    {
      close: () => {
        throw new Error('the disk is full');
      },
    },
    journal.found,
  );
  const plan = { mode: 'perf', models: [], datasets: [] } as unknown as Plan;
  const result = await reportRun(plan, [], { folder, journal, options: {} });
  expect(result.page).toBeUndefined();
  expect(result.findings.map(({ code }) => code)).toEqual(['SERVER-METRICS-LOST', 'PAGE-MISSING']);
  journal.close();
  rmSync(path, { recursive: true });
});
