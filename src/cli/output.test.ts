import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { withOutput } from './output.ts';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['a folder', 'no/such/file'])('%s is no file to write, and leaves nothing behind', async (name) => {
  mkdirSync(join(folder, 'a folder'), { recursive: true });
  const out = join(folder, name);
  const writing = withOutput({ out, isBinary: false }, async ({ write }) => write('text'));
  await expect(writing).rejects.toMatchObject({
    code: 'RUN-FILE-001',
    where: `--out ${out}`,
    cure: 'name a file in a folder that is there and may be written',
  });
  expect(readdirSync(folder)).toEqual(['a folder']);
});
