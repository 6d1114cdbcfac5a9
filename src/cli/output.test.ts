import { afterEach, expect, it, vi } from 'vitest';
import { withOutput } from './output.ts';

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
