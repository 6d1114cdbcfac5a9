import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pem, pemPath } from '../../test/support/connections.ts';
import { BaseAPIModel } from '../contract/base-api-model.ts';
import { scopedText } from '../contract/finding.ts';
import type { RunFlags } from './flags.ts';
import type { Plan, ServiceModelPlan } from './plan.ts';
import { timesAsked } from './repeats.ts';
import { resolvePlan } from './resolve.ts';
import { type connectionFields, serviceModelSchema } from './schema.ts';
import type { RawEntry } from './validate.ts';

class Both extends BaseAPIModel {
  static override readonly extraOptions = ['own_key', 'mode'];
  getUrl() {
    return '';
  }
  getRequestBody() {
    return {};
  }
  override parseTextResponse() {}
  override parseStreamResponse() {}
}

const dataset = { name: 'Some', load: async () => ({ train: [], test: [] }) };
const catalog = {
  models: { Both: async () => Both as any },
  datasets: { Some: async () => dataset },
  evaluators: { Exact: 1 },
  predPostprocessors: { whole: 1 },
  datasetPostprocessors: { gold: 1 },
};

function entry(kind: string, index: number, values: Record<string, unknown>, overridden = {}): RawEntry {
  return { values, label: `${kind}.${index}`, overridden, where: (keys) => `file.yaml:${keys.join('.')}` };
}

const model = { attr: 'service', type: 'Both', abbr: 'm' };
const data = {
  abbr: 'd',
  type: 'Some',
  reader_cfg: { input_columns: ['question'] },
  infer_cfg: {
    prompt_template: { template: '{question}' },
    retriever: { type: 'Zero' },
    inferencer: { type: 'GenInferencer' },
  },
};
const flags: RunFlags = {
  models: ['x'],
  datasets: ['y'],
  mode: 'all',
  configDir: 'configs',
  numWarmups: 1,
  maxErrorRate: 0.01,
  set: [],
};

const ENV = {
  OWN_KEY: 's3cret',
  TWO_LINES: 'a\nb',
  PASSPHRASE: 'open-sesame',
  http_proxy: 'env-proxy:3128',
  no_proxy: 'lan',
};

const CONTEXT = { env: {}, cwd: process.cwd(), data: ['/data'] };

function plan(
  models: readonly Record<string, unknown>[],
  datasets: readonly Record<string, unknown>[] = [data],
  given: Partial<RunFlags> = {},
): Promise<Plan> {
  const raw = {
    models: models.map((values, index) => entry('models', index, values)),
    datasets: datasets.map((values, index) => entry('datasets', index, values)),
    summarizer: undefined,
  };
  return resolvePlan(raw, { ...flags, ...given }, catalog, { ...CONTEXT, env: ENV });
}

async function modelOf(fields: Record<string, unknown> = {}): Promise<ServiceModelPlan> {
  return (await plan([{ ...model, ...fields }])).models[0] as ServiceModelPlan;
}

interface Field {
  /** Where the value is in the plan. */
  readonly at?: (plan: ServiceModelPlan) => unknown;
  /** What is there when the config does not say. */
  readonly fallback?: unknown;
  /** Given value → value in the plan; edges of the range among them. */
  readonly takes?: readonly (readonly [unknown, unknown?])[];
  readonly refuses?: readonly unknown[];
}

const notText = [1, null, true, ['x'], {}];
const notBoolean = [1, 0, 'true', null];
const CLOSED = { kind: 'closed' };
const constant = (perSecond: number) => ({
  kind: 'paced',
  process: 'constant',
  rates: { shape: 'fixed', perSecond },
});
const kept = { takes: [['anything'], [{ a: 1 }], [[1]]] } as const;

