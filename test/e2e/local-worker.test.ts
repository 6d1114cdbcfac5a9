/** What becomes of a run when the process of a local model dies, or never begins. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../support/echo-worker.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  recordsOf,
  start,
  streamed,
  until,
} from './support.ts';

/** Leaves a line for each load and batch in a file; dies at the batches whose numbers the config lists. */
const CLASS = `
import os, signal, time
from ais_bench.benchmark.models import BaseModel


class Mortal(BaseModel):
    def __init__(self, path, max_seq_len=2048, deaths=(), pause=0, **kwargs):
        super().__init__(path, max_seq_len)
        self.deaths, self.pause = deaths, pause
        self.note("loaded %d" % os.getpid())

    def note(self, text):
        with open("notes.txt", "a") as notes:
            notes.write(text + "\\n")

    def generate(self, inputs, max_out_len):
        self.note("batch")
        batches = open("notes.txt").read().count("batch")
        time.sleep(self.pause)
        print("batch", batches, "on its way")
        if batches in self.deaths:
            os.kill(os.getpid(), signal.SIGKILL)
        return ["The answer is 18"] * len(inputs)
`;

const folder = (more: Readonly<Record<string, unknown>> = {}) =>
  emptyFolder({
    'models/mortal.py': CLASS,
    'configs/models/mortal.json': JSON.stringify({
      models: [
        {
          ...{ attr: 'local', type: 'Mortal', abbr: 'mortal', path: 'weights' },
          ...{ max_out_len: 100, batch_size: 2, max_seq_len: 2048 },
          ...more,
        },
      ],
    }),
  });

const run = (cwd: string, ...args: readonly string[]) =>
  aisBench(cwd, '--models', 'mortal', '--datasets', DEMO, ...args);

const notes = (cwd: string) => readFileSync(join(cwd, 'notes.txt'), 'utf8');
const outcomes = (cwd: string) => recordsOf(cwd).map(({ outcome }) => outcome);

describe('a local model whose process dies', () => {
  it('once costs the prompts of that batch alone, and is loaded again', async () => {
    const cwd = folder({ deaths: [2] });
    const { code, stdout } = await run(cwd);
    expect(code).toBe(1);
    expect(outcomes(cwd)).toEqual(['ok', 'ok', 'failed', 'failed', 'ok', 'ok', 'ok', 'ok']);
    const [, , { failure }] = recordsOf(cwd);
    expect(failure.kind).toBe('model-bug');
    expect(failure.message).toContain('was killed by SIGKILL (as the system does when memory runs out)');
    expect(failure.message).toContain('its last words: batch 2 on its way');
    expect(stdout).toMatch(/^demo_gsm8k accuracy mortal /m);
    expect(notes(cwd).match(/loaded/g)).toHaveLength(2);
  });

  it('twice in a row ends the run of that model, with its records, and no other', async () => {
    const cwd = folder({ deaths: [2, 3] });
    const server = await chatServer(() => streamed('18'));
    const { code, stdout, stderr } = await run(cwd, '--models', CHAT, '--url', server.url);
    expect(code).toBe(1);
    expect(stderr).toContain('[MODEL-RUN-001]');
    expect(stderr).toContain('its last words: batch 3 on its way');
    expect(stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat /m);
    const mortal = recordsOf(cwd).filter(({ call }) => call.model === 'mortal');
    expect(mortal.map(({ outcome }) => outcome)).toEqual([
      'ok',
      'ok',
      'failed',
      'failed',
      'failed',
      'failed',
    ]);
  });

  it('is gone when the command is interrupted twice', async () => {
    const cwd = folder({ pause: 600 });
    const running = start(cwd, ['--models', 'mortal', '--datasets', DEMO]);
    await running.said('weights from weights');
    await until(() => /batch/.test(readSafely(cwd)), 'the first batch');
    const pid = Number(/loaded (\d+)/.exec(notes(cwd))![1]);
    running.child.kill('SIGINT');
    await running.said('interrupt again');
    running.child.kill('SIGINT');
    expect((await running.finished).code).toBe(130);
    await until(() => !isAlive(pid), 'the end of the worker');
  });
});

function readSafely(cwd: string): string {
  try {
    return notes(cwd);
  } catch {
    return '';
  }
}

describe('the Python of a local model', () => {
  it('that is not there is told before anything is asked', async () => {
    const { code, stderr } = await run(folder(), '--python', './nowhere/python');
    expect(code).toBe(2);
    expect(stderr).toContain('[UTILS-DEPENDENCY-001] Python cannot be started');
    expect(stderr).toContain('where: ./nowhere/python');
  });

  it('is nothing to a service', async () => {
    const args = ['--models', CHAT, '--datasets', DEMO, '--python', 'python3'];
    const { code, stderr } = await aisBench(emptyFolder(), ...args);
    expect(code).toBe(2);
    expect(stderr).toContain('--python is for local models, and every model here is a service');
  });
});
