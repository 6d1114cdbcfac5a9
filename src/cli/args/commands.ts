/** The commands, as data: parser, `--help`, `docs/cli.md` and the hints on unknown words come from here. */
import { InvalidArgumentError } from 'commander';
import { MODEL_OVERRIDES } from '../../config/flags.ts';
import { PROTOCOL_NAMES, type ProtocolName } from '../../engine/protocol-names.ts';
import { KINDS } from '../../kit/kinds.ts';
import { parseObjective } from '../../metrics/goodput.ts';
import { parseRule } from '../../report/compare/rules.ts';
import { parseLoads } from '../../search/load-points.ts';
import { type CommandSpec, type Flag, numberIn, refusing, share, whole } from './flag.ts';
import {
  attributeName,
  CONFIG_DIR,
  GOODPUT,
  METRIC_DIALECT,
  RUN_FLAGS,
  runFlagsWithout,
  WORK_DIR,
} from './run-flags.ts';
import { K8S_FLAGS, WORKER_FLAGS } from './worker-flags.ts';

const CHAT = '--models vllm_api_stream_chat';
const DEMO = '--datasets demo_gsm8k_gen_4_shot_cot_chat_prompt';
const SYNTHETIC = '--datasets synthetic_gen_string';
const RUN_FOLDER = 'outputs/default/latest';
const CONFIG_FILE = { name: '[config]', meaning: 'file with models and datasets: .py .ts .js .yaml .json' };

const ENGINE_FLAGS: readonly Flag[] = [
  {
    flags: '--engine <engine>',
    meaning: 'sim: synthetic answers and latencies; llama: a real GGUF model',
    fallback: 'sim',
    choices: ['sim', 'llama'],
  },
  { flags: '--gguf <file>', meaning: 'model file of the llama engine' },
  { flags: '--accuracy <share>', meaning: 'sim: share of known questions answered right', parse: share },
  { flags: '--max-batch <n>', meaning: 'largest number of sequences at once', parse: whole(1) },
  { flags: '--seed <n>', meaning: 'sim: seed of answers and latencies', parse: whole(0) },
];

const SERVE_FLAGS: readonly Flag[] = [
  { flags: '--host <host>', meaning: 'address to listen on', fallback: '127.0.0.1' },
  {
    flags: '--port <port>',
    meaning: 'port to listen on; 0 picks a free one',
    fallback: 8080,
    parse: whole(0, 65_535),
  },
  {
    flags: '--protocols <names>',
    meaning: `protocols that it speaks: all, or a list of ${PROTOCOL_NAMES.join(', ')}`,
    fallback: 'all',
    parse: protocols,
  },
  { flags: '--model-name <name>', meaning: 'name of the model in requests' },
  { flags: '--api-key <key>', meaning: 'refuse requests without this key' },
  ...ENGINE_FLAGS,
];

/** Reads `all`, or names with commas between them. */
function protocols(text: string): readonly ProtocolName[] | 'all' {
  if (text === 'all') return text;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !PROTOCOL_NAMES.includes(name as ProtocolName));
  if (unknown === undefined) return names as ProtocolName[];
  throw new InvalidArgumentError(
    `There is no protocol "${unknown}". Give all, or a list of ${PROTOCOL_NAMES.join(', ')}.`,
  );
}

const REUSE_SERIES: Flag = {
  flags: '-r, --reuse [name]',
  meaning: 'continue the newest one, or the one of that name; measured points are kept',
  replaces: ['--resume'],
};

const SWEEP_FLAGS: readonly Flag[] = [
  {
    flags: '--concurrency <loads>',
    meaning: 'requests in flight',
    example: '1,2,4,8 or 1..64 (doubling) or 1..64:10 (ten points)',
    parse: refusing((text) => parseLoads(text, 'concurrency')),
  },
  {
    flags: '--rate <loads>',
    meaning: 'requests per second, written alike; Poisson arrivals without --arrival',
    parse: refusing((text) => parseLoads(text, 'rate')),
  },
  {
    flags: '-m, --mode <mode>',
    meaning: 'load tests, or load tests whose answers are scored',
    fallback: 'perf',
    choices: ['perf', 'all+perf'],
  },
  REUSE_SERIES,
];