const CONNECTION_FIELDS: Record<keyof typeof connectionFields, Field> = {
  url: {
    at: (p) => [p.options.url, p.connection.servers],
    fallback: ['', ['http://localhost:8080/']],
    takes: [
      ['http://h/v', ['http://h/v', ['http://h/v/']]],
      ['h:8000', ['h:8000', ['http://h:8000/']]],
      [
        ['http://a', 'https://b/v?x=1'],
        ['http://a', ['http://a/', 'https://b/v/?x=1']],
      ],
    ],
    refuses: ['http://', 'http://a b', 'ftp://h/', [], [''], ['http://a', 1], ['a', 'a/'], 1, null, true, {}],
  },
  urls: {
    at: (p) => p.connection.servers,
    takes: [
      [
        ['a', 'b'],
        ['http://a/', 'http://b/'],
      ],
    ],
    refuses: [[], 'http://a', ['http://a b'], ['a', 'http://a/'], null],
  },
  balance: {
    at: (p) => p.connection.balance,
    fallback: 'round_robin',
    takes: [['round_robin'], ['least_in_flight']],
    refuses: ['random', '', null],
  },
  headers: {
    at: (p) => p.options.headers,
    fallback: {},
    takes: [
      [{ 'X-Team': 'blue', 'X-Session': '{conversation_id}' }],
      [{ 'X-N': 5 }, { 'X-N': '5' }],
      [{ 'X-Key': 'a {env:OWN_KEY}' }, { 'X-Key': 'a s3cret' }],
    ],
    refuses: [
      'X-Team: blue',
      ['X-Team'],
      { 'X Team': 'blue' },
      { 'X-Team': 'a\nb' },
      { 'X-Team': '{team}' },
      { 'X-Team': '{env:NOT_THERE}' },
      { 'X-Team': '{env:TWO_LINES}' },
      { 'X-Team': null },
      { 'x-team': 'a', 'X-Team': 'b' },
      { 'Content-Length': '5' },
    ],
  },
  tls: {
    at: (p) => p.connection.tls,
    fallback: undefined,
    takes: [
      [{}, { insecure: false }],
      [{ insecure: true }],
      [{ server_name: 'a' }, { serverName: 'a', insecure: false }],
      [{ ca: pemPath('ca.pem') }, { ca: pem('ca.pem'), insecure: false }],
      [
        {
          cert: pemPath('client.pem'),
          key: pemPath('client-encrypted.key'),
          passphrase: '{env:PASSPHRASE}',
        },
        {
          cert: pem('client.pem'),
          key: pem('client-encrypted.key'),
          passphrase: 'open-sesame',
          insecure: false,
        },
      ],
    ],
    refuses: [
      { ca: 'nowhere.pem' },
      { ca: pemPath('server.key') },
      { cert: pemPath('client.pem') },
      { cert: pemPath('client.pem'), key: pemPath('server.key') },
      { cert: pemPath('client.pem'), key: pemPath('client-encrypted.key'), passphrase: 'wrong' },
      { cert: pemPath('client.pem'), key: pemPath('client-encrypted.key'), passphrase: '{env:NOT_THERE}' },
      { verify: false },
      { insecure: 'yes' },
      true,
      null,
    ],
  },
  proxy: {
    at: (p) => p.connection.proxy,
    fallback: { http: 'http://env-proxy:3128', https: '', bypass: ['lan'] },
    takes: [
      ['env', { http: 'http://env-proxy:3128', https: '', bypass: ['lan'] }],
      ['', { http: '', https: '', bypass: [] }],
      ['p:1', { http: 'http://p:1', https: 'http://p:1', bypass: [] }],
    ],
    refuses: ['socks5://p', 'http://', ...notText],
  },
  http2: { at: (p) => p.connection.http2, fallback: false, takes: [[true]], refuses: notBoolean },
  lora_mix: {
    at: (p) => p.connection.adapters,
    fallback: undefined,
    takes: [
      [
        [
          { name: 'a', weight: 3 },
          { name: '', weight: 0.5 },
        ],
        {
          kind: 'mix',
          seed: 0,
          shares: [
            { name: 'a', weight: 3 },
            { name: '', weight: 0.5 },
          ],
        },
      ],
    ],
    refuses: [[], [{ name: 'a' }], [{ name: 'a', weight: 0 }], [{ weight: 1 }], { a: 1 }, 'a', null],
  },
  lora_seed: { takes: [[0], [7]], refuses: [-1, 0.5, '1', null] },
};

