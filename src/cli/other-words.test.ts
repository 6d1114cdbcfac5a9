import { expect, it } from 'vitest';
import { RUN_FLAGS, toOption } from './flags.ts';
import { K8S_FLAGS } from './k8s-flags.ts';
import { withOurWord } from './other-words.ts';
import { WORKER_FLAGS } from './worker-flags.ts';

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

it.each([
  ['--load-workers', '--workers'],
  ['--agents', '--workers'],
  ['--agents=g:2', '--workers'],
  ['--agent-silence', '--worker-silence'],
  ['--agent-wait', '--worker-wait'],
])('%s is now %s', (flag, now) => {
  expect(known).toContain(now);
  expect(withOurWord(said(flag), known)).toBe(
    `error: unknown option '${flag}'\n(It is now called ${now}.)\n`,
  );
});

it.each([
  [K8S_FLAGS, '--agents', '--replicas'],
  [K8S_FLAGS, '--workers', '--processes'],
  [WORKER_FLAGS, '--workers', '--processes'],
])('of its own command: %#', (specs, flag, now) => {
  const own = specs.map((spec) => toOption(spec).long ?? '');
  expect(own).toContain(now);
  expect(withOurWord(said(flag), own)).toContain(`(It is now called ${now}.)`);
});

it('leaves alone what is nobody’s word, and what this command does not have', () => {
  expect(withOurWord(said('--constructor'), known)).toBe(said('--constructor'));
  expect(withOurWord(said('--rate'), [])).toBe(said('--rate'));
  expect(withOurWord("error: option '--rate <n>' is wrong", known)).toBe(
    "error: option '--rate <n>' is wrong",
  );
});
