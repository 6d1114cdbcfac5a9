import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandLine } from './history.ts';

it('leaves plain words alone and quotes the others', () => {
  expect(commandLine(['--set', 'a.b=1', 'two words', "it's", ''])).toBe(
    "ais_bench --set a.b=1 'two words' 'it'\\''s' ''",
  );
});

it('is one line, and a shell makes the same words of it', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
  const control = fc.stringMatching(/^[\x01-\x7f\\']{0,8}$/);
  const args = fc.array(fc.oneof(word, control), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(args, (words) => {
      const line = commandLine(words);
      expect(line).not.toContain('\n');
      const script = `ais_bench() { printf '%s\\0' "$@"; }; ${line}`;
      const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' };
      const heard = execFileSync('bash', ['--norc', '-c', script], { env, encoding: 'utf8' });
      expect(heard.split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 10 },
  );
});