const FIELDS: Record<keyof typeof serviceModelSchema.shape, Field> = {
  attr: { refuses: ['local', 'Service', '', undefined, 1] },
  type: {
    at: (p) => p.modelClass,
    takes: [
      ['Both', { module: 'ais-bench', export: 'Both', name: 'Both' }],
      [Both, { module: 'ais-bench', export: 'Both', name: 'Both' }],
    ],
    refuses: ['', undefined, 1, null, 'Bot'],
  },
  abbr: { at: (p) => p.abbr, takes: [['a'], ['名/..']], refuses: ['', undefined, 1] },
  path: { at: (p) => p.options.path, fallback: '', takes: [['/there']], refuses: notText },
  model: { at: (p) => p.options.model, fallback: '', takes: [['qwen']], refuses: notText },
  model_name: { at: (p) => p.options.model, fallback: '', takes: [['ensemble']], refuses: notText },
  stream: { at: (p) => p.options.stream, fallback: false, takes: [[true], [false]], refuses: notBoolean },
  request_rate: {
    at: (p) => p.arrival,
    fallback: CLOSED,
    takes: [
      [0, CLOSED],
      [0.0009, CLOSED],
      [0.001, constant(0.001)],
      [0.05, constant(0.05)],
      [0.1, constant(0.1)],
      [64_000, constant(64_000)],
    ],
    refuses: [-0.1, 64_000.1, '5', null, Number.NaN, Number.POSITIVE_INFINITY],
  },
  use_timestamp: { refuses: notBoolean, takes: [[true]] },
  traffic_cfg: {
    takes: [[{ burstiness: 0.5, ramp_up_strategy: 'linear', ramp_up_start_rps: 1, ramp_up_end_rps: 9 }]],
    refuses: [{ burstiness: -1 }, { ramp_up_strategy: 'cubic' }, { other: 1 }, 1, null],
  },
  retry: {
    at: (p) => p.attempts,
    fallback: 3,
    takes: [
      [0, 1],
      [2, 3],
      [1000, 1001],
    ],
    refuses: [-1, 1001, 0.5, '2', null],
  },
  api_key: { at: (p) => p.options.apiKey, fallback: '', takes: [['sk-1']], refuses: notText },
  host_ip: {
    at: (p) => p.options.hostIp,
    fallback: 'localhost',
    takes: [['10.0.0.1'], ['::1']],
    refuses: ['', 'a b', 'http://10.0.0.1', '10.0.0.1:80', ...notText],
  },
  host_port: {
    at: (p) => p.options.hostPort,
    fallback: 8080,
    takes: [[1], [65_535]],
    refuses: [0, 65_536, 80.5, '80'],
  },
  ...CONNECTION_FIELDS,
  enable_ssl: { at: (p) => p.options.enableSsl, fallback: false, takes: [[true]], refuses: notBoolean },
  max_out_len: {
    at: (p) => p.options.maxOutLen,
    fallback: 4096,
    takes: [[1], [1_000_000_000]],
    refuses: [0, 1_000_000_001, 1.5, '9'],
  },
  batch_size: {
    at: (p) => p.concurrency,
    fallback: 1,
    takes: [[1], [100_000]],
    refuses: [0, 100_001, 1.5, '9', null],
  },
  trust_remote_code: {
    at: (p) => p.options.trustRemoteCode,
    fallback: false,
    takes: [[true]],
    refuses: notBoolean,
  },
  generation_kwargs: {
    at: (p) => p.options.generationKwargs,
    fallback: {},
    takes: [
      [{ temperature: 0, nested: { a: [null] } }],
      [{ n: 2, num_return_sequences: 4, lora_data_map_file: '' }, { n: 2 }],
    ],
    refuses: [
      1,
      'x',
      null,
      [1],
      { num_return_sequences: 0 },
      { num_return_sequences: 1.5 },
      { num_return_sequences: '2' },
      { lora_data_map_file: 'nowhere.json' },
      { lora_data_map_file: 1 },
    ],
  },
  meta_template: {
    at: (p) => p.metaTemplate,
    fallback: undefined,
    takes: [[{ round: [] }]],
    refuses: [1, null, 'x'],
  },
  returns_tool_calls: { takes: [[true]], refuses: notBoolean },
  response_anomaly: kept,
  verbose: { takes: [[true]], refuses: notBoolean },
  pred_postprocessor: { takes: [[{ type: 'x' }]], refuses: ['x', 1, null] },
  summarizer_abbr: { takes: [['x']], refuses: [1, null] },
  min_out_len: { takes: [[0]], refuses: [-1, 0.5, '1'] },
  run_cfg: { takes: [[{}]], refuses: [1, 'x'] },
  timeouts: {
    at: (p) => p.timeouts,
    fallback: { connectMs: 10_000, firstTokenMs: 600_000, idleMs: 120_000, totalMs: 3_600_000 },
    takes: [
      [
        { connect: 0, first_token: 0.5, idle: 1, total: 0 },
        { connectMs: 0, firstTokenMs: 500, idleMs: 1000, totalMs: 0 },
      ],
      [{ idle: 3 }, { connectMs: 10_000, firstTokenMs: 600_000, idleMs: 3000, totalMs: 3_600_000 }],
    ],
    refuses: [{ connect: -1 }, { first: 1 }, { idle: '1' }, 5, null],
  },
};

