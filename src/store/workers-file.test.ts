import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openRunFolder } from './run-folder.ts';
import { readWorkersFile, type WorkersFile, writerOf, writeWorkersFile } from './workers-file.ts';

it('reads the workers of a run as they were written; a run without them has none', () => {
  const path = mkdtempSync(join(tmpdir(), 'ais-bench-workers-file-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const folder = openRunFolder(path, (text) => text.replaceAll('secret', '***'));
  expect(readWorkersFile(folder)).toBeUndefined();
  const file: WorkersFile = {
    ...{ version: 2, group: 'g', session: 'r1' },
    workers: [
      {
        ...{ name: 'a', host: 'h', processes: [1, 3], lostTo: 'the secret service' },
        loads: [{ model: 'm', dataset: 'd', clock: { offsetMs: -499.5, boundMs: 0.25 }, startLagMs: 0.5 }],
      },
    ],
  };
  writeWorkersFile(folder, file);
  expect(readWorkersFile(folder)).toEqual({
    ...file,
    workers: [{ ...file.workers[0]!, lostTo: 'the *** service' }],
  });
  writeFileSync(join(path, 'workers.json'), '{');
  expect(() => readWorkersFile(folder)).toThrow(expect.objectContaining({ code: 'RUN-DATA-001' }));
});

it('reads the agents.json of runs of 7e3bceb', () => {
  const path = mkdtempSync(join(tmpdir(), 'ais-bench-workers-file-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const folder = openRunFolder(path, (text) => text);
  const load = { model: 'm', dataset: 'd', clock: { offsetMs: 1, boundMs: 0.5 } };
  const old = {
    ...{ version: 1, group: 'g', session: 'r1', isOpen: true },
    agents: [{ name: 'a', host: 'h', workers: [2], lostTo: 'x', loads: [load] }],
  };
  writeFileSync(join(path, 'agents.json'), JSON.stringify(old));
  const read = readWorkersFile(folder)!;
  expect(read).toEqual({
    ...{ version: 2, group: 'g', session: 'r1', isOpen: true },
    workers: [{ name: 'a', host: 'h', processes: [2], lostTo: 'x', loads: [load] }],
  });
  expect(writerOf(read, 'm/d_records.w2.jsonl')?.name).toBe('a');
  expect(writerOf(read, 'm/d_records.jsonl')).toBeUndefined();
});
