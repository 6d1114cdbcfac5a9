/** Flags of a run: what is evaluated, under which load, how it is reported. */
import { InvalidArgumentError } from 'commander';
import type { RampFlag } from '../../config/flags.ts';
import { MODES } from '../../config/modes.ts';
import { ARRIVALS } from '../../load/arrival.ts';
import { DIALECTS } from '../../metrics/dialects/types.ts';
import { parseSlos } from '../../metrics/goodput.ts';
import { type Flag, httpUrl, inGroup, longName, numberIn, refusing, share, whole } from './flag.ts';
import { REMOTE_FLAGS, WORKER_SILENCE_FLAG, WORKERS_FLAG } from './worker-flags.ts';

const FASTEST_RATE = 64_000;

export const WORK_DIR: Flag = {
  flags: '-w, --work-dir <dir>',
  meaning: 'folder of the results',
  otherwise: 'outputs/default',
  replaces: ['--output-dir'],
};

export const CONFIG_DIR: Flag = {
  flags: '--config-dir <dir>',
  meaning: 'folder to search first for configs',
  fallback: 'configs',
};

export const GOODPUT: Flag = {
  flags: '--goodput <slos...>',
  meaning: 'count the requests within these limits in ms',
  example: 'ttft:500 tpot:50 e2el:20000',
  parse: refusing(parseSlos),
  repeatable: true,
  replaces: ['--slo'],
};

export const METRIC_DIALECT: Flag = {
  flags: '--metric-dialect <tool>',
  meaning: 'also count as another tool does',
  choices: DIALECTS,
};

const MODEL_AND_DATA: readonly Flag[] = [
  { flags: '--models <names...>', meaning: 'model configs, by name or path' },
  { flags: '--datasets <names...>', meaning: 'dataset configs, by name or path' },
  { flags: '--summarizer <name>', meaning: 'summarizer config, by name or path' },
  CONFIG_DIR,
  {
    flags: '--set <key=value>',
    meaning: 'set a value in a config (repeatable)',
    example: 'models.0.stream=false',
    fallback: [],
    repeatable: true,
  },
  {
    flags: '--num-prompts <n>',
    meaning: 'first n samples of each dataset, or none for all',
    parse: (text) => (text.toLowerCase() === 'none' ? 'none' : whole(1)(text)),
    replaces: ['--num-requests', '--request-count', '--limit', '--number'],
  },
  {
    flags: '--max-out-len <tokens>',
    meaning: 'largest number of tokens to generate',
    parse: whole(1),
    replaces: ['--max-tokens', '--output-len'],
  },
  { flags: '--python <path>', meaning: 'Python that runs the local models' },
  {
    flags: '--custom-dataset-path <file>',
    meaning: 'a .jsonl, .csv or .parquet file of your own',
  },
  {
    flags: '--custom-dataset-meta-path <file>',
    meaning: 'its meta file',
    otherwise: '<file>.meta.json',
  },
  {
    flags: '--custom-dataset-data-type <type>',
    meaning: 'kind of its samples',
    otherwise: 'mcq with options A and B',
    choices: ['mcq', 'qa'],
  },
  {
    flags: '--nonce <text>',
    meaning: 'repeat the synthetic prompts of another run',
    otherwise: 'new prompts',
  },
];

const SERVICE: readonly Flag[] = [
  {
    flags: '--url <url>',
    meaning: 'base URL of the service (repeatable: several servers)',
    repeatable: true,
    replaces: ['--base-url', '--endpoint'],
  },
  { flags: '--host-ip <host>', meaning: 'host of the service', replaces: ['--host'] },
  {
    flags: '--host-port <port>',
    meaning: 'port of the service',
    parse: whole(1, 65_535),
    replaces: ['--port'],
  },
  { flags: '--model <name>', meaning: 'name of the model in requests' },
  { flags: '--api-key <key>', meaning: 'key of the service; never written anywhere' },
  {
    flags: '--header <line>',
    meaning: "header of every request, 'Name: value' (repeatable)",
    repeatable: true,
  },
  { flags: '--insecure', meaning: 'do not check the certificates of https services' },
  {
    flags: '--retries <n>',
    meaning: 'attempts after the first one of a request',
    parse: whole(0, 1000),
    replaces: ['--retry'],
  },
  timeout('connect', 'for the connection'),
  timeout('first-token', 'until the first event of a stream'),
  timeout('idle', 'between two reads of a stream'),
  { ...timeout('total', 'until the end of the reply'), replaces: ['--timeout'] },
];