describe.each(Object.entries(FIELDS))('model field %s', (key, { at, fallback, takes = [], refuses = [] }) => {
  if (at !== undefined && 'fallback' in FIELDS[key as keyof typeof FIELDS]) {
    it(`is ${JSON.stringify(fallback)} where the config does not say`, async () => {
      expect(at(await modelOf())).toEqual(fallback);
    });
  }
  it.each(takes.map((pair) => [pair[0], pair.length === 2 ? pair[1] : pair[0]]))(
    'takes %j',
    async (given, planned) => {
      const resolved = await modelOf({ [key]: given });
      if (at !== undefined) expect(at(resolved)).toEqual(planned);
      expect(resolved.origins[key]).toBe(`file.yaml:${key}`);
    },
  );
  it.each(refuses.map((value) => [value]))('refuses %j and names itself', async (value) => {
    await expect(modelOf({ [key]: value })).rejects.toMatchObject({
      code: expect.stringMatching(/^UTILS-CFG-00[23]$/),
      message: expect.stringContaining(key),
      where: expect.stringMatching(new RegExp(`^file\\.yaml:${key}`)),
    });
  });
});

describe('a model', () => {
  it('is tested field by field, none left out', () => {
    expect(Object.keys(FIELDS)).toEqual(Object.keys(serviceModelSchema.shape));
  });

  it('asks each row num_return_sequences times', async () => {
    expect((await modelOf()).repetitions).toBe(1);
    expect((await modelOf({ generation_kwargs: { num_return_sequences: 5 } })).repetitions).toBe(5);
  });

  it('drops old fields of AISBench’s, and still refuses a key that never was one', async () => {
    const { options } = await modelOf({ max_seq_len: 4096, rpm_verbose: true });
    expect(options).not.toHaveProperty('maxSeqLen');
    await expect(modelOf({ max_seqq_len: 1 })).rejects.toMatchObject({
      message: 'models.0 has no key "max_seqq_len"',
      cure: 'did you mean "max_out_len"?',
    });
  });

  it("hands a class's own keys to it, even under a name that is nearly ours", async () => {
    const { options } = await modelOf({ own_key: [1], mode: 'fast' });
    expect(options).toMatchObject({ ownKey: [1], mode: 'fast' });
    await expect(modelOf({ own_kee: 1 })).rejects.toMatchObject({ message: 'models.0 has no key "own_kee"' });
  });

  it.each([
    [
      { request_rate: 0.0005 },
      'm: request_rate 0.0005 is below 0.001, so requests are not paced, as in AISBench; with --arrival constant or poisson they are',
    ],
    [{ max_seq_len: 4096 }, 'm: max_seq_len has no effect: only older versions of AISBench have this field'],
    [{ use_timestamp: true }, undefined],
    [{ traffic_cfg: { burstiness: 1 } }, undefined],
    [{ pred_postprocessor: { type: 'mine' } }, 'm: pred_postprocessor has no effect in this version'],
    [{ pred_postprocessor: { type: 'extract_non_reasoning_content' } }, undefined],
    [{ request_rate: 0 }, undefined],
    [{ trust_remote_code: true }, undefined],
    [{}, undefined],
  ])('%j is noted', async (fields, note) => {
    const { findings } = await plan([{ ...model, ...fields }]);
    expect(findings.map((one) => scopedText(one))).toEqual(note === undefined ? [] : [note]);
  });

  it('that lacks a parser is refused by name', async () => {
    class Half extends BaseAPIModel {
      getUrl() {
        return '';
      }
      getRequestBody() {
        return {};
      }
    }
    const half = { ...model, type: Half };
    await expect(plan([half])).rejects.toMatchObject({
      code: 'MODEL-IMPL-001',
      message: expect.stringContaining('Half'),
    });
    await expect(plan([{ ...half, stream: true }])).rejects.toMatchObject({ code: 'MODEL-IMPL-002' });
    await expect(plan([half], [data], { mode: 'perf' })).rejects.toMatchObject({ code: 'MODEL-IMPL-002' });
  });
});

