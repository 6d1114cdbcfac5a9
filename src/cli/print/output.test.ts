import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { fitted, withOutput } from './output.ts';

afterEach(() => vi.restoreAllMocks());

const toStdout = { isBinary: false };

it('leaves no listener on standard output, however often it is written to, and whatever goes wrong', async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const before = process.stdout.listenerCount('error');
  await withOutput(toStdout, async ({ write }) => write('rows'));
  await expect(withOutput(toStdout, () => Promise.reject(new Error('no rows')))).rejects.toThrow('no rows');
  expect(process.stdout.listenerCount('error')).toBe(before);
});

it('writes nothing more to a reader that has left', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await withOutput(toStdout, async (output) => {
    output.write('seen');
    process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    output.write('unseen');
  });
  expect(write.mock.calls.map(([content]) => content)).toEqual(['seen']);
});

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['a folder', 'no/such/file'])('%s is no file to write, and leaves nothing behind', async (name) => {
  mkdirSync(join(folder, 'a folder'), { recursive: true });
  const out = join(folder, name);
  const writing = withOutput({ out, isBinary: false }, async ({ write }) => write('text'));
  await expect(writing).rejects.toMatchObject({
    code: 'RUN-FILE-001',
    where: `--out ${out}`,
    cure: 'name a file in a folder that exists and is writable',
  });
  expect(readdirSync(folder)).toEqual(['a folder']);
});

const screen = (columns: number) => ({ isTTY: true, columns }) as unknown as NodeJS.WriteStream;

it('breaks a message between words on a terminal, each of its lines by itself, and leaves it whole elsewhere', () => {
  const text = 'not run on demo_mcq: it has no getPplRequestBody\nsecond line';
  expect(fitted(text, screen(40), 7)).toBe('not run on demo_mcq: it has no\ngetPplRequestBody\nsecond line');
  expect(fitted(text, screen(200), 7)).toBe(text);
  expect(fitted(text, { columns: 40 } as unknown as NodeJS.WriteStream)).toBe(text);
});