function timeout(name: string, meaning: string): Flag {
  return {
    flags: `--timeout-${name} <seconds>`,
    meaning: `limit ${meaning}; 0: none`,
    parse: numberIn(0, Number.MAX_VALUE, 'seconds'),
  };
}

const LOAD: readonly Flag[] = [
  {
    flags: '--batch-size <n>',
    meaning: 'largest number of requests in flight',
    parse: whole(1, 100_000),
    replaces: ['--concurrency', '--max-concurrency', '--parallel', '--num-concurrent'],
  },
  {
    flags: '--request-rate <rate>',
    meaning: 'requests per second; 0 or inf: no fixed rate',
    parse: (text) => (text === 'inf' ? 0 : numberIn(0, FASTEST_RATE, 'requests per second')(text)),
    replaces: ['--rate', '--qps'],
  },
  { flags: '--arrival <name>', meaning: 'how requests arrive', choices: ARRIVALS },
  {
    flags: '--burstiness <shape>',
    meaning: 'gamma shape: 1 Poisson, less burstier, more smoother, 0 even',
    parse: numberIn(0, Number.MAX_VALUE, 'burstiness'),
  },
  {
    flags: '--ramp <rates>',
    meaning: 'rising rate',
    example: '2..8 or exponential:2..8',
    parse: ramp,
  },
  { flags: '--steps <steps>', meaning: 'rates one after the other', example: '10@30s,20@30s' },
  {
    flags: '--duration <seconds>',
    meaning: 'time after which nothing is sent',
    parse: numberIn(0.001, Number.MAX_VALUE, 'seconds'),
    replaces: ['--duration-seconds', '--max-seconds'],
  },
  {
    flags: '--cycle',
    meaning: 'repeat the data until another flag ends the load',
  },
  { flags: '--max-cases <n>', meaning: 'end a load test after this many samples', parse: whole(1) },
  {
    flags: '--pressure',
    meaning: '--batch-size clients, each sends again and again',
  },
  {
    flags: '--pressure-time <seconds>',
    meaning: 'length of --pressure',
    otherwise: '15',
    parse: whole(1, 86_400),
  },
  { flags: '--seed <n>', meaning: 'seed of the arrivals', otherwise: '0', parse: whole(0) },
  {
    flags: '--num-warmups <n>',
    meaning: 'requests before the measured ones',
    fallback: 1,
    parse: whole(0),
    replaces: ['--warmup'],
  },
  WORKERS_FLAG,
  WORKER_SILENCE_FLAG,
];

