/** A number that is written already, with its noun and perhaps a verb. */
export function counted(count: string, one: string, many = `${one}s`): string {
  return `${count} ${count === '1' ? one : many}`;
}

/** What is told of one request. */
interface RequestWords {
  readonly n: string;
  readonly sent: string;
  readonly took: string;
  readonly ttft: string;
  readonly tokens: string;
  readonly outcome: string;
}

export const en = {
  skip: 'Skip to the report',
  language: 'Language',
  theme: 'Theme',
  light: 'Light',
  dark: 'Dark',
  keys: 'Keys',
  close: 'Close',
  none: 'n/a',
  of: 'of',

  report: 'Report',
  tasks: 'Model and dataset',
  summary: 'Summary',
  validity: 'Run validity',
  latency: 'Latency',
  time: 'Over time',
  decoding: 'Decoding',
  server: 'Server metrics',
  failures: 'Failures',
  accuracy: 'Accuracy',
  samples: 'Samples',

  verdicts: {
    VALID: 'the numbers may be believed',
    'NOT STEADY': 'no part of the run was steady, or it was too short to show one',
    'LOAD NOT DELIVERED': 'the load that was asked for did not come about',
    'CLIENT-LIMITED': 'this machine was the bottleneck, not the service',
    'NOT ONE LOAD': 'a continued run: its sessions are loads of their own',
  } as Readonly<Record<string, string>>,
  accuracyRun: (batchSize: number) =>
    `Taken in an accuracy run at this concurrency (batch_size ${batchSize}); not a load test.`,

  requests: 'Requests',
  failed: 'failed',
  duration: 'Duration',
  requestThroughput: 'Request throughput',
  outputThroughput: 'Output throughput',
  concurrency: 'Concurrency',
  peak: 'peak',
  goodput: 'Goodput',

  percentiles: 'Percentiles',
  percentilesNote:
    'Exact, over the answered requests that needed no retry. ITL pools all gaps between events.',
  metric: 'Metric',
  average: 'Average',
  cdfNote: 'Share of requests that took at most so long.',
  serviceClock: 'service clock (from sent)',
  responseClock: 'response clock (from scheduled)',
  gapsNote: (n: string) => `Share of the ${counted(n, 'gap')} between events that lasted at most so long.`,
  atMost: 'at most',

  overview: 'Overview',
  contents: 'Contents',
  more: 'More tables',
  interval: 'Interval',
  noTasks: 'This run has nothing to show.',
  loading: 'Loading…',
  empty: 'empty',

  timeline: 'Requests',
  timelineNote:
    'A lane for each request in flight. Prefill is the time to the first token, decode from there to the last.',
  timelineHint: 'Drag to look closer, double click to see all; with keys: arrows, + and −, 0.',
  prefill: 'prefill (to the first token)',
  decode: 'decode',
  wholeAnswer: 'answer that was not streamed',
  lanes: (shown: number, of: number) => `${shown} of ${of} lanes are drawn, evenly spaced.`,
  request: (r: RequestWords) =>
    `Request ${r.n}, sent at ${r.sent}: ${r.outcome}, took ${r.took}, TTFT ${r.ttft}, tokens ${r.tokens}`,
  instant: 'Time',
  inFlight: 'in flight',
  waiting: 'waiting for the first token',
  askedFor: 'asked for',
  concurrencyNote: 'Mean number of requests in flight, and how many of them had no token yet.',
  rates: 'Request rate',
  ratesOpen: 'What was asked for, what the schedule came to, what was sent, what was answered.',
  ratesClosed: 'A closed loop sends when an answer ends; no rate was asked for.',
  scheduled: 'scheduled',
  sent: 'sent',
  answered: 'answered',
  tokensNote: 'Output tokens, counted when they arrived.',
  overTime: (name: string) => `${name} over time`,
  overTimeNote: 'By the instant at which the request was sent.',

  byPosition: 'ITL over token position',
  byPositionNote:
    'Gap before the event that brought this token of its answer. Far tokens are pooled, eight groups a doubling.',
  token: 'Token',

  serverQueue: 'Running and waiting requests',
  serverQueueNote: 'As the service counted them.',
  serverCache: 'KV cache',
  serverCacheNote: 'Share of the cache in use, as the service says.',
  running: 'running',
  queued: 'waiting',
  kvCache: 'KV cache in use',
  prefixHits: 'prefix cache hit rate',

  failedRequests: 'Failed requests',
  retriedRequests: 'Attempts that were repeated',
  retriedNote: (n: string) =>
    `${counted(n, 'request was', 'requests were')} answered after a retry; why the earlier attempts failed.`,
  kind: 'Kind',
  status: 'Status',
  count: 'Count',
  message: 'First message',
  firstRow: 'First row',

  scoreCard: 'Score',
  simulated: 'SIMULATED: this service says that its answers are made up.',
  noScore: 'no score',
  noInterval: 'No interval: all answers are of one group.',
  compat: (value: string) => `By AISBench’s own rules: ${value}`,
  verdictCounts: 'Verdicts',
  verdictNote: 'What the answers came to. Failed, unextractable and inconsistent answers are worth nothing.',
  sampleVerdicts: {
    correct: 'correct',
    partial: 'partial',
    wrong: 'wrong',
    unextractable: 'unextractable',
    inconsistent: 'inconsistent',
    truncated: 'truncated',
    failed: 'failed',
  } as Readonly<Record<string, string>>,
  outcomes: 'Extraction outcomes',
  outcomesNote: 'Which rule found the answer, and what the answer came to.',
  rule: 'Rule',
  noRule: 'no answer was found',
  ruleSets: 'Two rule sets',
  ruleSetsNote: 'Rows: our rules. Columns: AISBench’s own rules on the same answers.',
  ours: 'Our rules',

  search: 'Search',
  short: 'reference',
  found: (found: string, all: string) =>
    `${found} of ${counted(all, 'answer')}. J and K go to the next and the one before.`,
  allSamples: (n: string) =>
    n === '1' ? 'The one answer that was scored.' : `All ${n} answers that were scored.`,
  sampled: (shown: string, of: string) =>
    `A sample: ${shown} of ${counted(of, 'answer')}, evenly spaced over the dataset.`,
  cutTexts: (n: string) =>
    `${counted(n, 'long text is', 'long texts are')} cut in the middle; predictions/ holds the whole.`,
  answerText: 'Answer as it came',
  reasoning: 'Reasoning',
  toolCalls: 'Tool calls',
  reference: 'Reference',
  prompt: 'Prompt',
  extracted: 'Extracted',
  credit: 'Credit',
  why: 'Why',
  otherRules: 'By the other rules',
  finishReason: 'Finish reason',
  atLimit: 'stopped at the length limit',
  failure: 'Failure',
  earlier: (n: string) => `Earlier messages (${n})`,
  leftOut: (n: string) => ` … ${counted(n, 'character')} left out … `,

  capacity: 'Capacity',
  points: 'Points',
  overRate: 'Requests a second',
  overConcurrency: 'Requests in flight',
  askedAndAchieved: 'Asked and achieved',
  asked: 'asked',
  achievedRate: 'sent, req/s',
  answeredRate: 'answered, req/s',
  heldConcurrency: 'held in flight',
  goodShare: 'Share of good requests',
  quality: 'Score under load',
  allAnswers: 'all answers',
  intervalLow: '95 % interval, low',
  intervalHigh: '95 % interval, high',
  atSlo: 'answers that met the objectives',
  correctRate: 'Correct answers a second',

  keyList: [
    ['?', 'show these keys'],
    ['T', 'dark or light'],
    ['L', 'English or Chinese'],
    ['1 … 9', 'jump to a section'],
    ['[ ]', 'model and dataset before, after'],
    ['/', 'search the answers'],
    ['J K', 'next answer, answer before'],
    ['+ − ← → 0', 'in the timeline: closer, wider, along, all'],
  ] as readonly (readonly [string, string])[],
};

/** Every language has every word: the compiler says which is missing. */
export type Words = {
  readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : (typeof en)[Key];
};
