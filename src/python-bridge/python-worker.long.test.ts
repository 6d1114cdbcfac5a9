import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ECHO, ECHO_ENV, echoWorker, isAlive, loadedEcho } from '../../test/support/echo-worker.ts';
import type { PythonWorker } from './python-worker.ts';

const say = (worker: PythonWorker, ...inputs: readonly unknown[]) =>
  worker.request('generate', { inputs, max_out_len: 1_000_000 });

const texts = async (worker: PythonWorker, ...inputs: readonly unknown[]) =>
  ((await say(worker, ...inputs)) as { texts: string[] }).texts;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a Python worker', () => {
  it('answers, with counts and reasons', async () => {
    const worker = await loadedEcho();
    expect(await worker.request('generate', { inputs: ['a b c', 'd'], max_out_len: 2 })).toEqual({
      texts: ['a b', 'd'],
      input_tokens: [3, 1],
      output_tokens: [2, 1],
      finish_reasons: ['length', 'stop'],
    });
    expect(await texts(worker, [{ role: 'user', content: 'hello' }])).toEqual(['hello']);
  });

  it('keeps every character, lone halves of pairs too', async () => {
    const worker = await loadedEcho();
    const odd = ['日本語', '👩‍🔬', '\u0000\u2028"\\', 'half \ud83d', 'line\u0085line'];
    expect(await texts(worker, ...odd.map((text) => `x${text}`))).toEqual(
      odd.map((text) => `x${text}`.split(/[\s\u001c-\u001f\u0085]+/).join(' ')),
    );
  });

  it('takes and gives ten million bytes', async () => {
    const worker = await loadedEcho();
    const long = 'é'.repeat(5_000_000);
    expect((await texts(worker, long))[0] === long).toBe(true);
  });

  it('is not confused by what is printed', async () => {
    const worker = await loadedEcho();
    expect(await texts(worker, '!print {"id":1,"ok":true}')).toEqual(['!print {"id":1,"ok":true}']);
    await expect(say(worker, '!exit 3')).rejects.toThrow('its last words: {"id":1,"ok":true}');
  });

  it('tells what Python raised, and lives on', async () => {
    const worker = await loadedEcho();
    const error: any = await say(worker, '!raise no such layer').catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'PythonError', type: 'RuntimeError' });
    expect(error.message).toBe('RuntimeError: no such layer');
    expect(error.stack).toMatch(/echo_engine\.py", line \d+/);
    expect(await texts(worker, 'still here')).toEqual(['still here']);
  });

  it('names what pip has to install', async () => {
    const worker = echoWorker();
    const missing = worker.request('load', { engine: ECHO, options: { needs: 'torch' } });
    await expect(missing).rejects.toMatchObject({ requirement: 'torch>=1' });
    const absent = worker.request('load', { engine: 'no_such_package.engine:Engine', options: {} });
    await expect(absent).rejects.toMatchObject({ requirement: 'no_such_package' });
  });

  it('is closed after its engine, and ends', async () => {
    const worker = await loadedEcho();
    await worker.close();
    expect(isAlive(worker.pid!)).toBe(false);
    expect(worker.death).toMatchObject({ message: expect.stringContaining('ended with exit code 0') });
    await expect(say(worker, 'anyone?')).rejects.toBe(worker.death);
    await worker.close();
  });

  it('is killed where closing takes too long', async () => {
    const worker = await loadedEcho();
    const lost = expect(say(worker, '!wait 600')).rejects.toThrow('was not closed after 0.05 s');
    await worker.close(50);
    await lost;
    expect(isAlive(worker.pid!)).toBe(false);
  });

  it('gives up a request whose signal aborts, and answers the next', async () => {
    const worker = await loadedEcho();
    const { signal } = stopSoon(100);
    const stopped = worker.request('generate', { inputs: ['!wait 600'], max_out_len: 1 }, { signal });
    await expect(stopped).rejects.toThrow('stopped');
    const early = worker.request('generate', { inputs: ['a'], max_out_len: 1 }, { signal });
    await expect(early).rejects.toBe(signal.reason);
    expect(await texts(worker, 'next')).toEqual(['next']);
  });
});

describe('the end of a Python worker', () => {
  it.each([
    ['!kill 9', 'was killed by SIGKILL (as the system does when memory runs out)'],
    ['!kill 11', 'was killed by SIGSEGV'],
    ['!exit 7', 'ended with exit code 7'],
    ['!garbage Loading 50%', 'sent what is no message: "Loading 50%"'],
    ['!garbage {"ok":true}', 'sent what is no reply: {"ok":true}'],
  ])('%s fails every open request with how it was and what it said last', async (order, how) => {
    const worker = await loadedEcho();
    const open = [say(worker, '!print CUDA error: device lost'), say(worker, order), say(worker, 'waiting')];
    const [first, second, third] = await Promise.allSettled(open);
    expect(first).toMatchObject({ status: 'fulfilled' });
    for (const one of [second, third]) {
      expect(one).toMatchObject({ status: 'rejected', reason: { name: 'WorkerDied' } });
      expect((one as PromiseRejectedResult).reason.message).toBe(
        `the Python worker ${how}; its last words: CUDA error: device lost`,
      );
    }
    await until(() => !isAlive(worker.pid!));
  });

  it('comes when it sends no heartbeat', async () => {
    const worker = await loadedEcho({ silenceMs: 6000 });
    await expect(say(worker, '!stop')).rejects.toThrow('sent no heartbeat for 6 s');
    await until(() => !isAlive(worker.pid!));
  });

  it('is none while an engine is only slow', async () => {
    const worker = await loadedEcho({ silenceMs: 6000 });
    expect(await texts(worker, '!wait 8')).toEqual(['!wait 8']);
  });

  it('takes with it what it started', async () => {
    const worker = await loadedEcho();
    await say(worker, '!fork 600');
    const { pid } = worker;
    worker.kill();
    await until(() => !isAlive(-pid!));
  });

  it('comes when whoever started it is killed', async () => {
    const script = `
      import { PythonWorker } from ${JSON.stringify(new URL('python-worker.ts', import.meta.url).href)};
      const worker = new PythonWorker({ python: 'python3', env: ${JSON.stringify(ECHO_ENV)} });
      await worker.request('load', { engine: '${ECHO}', options: {} });
      void worker.request('generate', { inputs: ['!fork 600', '!wait 600'], max_out_len: 1 });
      console.log(worker.pid);
    `;
    const jiti = fileURLToPath(new URL('../../node_modules/jiti/lib/jiti-cli.mjs', import.meta.url));
    const { folder, file } = await scriptFile(script);
    const parent = spawn(process.execPath, [jiti, file], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    expect(isAlive(Number(line))).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(Number(line)));
  });

  it('is told where there is no such interpreter', async () => {
    const worker = echoWorker({ python: '/nowhere/python3' });
    await expect(worker.request('load', { engine: ECHO, options: {} })).rejects.toMatchObject({
      code: 'UTILS-DEPENDENCY-001',
      where: '/nowhere/python3',
    });
    await worker.close();
  });
});

function stopSoon(milliseconds: number): AbortController {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('stopped')), milliseconds);
  return controller;
}

async function scriptFile(text: string): Promise<{ folder: string; file: string }> {
  const { emptyFolder } = await import('../../test/e2e/support.ts');
  const folder = emptyFolder({ 'start.mts': text });
  return { folder, file: `${folder}/start.mts` };
}