describe('a dataset', () => {
  const resolved = async (fields: Record<string, unknown>) =>
    (await plan([model], [{ ...data, ...fields }])).datasets[0]!;

  it('has defaults', async () => {
    const { config, params, origins } = await resolved({});
    expect(config).toMatchObject({
      path: '',
      reader_cfg: { input_columns: ['question'], output_column: null },
    });
    expect(config.infer_cfg.prompt_template).toEqual({ type: 'PromptTemplate', template: '{question}' });
    expect(params).toEqual({});
    expect(origins).toMatchObject({ abbr: 'file.yaml:abbr', path: 'default', eval_cfg: 'default' });
  });

  it('takes one column as text, and its own class as an object', async () => {
    const { config, datasetClass } = await resolved({
      type: dataset,
      reader_cfg: { input_columns: 'question' },
    });
    expect(config.reader_cfg.input_columns).toEqual(['question']);
    expect(datasetClass).toMatchObject({ module: 'inline', name: 'Some' });
    expect(config.type).toBe('Some');
  });

  it('has a class by its name, capitals and _ aside', async () => {
    expect((await resolved({ type: 'some' })).datasetClass).toMatchObject({ export: 'Some', name: 'Some' });
    expect((await resolved({ type: 'So_me' })).config.type).toBe('So_me');
    await expect(resolved({ type: 'Somme' })).rejects.toMatchObject({ cure: 'did you mean "Some"?' });
  });

  it("keeps keys that are its class's, unless they are nearly ours", async () => {
    expect((await resolved({ subset: 'main', q: 3 })).params).toEqual({ subset: 'main', q: 3 });
    await expect(resolved({ eval_cgf: {} })).rejects.toMatchObject({ cure: 'did you mean "eval_cfg"?' });
  });

  it.each([
    [{ abbr: '' }, 'abbr'],
    [{ path: 1 }, 'path'],
    [{ n: 0 }, 'n'],
    [{ n: 1.5 }, 'n'],
    [{ k: 0 }, 'k'],
    [{ k: [] }, 'k'],
    [{ n: 3, k: [1, '2'] }, 'k'],
    [{ reader_cfg: { input_columns: 1 } }, 'reader_cfg.input_columns'],
    [{ reader_cfg: { input_columns: [], output_colum: 'a' } }, 'reader_cfg.output_colum'],
    [{ infer_cfg: {} }, 'infer_cfg.retriever'],
    [{ eval_cfg: {} }, 'eval_cfg.evaluator'],
    [{ eval_cfg: { evaluator: { type: 'Exact' }, rules: 'own' } }, 'eval_cfg.rules'],
    [{ eval_cfg: { evaluator: { type: 'Exac' } } }, 'eval_cfg.evaluator.type'],
    [
      { eval_cfg: { evaluator: { type: 'Exact' }, pred_postprocessor: { type: 'w' } } },
      'eval_cfg.pred_postprocessor.type',
    ],
    [
      { eval_cfg: { evaluator: { type: 'Exact' }, dataset_postprocessor: { type: 'g' } } },
      'eval_cfg.dataset_postprocessor.type',
    ],
    [{ type: 'Same' }, 'type'],
  ])('%j is refused', async (fields, key) => {
    await expect(resolved(fields)).rejects.toMatchObject({
      code: expect.stringMatching(/^UTILS-CFG-00[23]$/),
      message: expect.stringContaining(key),
    });
  });
});

