import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { MAIN } from '../../basics/package-folder.ts';
import type { RunFlags } from '../../config/flags.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { evaluate } from '../evaluate.ts';

const DATASET = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

/** The service is on this machine: a proxy of the environment could not reach it. */
const DIRECTLY = 'models.0.proxy=';

interface DemoFlags {
  readonly engine: 'sim' | 'llama';
  readonly gguf?: string;
  readonly accuracy?: number;
  readonly maxBatch?: number;
  readonly seed?: number;
  readonly workDir?: string;
}

/** `ais_bench demo`: the embedded service in a process of its own, evaluated as any other service would be. */
export async function demo({ workDir, ...engine }: DemoFlags): Promise<number> {
  const service = startServer(engine);
  try {
    const url = await addressOf(service);
    const run = (own: Partial<RunFlags>) =>
      evaluate({
        models: ['vllm_api_stream_chat'],
        datasets: [DATASET],
        mode: 'all',
        configDir: 'configs',
        numWarmups: 1,
        maxErrorRate: 0.01,
        url,
        set: [DIRECTLY],
        ...(workDir === undefined ? {} : { workDir }),
        ...own,
      });
    say(`1 of 2: accuracy and latency of ${DATASET}`);
    const accuracy = await run({ batchSize: 4 });
    if (accuracy === EXIT.interrupted) return accuracy;
    const times = engine.engine === 'sim' ? 5 : 2;
    say(`2 of 2: the same questions ${times} times over as a load test, 8 in flight`);
    const repeat = `models.0.generation_kwargs.num_return_sequences=${times}`;
    const performance = await run({ mode: 'perf', batchSize: 8, set: [DIRECTLY, repeat] });
    return accuracy || performance || EXIT.ok;
  } finally {
    await stop(service);
  }
}

function say(text: string): void {
  process.stdout.write(`\n== ${text}\n`);
}

function startServer(engine: Omit<DemoFlags, 'workDir'>): ChildProcess {
  const args = Object.entries(engine).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value)],
  );
  return spawn(process.execPath, [MAIN, 'serve', '--port', '0', ...args], {
    // A group of its own: Ctrl-C must not take the service from the requests that it lets finish. The channel tells the
    // service when this process is gone, however it went.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** What the service says before it listens is told; then its address is known. */
function addressOf(service: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const words: string[] = [];
    createInterface({ input: service.stderr! }).on('line', (line) => words.push(line));
    createInterface({ input: service.stdout! }).on('line', (line) => {
      const url = /^listening on (\S+)/.exec(line)?.[1];
      if (url === undefined) say(line);
      else resolve(url);
    });
    service.once('close', () => {
      const why = words.join('\n') || 'it said nothing';
      reject(
        new AisBenchError('ENGINE-PARAM-001', `the embedded service did not start:\n${why}`, {
          where: 'ais_bench serve',
          cure: 'start it alone to see more: ais_bench serve',
        }),
      );
    });
  });
}

async function stop(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const closed = new Promise((resolve) => service.once('close', resolve));
  service.kill('SIGTERM');
  const timer = setTimeout(() => service.kill('SIGKILL'), 3000);
  await closed;
  clearTimeout(timer);
}