/** Flags that every series of runs sets itself. */
const SET_BY_SERIES = ['--mode', '--search', '--reuse', '--dry-run', '--summarizer', '--ramp', '--steps'];
const SET_BY_SWEEP = [...SET_BY_SERIES, '--pressure', '--pressure-time'];
const SET_BY_SEARCH = [
  ...SET_BY_SWEEP,
  ...['--goodput', '--request-rate', '--duration', '--cycle', '--max-cases'],
];

const SEARCH_FLAGS: readonly Flag[] = [
  {
    flags: '--slo <objective>',
    meaning: 'objective that must hold; without a percentile it counts for --goodput only (repeatable)',
    example: 'ttft.p99=2000ms',
    parse: refusing(parseObjective),
    repeatable: true,
  },
  {
    flags: '--goodput <share>',
    meaning: 'share of requests that must meet every --slo at once',
    example: '0.99',
    parse: share,
  },
  {
    flags: '--over <what>',
    meaning: 'load that is raised: requests per second (Poisson) or requests in flight',
    fallback: 'rate',
    choices: ['rate', 'concurrency'],
  },
  {
    flags: '--from <load>',
    meaning: 'first load',
    otherwise: 'a short burst finds one',
    parse: numberIn(0.001, 1e6, 'load'),
  },
  { flags: '--to <load>', meaning: 'largest load to try', parse: numberIn(0.001, 1e6, 'load') },
  {
    flags: '--requests <n>',
    meaning: 'requests of a full point',
    otherwise: 'enough for 100 misses: 10000 for p99',
    parse: whole(80),
  },
  {
    flags: '--budget <n>',
    meaning: 'largest number of requests of the whole search',
    otherwise: 'five full points',
    parse: whole(100),
  },
  {
    flags: '--precision <share>',
    meaning: 'stop when the 95 % interval is within this share of the capacity',
    fallback: 0.03,
    parse: share,
  },
  REUSE_SERIES,
];