describe('the templates of a dataset', () => {
  const zero = { retriever: { type: 'Zero' }, inferencer: { type: 'GenInferencer' } };
  const template = '</E>{question}';
  const prompts = async (infer_cfg: object) =>
    (await plan([model], [{ ...data, infer_cfg: { ...zero, ...infer_cfg } }])).datasets[0]!.config.infer_cfg;

  it('may be one that serves for examples and question, where it has an ice_token', async () => {
    const { prompt_template, ice_template } = await prompts({
      ice_template: { template, ice_token: '</E>' },
    });
    expect(prompt_template).toBeUndefined();
    expect(ice_template).toEqual({ type: 'PromptTemplate', template, ice_token: '</E>' });
  });

  it.each([
    [{}, 'there is no prompt_template', 'prompt_template'],
    [{ ice_template: { template } }, 'ice_template has no ice_token', 'ice_template.ice_token'],
    [
      { prompt_template: { template }, ice_template: { template, ice_token: '</E>' } },
      'prompt_template has no ice_token',
      'prompt_template.ice_token',
    ],
  ])('are refused with their place, %#', async (infer_cfg, message, key) => {
    await expect(prompts(infer_cfg)).rejects.toMatchObject({
      code: 'ICLR-TYPE-001',
      message: expect.stringMatching(
        new RegExp(`^datasets\\.0\\.infer_cfg\\.${key}: malformed .*${message}`),
      ),
      where: `file.yaml:infer_cfg.${key}`,
    });
  });
});

describe('one dataset in two lists', () => {
  it('is one, be it another object', async () => {
    const twin = { ...data, infer_cfg: { ...data.infer_cfg } };
    expect(
      (await plan([model], [data, twin, { ...data, abbr: 'e' }, data])).datasets.map(({ abbr }) => abbr),
    ).toEqual(['d', 'e']);
  });

  it('is refused where its entries differ', async () => {
    const other = { ...data, reader_cfg: { input_columns: ['question'], test_range: '[0:8]' } };
    await expect(plan([model], [data, other])).rejects.toMatchObject({
      code: 'UTILS-CFG-002',
      message: 'two datasets have the abbr "d"',
    });
  });
});

