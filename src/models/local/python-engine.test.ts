import { describe, expect, it, onTestFinished } from 'vitest';
import { ECHO, ECHO_ENV } from '../../../test/support/echo-worker.ts';
import { PythonEngine } from './worker-model.ts';

const { signal } = new AbortController();

async function engine(options: Readonly<Record<string, unknown>> = {}): Promise<PythonEngine> {
  const made = new PythonEngine({ engine: ECHO, options, python: 'python3', env: ECHO_ENV });
  onTestFinished(() => made.close());
  await made.load(signal);
  return made;
}

const say = (made: PythonEngine, ...inputs: readonly string[]) => made.generate(inputs, 100, { signal });

describe('a model in Python', () => {
  it('answers with counts and reasons', async () => {
    expect(await say(await engine(), 'a b', 'c')).toEqual([
      { text: 'a b', inputTokens: 2, outputTokens: 2, finishReason: 'stop' },
      { text: 'c', inputTokens: 1, outputTokens: 1, finishReason: 'stop' },
    ]);
  });

  it('tells when its answers grow', async () => {
    const grown: [number, number][] = [];
    const onTokens = (index: number, tokens: number) => void grown.push([index, tokens]);
    const made = await engine();
    await made.generate(['a b c', 'd'], 100, { signal, onTokens });
    expect(grown).toEqual([
      [0, 1],
      [1, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  it('scores texts, and says what memory it took', async () => {
    const made = await engine();
    expect(await made.score(['a b', 'c'], signal)).toEqual([
      { loss: 2, tokens: 2 },
      { loss: 1, tokens: 1 },
    ]);
    const { rssBytes, deviceBytes } = await made.peakMemory();
    expect(rssBytes).toBeGreaterThan(4e6);
    expect(deviceBytes).toBeUndefined();
  });

  it('that cannot score says so and lives on', async () => {
    const made = await engine({ scores: false });
    await expect(made.score(['a'], signal)).rejects.toThrow('Engine has no get_ppl');
    expect(await say(made, 'fine')).toMatchObject([{ text: 'fine' }]);
  });

  it('that dies fails the batch, and is loaded anew for the next', async () => {
    const made = await engine();
    for (const order of ['!kill 9', '!exit 1']) {
      await expect(say(made, 'fine', order)).rejects.toMatchObject({ name: 'WorkerDied' });
      expect(await say(made, 'again')).toMatchObject([{ text: 'again' }]);
    }
  });

  it('that dies twice in a row is lost', async () => {
    const made = await engine();
    await expect(say(made, '!print out of memory', '!exit 1')).rejects.toMatchObject({ name: 'WorkerDied' });
    await expect(say(made, '!kill 9')).rejects.toMatchObject({
      code: 'MODEL-RUN-001',
      message: expect.stringContaining('was killed by SIGKILL'),
    });
  });

  it('that cannot be loaded again is lost', async () => {
    const made = await engine({ loads: 1 });
    await expect(say(made, '!exit 1')).rejects.toMatchObject({ name: 'WorkerDied' });
    await expect(say(made, 'again')).rejects.toMatchObject({
      code: 'MODEL-RUN-001',
      message: expect.stringContaining('no second time'),
    });
  });

  it('that raises lives on, however often', async () => {
    const made = await engine();
    for (const text of ['one', 'two', 'three']) {
      await expect(say(made, `!raise ${text}`)).rejects.toThrow(`RuntimeError: ${text}`);
    }
    expect(await say(made, 'fine')).toMatchObject([{ text: 'fine' }]);
  });

  it('that lacks a package names the command', async () => {
    await expect(engine({ needs: 'torch' })).rejects.toMatchObject({
      code: 'UTILS-DEPENDENCY-001',
      cure: "run: python3 -m pip install 'torch>=1'",
    });
  });

  it('that dies while it is loaded says so', async () => {
    await expect(engine({ dies_loading: true })).rejects.toMatchObject({
      code: 'MODEL-IMPL-004',
      message: expect.stringContaining('ended with exit code 9'),
    });
  });

  it('is stopped with the run', async () => {
    const made = await engine();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('stopped')), 50);
    await expect(made.generate(['!wait 600'], 1, { signal: controller.signal })).rejects.toThrow('stopped');
    expect(await say(made, 'next')).toMatchObject([{ text: 'next' }]);
  });
});