/** Flags that change a model in a run change it in a check. */
const OF_A_MODEL = new Set([...Object.keys(MODEL_OVERRIDES), 'header', 'set', 'configDir']);
const MODEL_FLAGS = RUN_FLAGS.filter((flag) => OF_A_MODEL.has(attributeName(flag)));

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: '',
    summary: 'measure accuracy and performance of large language models',
    parameters: [CONFIG_FILE],
    flags: RUN_FLAGS,
    examples: [
      ['Try it without a model: a simulated service, accuracy, then performance', 'ais_bench demo'],
      ['Accuracy of a service', `ais_bench ${CHAT} ${DEMO} --url http://localhost:8000`],
      [
        'A load test: 400 requests, 16 in flight',
        `ais_bench ${CHAT} ${SYNTHETIC} --mode perf --batch-size 16 --max-cases 400 --cycle`,
      ],
      ['Models and datasets of one config file; show the plan first', 'ais_bench my_run.py --dry-run'],
    ],
  },
  {
    name: 'demo',
    summary: 'evaluate the embedded service: accuracy, then performance',
    flags: [...ENGINE_FLAGS, WORK_DIR],
    examples: [
      ['Simulated answers and latencies', 'ais_bench demo'],
      ['A small real model on the CPU', 'ais_bench demo --engine llama --gguf model.gguf'],
    ],
  },
  {
    name: 'sweep',
    summary: 'measure one load after another and show the curve',
    parameters: [CONFIG_FILE],
    flags: SWEEP_FLAGS,
    runFlags: runFlagsWithout(...SET_BY_SWEEP),
    examples: [
      ['1, 2, 4, … 64 requests in flight', `ais_bench sweep ${CHAT} ${SYNTHETIC} --concurrency 1..64`],
      ['Poisson arrivals, answers scored', `ais_bench sweep ${CHAT} ${DEMO} --rate 1,2,4,8 --mode all+perf`],
    ],
  },
  {
    name: 'search',
    summary: 'find the largest load at which a service meets its objectives',
    parameters: [CONFIG_FILE],
    flags: SEARCH_FLAGS,
    runFlags: runFlagsWithout(...SET_BY_SEARCH),
    examples: [
      [
        'Requests per second with a P99 of the time to first token below 2 s',
        `ais_bench search ${CHAT} ${SYNTHETIC} --slo ttft.p99=2000ms`,
      ],
      [
        'Concurrency at which 99 % of the requests meet both limits',
        `ais_bench search ${CHAT} ${SYNTHETIC} --over concurrency --slo ttft=2000ms --slo tpot=50ms --goodput 0.99`,
      ],
    ],
  },
  {
    name: 'compare',
    summary: 'compare runs: what changed, and is it significant',
    parameters: [{ name: '<runs...>', meaning: `folders of two runs or more, the baseline first` }],
    flags: [
      {
        flags: '--fail-if <rule>',
        meaning: 'exit with 4 when a number changed by more, significantly (repeatable)',
        example: "'ttft.p99 > +5%' or 'accuracy < -1'",
        parse: refusing(parseRule),
        fallback: [],
        repeatable: true,
      },
      GOODPUT,
      { flags: '--markdown <file>', meaning: 'write the comparison as Markdown, for a pull request' },
      { flags: '--html <file>', meaning: 'write the comparison as a page in one file' },
      { flags: '--junit <file>', meaning: 'write the rules as JUnit test cases, for a CI server' },
      { flags: '--full', meaning: 'print every verdict that changed' },
    ],
    examples: [
      ['What changed since the first run', 'ais_bench compare 20260105_070809 20260106_070809'],
      [
        'A gate in CI',
        "ais_bench compare 20260105_070809 20260106_070809 --fail-if 'ttft.p99 > +5%' --fail-if 'accuracy < -1'",
      ],
    ],
  },
  {
    name: 'explain',
    summary: 'show what other tools would report for a run, and why',
    parameters: [{ name: '<run>', meaning: `folder of a run, e.g. ${RUN_FOLDER}` }],
    flags: [GOODPUT, METRIC_DIALECT],
    examples: [
      ['All tools side by side', `ais_bench explain ${RUN_FOLDER}`],
      ['Only vllm bench serve', `ais_bench explain ${RUN_FOLDER} --metric-dialect vllm`],
    ],
  },
  {
    name: 'export',
    summary: 'export runs as CSV, Parquet, OpenMetrics or Markdown',
    parameters: [{ name: '<runs...>', meaning: `folders of runs, e.g. ${RUN_FOLDER}` }],
    flags: [
      {
        flags: '--format <format>',
        meaning: 'csv, parquet: a table; openmetrics: the metrics; markdown: a summary',
        fallback: 'markdown',
        choices: ['csv', 'parquet', 'openmetrics', 'markdown'],
      },
      {
        flags: '--table <table>',
        meaning: 'rows of csv and parquet: requests, or scored answers',
        fallback: 'requests',
        choices: ['requests', 'samples'],
      },
      { flags: '-o, --out <file>', meaning: 'file to write', otherwise: 'standard output' },
    ],
    examples: [
      ['A summary for a pull request', `ais_bench export ${RUN_FOLDER}`],
      ['A table of the requests', `ais_bench export ${RUN_FOLDER} --format parquet --out requests.parquet`],
    ],
  },
  {
    name: 'import',
    summary: 'import a finished run of AISBench and report on it',
    parameters: [{ name: '<dir>', meaning: 'run folder of AISBench, e.g. outputs/default/20260105_070809' }],
    flags: [
      WORK_DIR,
      {
        flags: '--datasets <names...>',
        meaning: 'dataset configs with the scorers, found by abbr',
        otherwise: 'the config of the run',
      },
      CONFIG_DIR,
    ],
    examples: [['A run of AISBench', 'ais_bench import outputs/default/20260105_070809']],
  },
  {
    name: 'check',
    summary: 'send one request of each kind and show what the class reads',
    parameters: [{ name: '<model>', meaning: 'model config, by name or path, or the file of a class' }],
    flags: MODEL_FLAGS.filter(({ group }) => group !== 'Load'),
    runFlags: MODEL_FLAGS.filter(({ group }) => group === 'Load'),
    examples: [
      ['A config of your own', 'ais_bench check my_custom_api --host-port 8000'],
      ['A class without a config', 'ais_bench check ./models/my_custom_api.ts --url http://localhost:8000'],
    ],
  },
  {
    name: 'new',
    summary: 'write class, config and test of a new model class',
    parameters: [
      { name: '<kind>', meaning: 'kind of model', choices: KINDS },
      { name: '<name>', meaning: 'name of the model, e.g. my_custom_api' },
    ],
    flags: [CONFIG_DIR, { flags: '--force', meaning: 'overwrite existing files' }],
    examples: [
      ['A model behind a service', 'ais_bench new api-model my_custom_api'],
      ['A model in this process', 'ais_bench new local-model my_custom_model'],
    ],
  },
  {
    name: 'datasets',
    summary: 'list the datasets with folder or source; download one',
    examples: [
      ['What is found', 'ais_bench datasets'],
      ['Download one', 'ais_bench datasets pull gsm8k'],
    ],
  },
  {
    name: 'datasets pull',
    summary: 'download the files of a dataset',
    parameters: [{ name: '<name>', meaning: 'name in the list of ais_bench datasets' }],
    flags: [
      {
        flags: '--into <dir>',
        meaning: 'folder of datasets',
        otherwise: 'AIS_BENCH_DATASETS_CACHE, else ./datasets',
      },
      {
        flags: '--mirror <url>',
        meaning: 'download <url>/<folder>/<file>; checksums stay those of the authors',
      },
      { flags: '--force', meaning: 'replace existing files that differ' },
    ],
    examples: [
      ['From its authors', 'ais_bench datasets pull gsm8k'],
      ['From a mirror', 'ais_bench datasets pull gsm8k --mirror http://mirror.local/datasets'],
    ],
  },
  {
    name: 'serve',
    summary: 'serve a simulated or a small real model over HTTP',
    flags: SERVE_FLAGS,
    examples: [
      ['Simulated, on port 8000', 'ais_bench serve --port 8000'],
      ['A real model on the CPU', 'ais_bench serve --engine llama --gguf model.gguf'],
    ],
  },
  {
    name: 'worker',
    summary: 'send requests for runs on other machines',
    flags: WORKER_FLAGS,
    replaces: ['agent'],
    examples: [
      [
        'Join the group "load" (AIS_BENCH_NATS names the NATS server)',
        'ais_bench worker --group load --nats nats://HOST:4222',
      ],
    ],
  },
  {
    name: 'k8s',
    summary: 'print Kubernetes objects: workers, a NATS server, a run',
    parameters: [{ name: '[run...]', meaning: 'after --: arguments of a run that the cluster starts' }],
    flags: K8S_FLAGS,
    examples: [
      ['Eight workers', 'ais_bench k8s --image ais-bench:1 --replicas 8'],
      [
        'Eight workers and a run on them',
        `ais_bench k8s --image ais-bench:1 --replicas 8 -- ${CHAT} ${SYNTHETIC} --mode perf`,
      ],
    ],
  },
  {
    name: 'selftest',
    summary: 'measure how much load this machine can send',
    flags: [
      { flags: '--quick', meaning: 'one second for each measurement instead of three' },
      { flags: '--json', meaning: 'print the result as JSON' },
    ],
    examples: [
      ['Keep the result for the checks before a run', 'ais_bench selftest'],
      ['A first look, for a script', 'ais_bench selftest --quick --json'],
    ],
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of a config file, for editors',
    examples: [['For a YAML or JSON config', 'ais_bench schema > ais_bench.schema.json']],
  },
  { name: 'worker-process', summary: 'send a part of a run', hidden: true },
  { name: 'truth-server', summary: 'serve the self-test', hidden: true },
];