describe('the category of BFCL', () => {
  const bfcl = (category: string) => ({
    ...data,
    category: 'simple',
    eval_cfg: { evaluator: { type: 'BFCLSingleTurnEvaluator', category } },
  });
  const own = { ...catalog, evaluators: { BFCLSingleTurnEvaluator: 1 } };
  const resolved = (category: string) => {
    const raw = { models: [], datasets: [entry('datasets', 0, bfcl(category))], summarizer: undefined };
    return resolvePlan(raw, flags, own, CONTEXT);
  };

  it('is one for rows and scores', async () => {
    expect((await resolved('simple')).datasets[0]!.params).toEqual({ category: 'simple' });
    await expect(resolved('multiple')).rejects.toMatchObject({
      code: 'UTILS-CFG-002',
      message:
        'datasets.0.eval_cfg.evaluator.category: it is "multiple", and the dataset\'s category is "simple"',
    });
  });
});

describe("AISBench's classes without a counterpart", () => {
  const refusal = (fields: object) =>
    plan([model], [{ ...data, ...fields }]).catch((error: unknown) => error);

  it.each([
    [{ type: 'HumanevalXDataset' }, 'type', 'HumanEval-X is not implemented yet'],
    [
      { eval_cfg: { evaluator: { type: 'VideoMMEEvaluator' } } },
      'eval_cfg.evaluator.type',
      'clips of your own',
    ],
    [
      { eval_cfg: { evaluator: { type: 'BFCLMultiTurnEvaluator' } } },
      'eval_cfg.evaluator.type',
      'of several turns',
    ],
    [{ type: 'OCRBenchV2Dataset' }, 'type', 'images of your own: mm_custom_gen'],
    [
      { eval_cfg: { evaluator: { type: 'LMMJudgeImageEditEvaluator' } } },
      'eval_cfg.evaluator.type',
      'edits images',
    ],
  ])('are refused with what is missing, %#', async (fields, key, missing) => {
    expect(await refusal(fields)).toMatchObject({
      code: 'UTILS-CFG-003',
      message: expect.stringMatching(
        new RegExp(`^datasets\\.0\\.${key}: AISBench's \\w+ does not run here: .*${missing}`),
      ),
      where: `file.yaml:${key}`,
      cure: 'run it with AISBench and read its results with ais_bench import',
    });
  });

  it.each(['MTBenchEvaluator', 'ShareGPTEvaluator'])('%s scores nothing, as in AISBench', async (type) => {
    const [only] = (await plan([model], [{ ...data, eval_cfg: { evaluator: { type } } }])).datasets;
    expect(only!.config).not.toHaveProperty('eval_cfg');
  });
});

describe('repeats', () => {
  const repeating = (times: number) => ({ ...model, generation_kwargs: { num_return_sequences: times } });
  const repeated = (fields: Record<string, unknown>) => ({ ...data, ...fields });

  it('takes one k or several', async () => {
    const kOf = async (k: unknown) => (await plan([model], [repeated({ n: 4, k })])).datasets[0]!.config.k;
    expect(await kOf(3)).toEqual([3]);
    expect(await kOf([1, 4])).toEqual([1, 4]);
    expect(await kOf(undefined)).toBeUndefined();
  });

  it.each([
    [model, { k: 2 }, 'is sent each row once'],
    [model, { n: 3, k: [1, 4] }, 'is sent each row 3 times'],
    [repeating(2), { n: 8, k: 4 }, 'is sent each row 2 times'],
  ])('a k of more answers than there will be is refused, %#', async (own, fields, message) => {
    await expect(plan([own], [repeated(fields)])).rejects.toMatchObject({
      code: 'DSET-PARAM-002',
      message: expect.stringContaining(message),
      where: 'file.yaml:k',
    });
  });

  it('a model that gives too few answers is not run on that dataset, and the rest of the matrix is', async () => {
    const { pairs, findings } = await plan(
      [model, { ...repeating(4), abbr: 'often' }],
      [repeated({ k: 2 }), { ...data, abbr: 'other' }],
    );
    expect(pairs).toEqual([
      ['m', 'other'],
      ['often', 'd'],
      ['often', 'other'],
    ]);
    expect(findings.map((one) => scopedText(one))).toEqual([
      'm is not run on d: dataset d: k is 2, but m is sent each row once; set n of the dataset to at least k, or lower k',
    ]);
  });

  it.each([
    [model, {}, 1],
    [model, { n: 3 }, 3],
    [repeating(2), {}, 2],
    [repeating(2), { n: 8 }, 2],
    [repeating(1), { n: 8 }, 1],
  ])("the model's num_return_sequences counts before the dataset's n, %#", async (own, fields, times) => {
    const { models, datasets } = await plan([own], [repeated(fields)]);
    expect(timesAsked(models[0]!, datasets[0]!.config)).toBe(times);
  });

  it('an n that has no effect is told', async () => {
    const { findings } = await plan([repeating(2)], [repeated({ n: 8 })]);
    expect(findings.map((one) => scopedText(one))).toEqual([
      'd: n 8 has no effect on m, whose num_return_sequences is 2',
    ]);
    expect((await plan([repeating(2)], [repeated({ n: 2 })])).findings).toEqual([]);
    expect((await plan([model], [repeated({ n: 8 })])).findings).toEqual([]);
  });
});

