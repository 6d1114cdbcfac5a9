import { expect, it } from 'vitest';
import { RUN_FLAGS, toOption } from './flags.ts';
import { withOurWord } from './other-words.ts';

const known = RUN_FLAGS.map((spec) => toOption(spec).long ?? '');
const said = (flag: string) => `error: unknown option '${flag}'\n(Did you mean one of --nats, --ramp?)\n`;

it.each([
  ['--rate', '--request-rate'],
  ['--rate=5', '--request-rate'],
  ['--concurrency', '--batch-size'],
  ['--retry', '--retries'],
])('%s is %s here', (flag, ours) => {
  expect(known).toContain(ours);
  expect(withOurWord(said(flag), known)).toBe(`error: unknown option '${flag}'\n(Here it is ${ours}.)\n`);
});

it('leaves alone what is nobody’s word, and what this command does not have', () => {
  expect(withOurWord(said('--constructor'), known)).toBe(said('--constructor'));
  expect(withOurWord(said('--rate'), [])).toBe(said('--rate'));
  expect(withOurWord("error: option '--rate <n>' is wrong", known)).toBe(
    "error: option '--rate <n>' is wrong",
  );
});
