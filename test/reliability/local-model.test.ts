/** `kill -9` of a local model's Python process at seeded random moments; the run goes on, and ends as if nothing had been. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { durable, recordsIn, scoreOf } from '../e2e/killed.ts';
import { aisBench, DEMO, emptyFolder, start } from '../e2e/support.ts';
import { killWorkers } from '../support/worker-kills.ts';

const KILLS = Math.ceil(Number(process.env['RELIABILITY_KILLS'] ?? 40) / 10);
/** Times that each of the eight questions is asked: so often that no number of kills outlasts them. */
const ROUNDS = 10 * KILLS;
const BATCH = 2;
const MODEL = 'patient';

/** An engine of the standard library, with a model's delay, that notes what it is asked. */
const CLASS = `
import os, time
from ais_bench.benchmark.models import BaseModel


class Patient(BaseModel):
    def __init__(self, path, max_seq_len=2048, **kwargs):
        super().__init__(path, max_seq_len)

    def generate(self, inputs, max_out_len):
        with open("asked.txt", "a") as asked:
            asked.write(len(inputs) * "x")
        time.sleep(float(os.environ["PATIENCE"]))
        return ["The answer is %d" % (len(text) % 5 + 17) for text in map(str, inputs)]
`;

const CONFIG = {
  models: [
    {
      ...{ attr: 'local', type: 'Patient', abbr: MODEL, path: 'weights' },
      ...{ max_out_len: 100, batch_size: BATCH, max_seq_len: 2048 },
      generation_kwargs: { num_return_sequences: ROUNDS },
    },
  ],
};

const folder = () =>
  emptyFolder({ 'models/patient.py': CLASS, 'configs/models/patient.json': JSON.stringify(CONFIG) });
const ARGS = ['--models', MODEL, '--datasets', DEMO];

describe.runIf(process.platform === 'linux')("a local model's process, killed at random moments", () => {
  it(`${KILLS} times: what was killed is asked again, nothing else is, and the score is the same`, {
    timeout: 600_000,
  }, async () => {
    const whole = folder();
    const quick = { env: { PATIENCE: '0' } };
    expect(await start(whole, ARGS, quick).finished).toMatchObject({ code: 0 });

    const cwd = folder();
    const asked = join(cwd, 'asked.txt');
    let left = 8 * ROUNDS;
    const onSession = () => {
      const questions = existsSync(asked) ? readFileSync(asked, 'utf8').length : 0;
      expect(questions).toBeLessThanOrEqual(left);
      left = 8 * ROUNDS - durable(cwd, MODEL).length;
      writeFileSync(asked, '');
    };
    const run = { cwd, args: ARGS, model: MODEL, env: { PATIENCE: '0.1' }, onSession };
    await killWorkers({ ...run, kills: KILLS, seed: 31, spreadMs: 800, batchSize: BATCH });
    expect(left).toBeGreaterThan(0);
    const failed = recordsIn(cwd, MODEL).filter(({ outcome }) => outcome === 'failed');
    expect(failed).not.toHaveLength(0);

    const end = await start(cwd, [...ARGS, '--reuse'], quick).finished;
    expect(end.code, end.stderr).toBe(0);
    expect(readFileSync(asked, 'utf8')).toHaveLength(left);
    const ids = (of: string) =>
      recordsIn(of, MODEL)
        .filter(({ outcome }) => outcome === 'ok')
        .map(({ call }) => call.id);
    expect(ids(cwd).toSorted()).toEqual(ids(whole).toSorted());
    expect(new Set(ids(cwd)).size).toBe(8 * ROUNDS);
    expect(scoreOf(cwd, MODEL)).toEqual(scoreOf(whole, MODEL));
    // Once more has nothing to ask.
    expect((await aisBench(cwd, ...ARGS, '--reuse')).code).toBe(0);
    expect(readFileSync(asked, 'utf8')).toHaveLength(left);
  });
});