describe('the plan', () => {
  it('is frozen to the bottom', async () => {
    const whole = await plan([{ ...model, generation_kwargs: { a: { b: [{ c: 1 }] } } }]);
    const loose: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) loose.push(path);
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
    };
    visit(whole, 'plan');
    expect(loose).toEqual([]);
  });

  it('knows where every value came from', async () => {
    const raw = {
      models: [entry('models', 0, { ...model, retry: 0, batch_size: 4 }, { batch_size: '--batch-size' })],
      datasets: [entry('datasets', 0, data)],
      summarizer: undefined,
    };
    const { origins } = (await resolvePlan(raw, flags, catalog, CONTEXT)).models[0]!;
    expect(Object.keys(origins).sort()).toEqual(Object.keys(serviceModelSchema.shape).sort());
    expect(origins).toMatchObject({
      retry: 'file.yaml:retry',
      batch_size: '--batch-size',
      stream: 'default',
    });
  });

  it('takes its flags, with a work dir where none is given', async () => {
    expect(
      await plan([model], [data], { numPrompts: 3, numWarmups: 0, maxErrorRate: 1, mode: 'perf' }),
    ).toMatchObject({
      mode: 'perf',
      numPrompts: 3,
      numWarmups: 0,
      maxErrorRate: 1,
      workDir: 'outputs/default',
    });
    expect((await plan([model], [data], { workDir: 'w' })).workDir).toBe('w');
  });

  it('wants distinct names', async () => {
    const twice = { code: 'UTILS-CFG-002', message: expect.stringContaining('two ') };
    await expect(plan([model, model])).rejects.toMatchObject(twice);
    await expect(plan([model], [data, { ...data, path: 'other' }])).rejects.toMatchObject(twice);
    expect((await plan([model, { ...model, abbr: 'n' }])).models).toHaveLength(2);
  });

  it('takes a good model whatever its numbers, and the numbers arrive', async () => {
    const fields = fc.record({
      retry: fc.integer({ min: 0, max: 1000 }),
      batch_size: fc.integer({ min: 1, max: 100_000 }),
      host_port: fc.integer({ min: 1, max: 65_535 }),
      max_out_len: fc.integer({ min: 1, max: 1_000_000_000 }),
      request_rate: fc.double({ min: 0, max: 64_000, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fields, async (given) => {
        const { attempts, concurrency, arrival, options } = await modelOf(given);
        const { request_rate: rate, ...numbers } = given;
        expect([attempts - 1, concurrency, options.hostPort, options.maxOutLen]).toEqual(
          Object.values(numbers),
        );
        expect(arrival).toEqual(rate < 0.001 ? CLOSED : constant(rate));
      }),
      { numRuns: 50 },
    );
  });
});
