/** `ais_bench` and `ais_bench demo`: one run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { defined } from '../../basics/defined.ts';
import { MAIN } from '../../basics/package-folder.ts';
import { flagName, type RunFlags } from '../../config/flags.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { evaluate } from '../evaluate.ts';

/** `ais_bench --models … --datasets …` */
export async function run(typed: GivenFlags): Promise<number> {
  const { search, configDir, models, datasets, summarizer, plugin } = typed;
  if (search !== undefined) {
    const named = defined({
      models,
      datasets,
      summarizers: summarizer === undefined ? undefined : [summarizer],
    });
    return (await import('./lists.ts')).listConfigFiles(configDir, {
      named,
      text: search === true ? '' : search,
      plugin,
    });
  }
  return evaluate(whatIsRun(typed));
}

/** The flags of a run that names what is run. Throws TMAN-CMD-001 where nothing is, TMAN-CMD-002 where it is named twice. */
export function whatIsRun<Flags extends GivenFlags>(typed: Flags): Omit<Flags, 'numPrompts'> & RunFlags {
  const flags = withoutNone(typed);
  if (flags.config !== undefined) return wholeConfig(flags, flags.config);
  const given = { ...flags, models: flags.models ?? [], datasets: flags.datasets ?? [] };
  for (const kind of ['models', 'datasets'] as const) {
    if (given[kind].length > 0 || (kind === 'datasets' && flags.customDatasetPath !== undefined)) continue;
    throw new AisBenchError('TMAN-CMD-001', `no ${kind} are given`, {
      where: `--${kind}`,
      cure: `name at least one, e.g. ${EXAMPLE[kind]}; ais_bench --search lists them, ais_bench demo needs none`,
    });
  }
  return given;
}

export type GivenFlags = Omit<RunFlags, 'numPrompts'> & {
  search?: string | true;
  numPrompts?: number | 'none';
};

/** `--num-prompts none` is as if it were not given. */
function withoutNone<Flags extends GivenFlags>({
  numPrompts,
  ...flags
}: Flags): Omit<Flags, 'numPrompts'> & RunFlags {
  return (numPrompts === undefined || numPrompts === 'none' ? flags : { ...flags, numPrompts }) as Omit<
    Flags,
    'numPrompts'
  > &
    RunFlags;
}

/** With a file that holds everything, nothing else may be named: AISBench would pass over it in silence. */
function wholeConfig<Flags extends RunFlags>(flags: Flags, config: string): Flags {
  if (!/\.[a-z]+$/i.test(config)) {
    throw new AisBenchError('TMAN-CMD-002', `"${config}" is neither a command nor a config file`, {
      where: 'command line',
      cure: 'ais_bench --help lists the commands; a config file ends with .py, .ts, .js, .yaml or .json',
    });
  }
  const named = {
    '--models': flags.models,
    '--datasets': flags.datasets,
    '--custom-dataset-path': flags.customDatasetPath,
    '--summarizer': flags.summarizer,
  };
  for (const [flag, value] of Object.entries(named)) {
    if (value === undefined) continue;
    throw new AisBenchError('TMAN-CMD-002', `${flag} and the config file ${config} are both given`, {
      where: flag,
      cure: `leave ${flag} out: the file says what is run; --set changes its values`,
    });
  }
  return { ...flags, models: [], datasets: [] };
}

const EXAMPLE = {
  models: '--models vllm_api_stream_chat',
  datasets: '--datasets demo_gsm8k_gen_4_shot_cot_chat_prompt',
};

const DATASET = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

/** The service runs on this machine: a proxy of the environment could not reach it. */
const DIRECTLY = 'models.0.proxy=';

interface DemoFlags {
  readonly engine: 'sim' | 'llama';
  readonly gguf?: string;
  readonly accuracy?: number;
  readonly maxBatch?: number;
  readonly seed?: number;
  readonly workDir?: string;
}

/** `ais_bench demo`: evaluates the embedded service, which runs in a process of its own, like any other service. */
export async function demo({ workDir, ...engine }: DemoFlags): Promise<number> {
  const service = startService(engine);
  try {
    const url = await serviceAddress(service);
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
        ...defined({ workDir }),
        ...own,
      });
    print(`1 of 2: accuracy and latency of ${DATASET}`);
    const accuracy = await run({ batchSize: 4 });
    if (accuracy === EXIT.interrupted) return accuracy;
    const times = engine.engine === 'sim' ? 5 : 2;
    print(`2 of 2: the same questions ${times} times as a load test, 8 in flight`);
    const repeat = `models.0.generation_kwargs.num_return_sequences=${times}`;
    const performance = await run({ mode: 'perf', batchSize: 8, set: [DIRECTLY, repeat] });
    return accuracy || performance || EXIT.ok;
  } finally {
    await endService(service);
  }
}

function print(text: string): void {
  process.stdout.write(`\n== ${text}\n`);
}

function startService(engine: Omit<DemoFlags, 'workDir'>): ChildProcess {
  const given = Object.entries(engine).filter(([, value]) => value !== undefined);
  const args = given.flatMap(([name, value]) => [flagName(name), String(value)]);
  return spawn(process.execPath, [MAIN, 'serve', '--port', '0', ...args], {
    // A process group of its own: Ctrl-C must not end the service while requests in flight finish. The service ends when the
    // channel to this process closes.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** Returns the address of the service, and prints what it prints before. Throws ENGINE-PARAM-001 when it does not start. */
function serviceAddress(service: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const words: string[] = [];
    createInterface({ input: service.stderr! }).on('line', (line) => words.push(line));
    createInterface({ input: service.stdout! }).on('line', (line) => {
      const url = /^listening on (\S+)/.exec(line)?.[1];
      if (url === undefined) print(line);
      else resolve(url);
    });
    service.once('close', () => {
      const why = words.join('\n') || 'it printed nothing';
      reject(
        new AisBenchError('ENGINE-PARAM-001', `the embedded service did not start:\n${why}`, {
          where: 'ais_bench serve',
          cure: 'start it alone to see more: ais_bench serve',
        }),
      );
    });
  });
}

async function endService(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const closed = new Promise((resolve) => service.once('close', resolve));
  service.kill('SIGTERM');
  const timer = setTimeout(() => service.kill('SIGKILL'), 3000);
  await closed;
  clearTimeout(timer);
}
