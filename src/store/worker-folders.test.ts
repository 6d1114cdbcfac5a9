import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { newWorkerFolder, removeLeftFolders } from './growing-files.ts';

it('removes what a killed worker left when the next one starts, and nothing of a live one', () => {
  const own = newWorkerFolder();
  // A process that was there, and is gone.
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  const left = own.replace(`-${process.pid}-`, `-${pid}-`);
  const other = own.replace(/ais-bench-worker-.*-\d+-/, `ais-bench-worker-other.host-${pid}-`);
  onTestFinished(() => {
    for (const folder of [own, left, other]) rmSync(folder, { recursive: true, force: true });
  });
  for (const folder of [left, other]) mkdirSync(folder);
  writeFileSync(`${left}/records.jsonl`, '{}\n');
  removeLeftFolders();
  expect([own, left, other].map((folder) => existsSync(folder))).toEqual([true, false, true]);
});