/** Reads `2..8`, `linear:2..8` or `exponential:2..8`. */
function ramp(text: string): RampFlag {
  const [, shape = 'linear', from, to] =
    /^(?:(linear|exponential):)?(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (from === undefined || Number(to) < Number(from) || Number(to) === 0 || Number(to) > FASTEST_RATE)
    throw new InvalidArgumentError('It is not a rising ramp: write 2..8 or exponential:2..8.');
  return {
    ramp_up_strategy: shape as RampFlag['ramp_up_strategy'],
    ramp_up_start_rps: Number(from),
    ramp_up_end_rps: Number(to),
  };
}

const REPORT: readonly Flag[] = [
  GOODPUT,
  METRIC_DIALECT,
  { flags: '--full', meaning: 'print every metric, with 95 % intervals' },
  {
    flags: '--scrape-metrics [url]',
    meaning: "read the service's own metrics",
    otherwise: 'its /metrics in load tests',
    parse: httpUrl,
  },
  { flags: '--no-scrape-metrics', meaning: "do not read the service's own metrics" },
  { flags: '--spec-decode', meaning: 'report speculative decoding, even without any' },
  {
    flags: '--max-error-rate <share>',
    meaning: 'share of failed requests above which to exit with 1',
    fallback: 0.01,
    parse: share,
  },
  { flags: '--strict', meaning: 'exit with 3 unless each load test is VALID' },
];

const RUN: readonly Flag[] = [
  { flags: '-m, --mode <mode>', meaning: 'steps of the run', fallback: 'all', choices: MODES },
  WORK_DIR,
  {
    flags: '-r, --reuse [stamp]',
    meaning: 'continue the newest run, or the one of that stamp',
    replaces: ['--resume'],
  },
  {
    flags: '-s, --search [text]',
    meaning: 'list the configs, or those with the text in their name',
  },
  {
    flags: '--dry-run',
    meaning: 'print the plan with the origin of each value; run nothing',
  },
  {
    flags: '--live <port>',
    meaning: 'serve a live page to this machine; 0: any free port',
    parse: whole(0, 65_535),
  },
  {
    flags: '--debug',
    meaning: 'log every failed request; one process sends',
  },
];

const NO_ANOMALIES = 'answers are not searched for anomalies here';

/** AISBench's flags for what is done anyway, or does not exist here. */
const COMPATIBILITY: readonly Flag[] = [
  {
    flags: '--max-num-workers <n>',
    meaning:
      'accepted, changes nothing: except in load tests the datasets of a service share --batch-size, else they run one after the other',
    parse: whole(1),
    notice:
      '--max-num-workers changes nothing: --batch-size sets how many requests are in flight; the datasets of a service share them, except where latencies are measured',
  },
  {
    flags: '--max-workers-per-gpu <n>',
    meaning: 'accepted, changes nothing: a local model has its devices for itself',
    parse: whole(1),
    notice: '--max-workers-per-gpu changes nothing: one local model is loaded at a time',
  },
  {
    flags: '--merge-ds',
    meaning: 'accepted, changes nothing: datasets share --batch-size anyway, each with its own files',
    notice:
      '--merge-ds changes nothing: datasets share --batch-size anyway, each with its own files and score',
  },
  {
    flags: '--response-anomaly',
    meaning: `accepted, changes nothing: ${NO_ANOMALIES}`,
    notice: `--response-anomaly changes nothing: ${NO_ANOMALIES}`,
  },
  { flags: '--no-response-anomaly', meaning: 'accepted: this is what happens anyway' },
  {
    flags: '--response-anomaly-payload-retention <what>',
    meaning: 'accepted, changes nothing',
    choices: ['all', 'anomalies', 'none'],
    notice: `--response-anomaly-payload-retention changes nothing: ${NO_ANOMALIES}`,
  },
  {
    flags: '--custom-dataset-infer-method <method>',
    meaning: 'accepted; the only method',
    fallback: 'gen',
    choices: ['gen'],
  },
  { flags: '--dump-eval-details', meaning: 'accepted: the verdict of every answer is always kept' },
  { flags: '--dump-extract-rate', meaning: 'accepted: extract_rate is always in the results' },
];

export const RUN_FLAGS: readonly Flag[] = [
  ...inGroup('Model and data', MODEL_AND_DATA),
  ...inGroup('Service and connection', SERVICE),
  ...inGroup('Load', LOAD),
  ...inGroup('Report', REPORT),
  ...inGroup('Run', RUN),
  ...inGroup('Remote workers', REMOTE_FLAGS),
  ...inGroup('Compatibility', COMPATIBILITY),
];

/** Returns the flags of a run without some, by their long names. */
export function runFlagsWithout(...names: readonly string[]): readonly Flag[] {
  return RUN_FLAGS.filter((flag) => !names.includes(longName(flag)));
}

/** Returns a warning for each given flag that changes nothing. */
export function noticesOn(flags: object): string[] {
  return COMPATIBILITY.flatMap((flag) => {
    const given = (flags as Readonly<Record<string, unknown>>)[attributeName(flag)];
    return given !== undefined && given !== false && flag.notice !== undefined ? [flag.notice] : [];
  });
}

/** `--max-num-workers` → `maxNumWorkers`: the key of a parsed flag. */
export function attributeName(flag: Flag): string {
  return longName(flag)
    .replace(/^--(no-)?/, '')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
