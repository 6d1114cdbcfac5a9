import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AisBenchError } from '../contract/errors.ts';
import { scopedText } from '../contract/finding.ts';
import { findConfigs } from './find.ts';
import type { RunFlags } from './flags.ts';
import { readRaw } from './raw.ts';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-raw-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = {
  'own/models/sub/one.yaml':
    'models:\n  - abbr: a\n    retry: 1\n    generation_kwargs:\n      stop: [x, y]\n',
  'own/models/near.yaml': 'models: [{abbr: l, attr: local, batch_size: 1}]',
  'own/models/hf.yaml':
    'models: [{abbr: h, attr: local, type: HuggingFaceVL, path: a, tokenizer_path: a}, {abbr: o, attr: local, type: Mine, path: a, tokenizer_path: b, model_kwargs: {x: 1}}, {abbr: s, path: a}]\n',
  'own/models/hashed_gen.yaml': 'models: [{abbr: no}]',
  'shipped/datasets/longbench_qmsum_gen.yaml': 'qmsum_datasets: [{abbr: q}]\n',
  'bare.mjs': 'export class MyBareAPI { getUrl() {} getRequestBody() {} parseStreamResponse() {} }',
  'py/service.py': `
import re
from ais_bench.benchmark.models import BaseAPIModel


class Splitter:
    def push(self, data): return [data]


class _Base(BaseAPIModel):
    async def parse_stream_response(self, data, output): ...


class MyService(_Base):
    def __init__(self, voice="", **options): super().__init__(**options)


def helper(): ...
`,
  'py/local.py':
    'from ais_bench.benchmark.models import BaseModel\n\n\nclass MyOwn(BaseModel):\n    def generate(self, input, max_out_len, **kwargs): ...\n',
  'py/several.py':
    'from ais_bench.benchmark.models import BaseAPIModel\n\nclass A(BaseAPIModel): ...\n\nclass B(A): ...\n',
  'py/stranger.py': 'from elsewhere import Base\n\nclass A(Base): ...\n',
  'own/models/two.json': '{"models": [{"abbr": "b"}, {"abbr": "c"}]}',
  'own/datasets/many.yaml':
    'datasets: [{abbr: d0}]\nfirst_datasets: [{abbr: d1}]\nsecond_datasets: [{abbr: d2}, {abbr: d3}]\nother: [{abbr: no}]\n',
  'own/datasets/empty.yaml': 'x_datasets: []\nother: 1\n',
  'own/datasets/text.yaml': 'x_datasets: [text]\n',
  'own/summarizers/sum.yaml': 'summarizer: {attr: accuracy}\nbrief: {attr: performance}\n',
  'shipped/models/ONE.yaml': 'models: [{abbr: hidden}]',
  'shipped/models/three.yaml': 'models: [{abbr: e}]',
};

beforeAll(() => {
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
});

function read(flags: Partial<RunFlags>) {
  const all = {
    models: [],
    datasets: [],
    mode: 'all',
    configDir: '',
    numWarmups: 0,
    maxErrorRate: 0,
    set: [],
  } as const;
  const roots = { base: process.cwd(), own: join(folder, 'own'), shipped: join(folder, 'shipped') };
  return readRaw({ ...all, ...flags }, roots, { base: roots.base, shipped: roots.shipped, entry: '' });
}

const abbrs = (entries: readonly { values: Readonly<Record<string, unknown>> }[]) =>
  entries.map(({ values }) => values['abbr']);

describe('finding', () => {
  it.each([
    [['one'], ['a']],
    [
      ['ONE', 'two'],
      ['a', 'b', 'c'],
    ],
    [['t*e'], ['e']],
    [['t*'], ['b', 'c', 'e']],
    [['one/first'], undefined],
    [['tw?'], undefined],
    [[join(folder, 'own/models/two.json')], ['b', 'c']],
  ])('models %j are %j', async (models, found) => {
    const reading = read({ models });
    if (found === undefined) await expect(reading).rejects.toMatchObject({ code: 'UTILS-MATCH-001' });
    else expect(abbrs((await reading).models)).toEqual(found);
  });

  it.each([
    ['many', ['d0', 'd1', 'd2', 'd3']],
    ['many/second_datasets', ['d2', 'd3']],
    ['many/datasets', ['d0', 'd1', 'd2', 'd3']],
    ['MANY/first_datasets', ['d1']],
  ])('datasets %s are %j', async (name, found) => {
    expect(abbrs((await read({ datasets: [name] })).datasets)).toEqual(found);
  });

  it.each([
    ['empty', 'this datasets config defines no list `datasets` or `…_datasets`'],
    ['many/third', 'this datasets config defines no list `datasets` or `…_datasets`'],
    ['text', 'x_datasets.0 is not a table of keys'],
  ])('datasets %s: %s', async (name, message) => {
    await expect(read({ datasets: [name] })).rejects.toMatchObject({ code: 'TMAN-CFG-002', message });
  });

  it('a summarizer is one table', async () => {
    const values = async (summarizer: string) => (await read({ summarizer })).summarizer?.values;
    expect(await values('sum')).toEqual({ attr: 'accuracy' });
    expect(await values('sum/brief')).toEqual({ attr: 'performance' });
    await expect(values('sum/long')).rejects.toMatchObject({ code: 'TMAN-CFG-002' });
  });

  it('entries are counted across files, and know their own file', async () => {
    const { models } = await read({ models: ['one', 'two'] });
    expect(models.map(({ label }) => label)).toEqual(['models.0', 'models.1', 'models.2']);
    expect(models[2]!.where(['abbr'])).toBe(join(folder, 'own/models/two.json:1'));
    expect(models[0]!.where(['retry'])).toBe(join(folder, 'own/models/sub/one.yaml:3'));
  });
});

describe('a file with a class and no config', () => {
  it('is a model, and takes flags as any other', async () => {
    const { models } = await read({ models: [join(folder, 'bare.mjs')], hostPort: 9, mode: 'perf' });
    expect(models[0]!.values).toMatchObject({
      attr: 'service',
      abbr: 'my_bare_api',
      stream: true,
      host_port: 9,
    });
    expect(models[0]!.where(['type'])).toBe(join(folder, 'bare.mjs'));
  });

  it('is one in Python too, with the parsers that its text shows', async () => {
    const { models } = await read({
      models: ['service', 'local'].map((name) => join(folder, `py/${name}.py`)),
    });
    expect(models.map(({ values }) => values)).toEqual([
      { attr: 'service', type: './service.py:MyService', abbr: 'my_service', stream: true },
      {
        ...{ attr: 'local', type: './local.py:MyOwn', abbr: 'my_own' },
        ...{ max_out_len: 100, batch_size: 1, max_seq_len: 2048 },
      },
    ]);
    // The class is found beside it, from wherever the command is run.
    expect(models.map(({ file }) => file)).toEqual([
      join(folder, 'py/service.py'),
      join(folder, 'py/local.py'),
    ]);
  });

  it('in Python is refused where it is not known which class is meant, or what it is', async () => {
    await expect(read({ models: [join(folder, 'py/several.py')] })).rejects.toMatchObject({
      code: 'TMAN-CFG-002',
      message: 'this file has several model classes: A, B',
      where: join(folder, 'py/several.py'),
      cure: 'write a config that names one: type: "./several.py:A"',
    });
    await expect(read({ models: [join(folder, 'py/stranger.py')] })).rejects.toMatchObject({
      code: 'TMAN-CFG-001',
      message: expect.stringContaining('a config names one'),
    });
  });
});

describe('overrides', () => {
  it('of a service leave a local model alone, and are refused where there is no other', async () => {
    const { models } = await read({ models: ['near', 'one'], hostPort: 9, batchSize: 4 });
    expect(models.map(({ values }) => [values['host_port'], values['batch_size']])).toEqual([
      [undefined, 4],
      [9, 4],
    ]);
    await expect(read({ models: ['near'], header: ['a: b'] })).rejects.toMatchObject({
      code: 'TMAN-CMD-002',
      where: '--header',
    });
  });

  it('flags replace a field of every model', async () => {
    const flags = {
      hostIp: 'h',
      hostPort: 1,
      url: 'u',
      model: 'm',
      maxOutLen: 2,
      batchSize: 3,
      retries: 0,
      requestRate: 4,
    };
    const { models } = await read({ models: ['two'], ...flags, apiKey: 'k' });
    for (const { values, overridden } of models) {
      expect(values).toMatchObject({
        host_ip: 'h',
        host_port: 1,
        url: 'u',
        model: 'm',
        max_out_len: 2,
        batch_size: 3,
        retry: 0,
        request_rate: 4,
        api_key: 'k',
      });
      expect(overridden).toEqual({
        host_ip: '--host-ip',
        host_port: '--host-port',
        url: '--url',
        model: '--model',
        max_out_len: '--max-out-len',
        batch_size: '--batch-size',
        retry: '--retries',
        request_rate: '--request-rate',
        api_key: '--api-key',
      });
    }
  });

  it('flags reach into tables, and say so together', async () => {
    const flags = {
      timeoutConnect: 1,
      timeoutFirstToken: 2,
      timeoutIdle: 0,
      timeoutTotal: 9,
      insecure: true,
    };
    const { models } = await read({ models: ['one'], ...flags, set: ['models.0.timeouts.idle=5'] });
    expect(models[0]!.values).toMatchObject({
      timeouts: { connect: 1, first_token: 2, idle: 5, total: 9 },
      tls: { insecure: true },
    });
    expect(models[0]!.overridden).toEqual({
      timeouts:
        '--timeout-connect, --timeout-first-token, --timeout-idle, --timeout-total, --set models.0.timeouts.idle',
      tls: '--insecure',
    });
  });

  it('a header of the command line takes the place of the file’s', async () => {
    const header = ['X-Team: blue', 'x-session:{turn}', 'X-Session: a: b'];
    const { models } = await read({
      models: ['one'],
      header,
      set: [],
    });
    expect(models[0]!.values).toMatchObject({ headers: { 'X-Team': 'blue', 'X-Session': 'a: b' } });
    expect(Object.keys(models[0]!.values['headers'] as object)).toHaveLength(2);
    expect(models[0]!.overridden).toEqual({ headers: '--header' });
  });

  it.each(['X-Team blue sk-secret', ': sk-secret', 'sk-secret'])(
    '%s is no header, and is not repeated',
    async (line) => {
      const error = await read({ models: ['one'], header: [line] }).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'TMAN-CMD-002', where: '--header' });
      expect(JSON.stringify([error.message, error.cure])).not.toContain('sk-secret');
    },
  );

  it.each([
    ['models.0.retry=5', { retry: 5 }],
    ['models.0.retry=five', { retry: 'five' }],
    ['models.0.model=a=b', { model: 'a=b' }],
    ['models.0.model=', { model: '' }],
    ['models.0.model="5"', { model: '5' }],
    ['models.0.stream=true', { stream: true }],
    ['models.0.traffic_cfg=null', { traffic_cfg: null }],
    [
      'models.0.generation_kwargs.temperature=0.5',
      { generation_kwargs: { stop: ['x', 'y'], temperature: 0.5 } },
    ],
    ['models.0.generation_kwargs.stop.1=z', { generation_kwargs: { stop: ['x', 'z'] } }],
    ['models.0.generation_kwargs={"a":[1]}', { generation_kwargs: { a: [1] } }],
    ['models.0.timeouts.first_token=1', { timeouts: { first_token: 1 } }],
    ['models.0.abbr.deeper=1', { abbr: { deeper: 1 } }],
    ['models.0.model=two\nlines', { model: 'two\nlines' }],
  ])('--set %s', async (assignment, changed) => {
    const [, key] = /^(models\.0\.[^=]+)=/.exec(assignment)!;
    const { models } = await read({ models: ['one'], set: [assignment] });
    const before = { abbr: 'a', retry: 1, generation_kwargs: { stop: ['x', 'y'] } };
    expect(models[0]!.values).toEqual({ ...before, ...changed });
    expect(models[0]!.overridden).toEqual({ [Object.keys(changed)[0]!]: `--set ${key}` });
  });

  it('--set reaches one entry, of datasets too, and comes after the flags', async () => {
    const { models, datasets } = await read({
      models: ['two'],
      datasets: ['many'],
      batchSize: 7,
      set: ['models.1.batch_size=8', 'datasets.3.reader_cfg.test_range=[0:2]', 'models.1.batch_size=9'],
    });
    expect(models.map(({ values }) => values['batch_size'])).toEqual([7, 9]);
    expect(datasets.map(({ values }) => values['reader_cfg'])).toEqual([
      undefined,
      undefined,
      undefined,
      { test_range: '[0:2]' },
    ]);
  });

  it.each([
    'models.1.retry=1',
    'datasets.0.path=x',
    'models.retry=1',
    'models.0=x',
    'model.0.x=1',
    'models.-1.a=1',
    'x',
    '',
  ])('--set %j names nothing', async (assignment) => {
    await expect(read({ models: ['one'], set: [assignment] })).rejects.toMatchObject({
      code: 'TMAN-CMD-002',
      where: '--set',
    });
  });

  it('--set past the end of a list names nothing', async () => {
    const set = ['models.0.generation_kwargs.stop.2=z'];
    await expect(read({ models: ['one'], set })).rejects.toMatchObject({ code: 'TMAN-CMD-002' });
  });

  it('whatever is set arrives, and nothing else changes', async () => {
    const key = fc.stringMatching(/^[a-z_]{1,10}$/);
    const keys = fc.array(key, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(keys, fc.jsonValue(), async (path, value) => {
        const set = [`models.0.${path.join('.')}=${JSON.stringify(value)}`];
        const [{ values }] = (await read({ models: ['three'], set })).models as any;
        const arrived = path.reduce((inner, one) => inner[one], values);
        expect(arrived).toEqual(JSON.parse(JSON.stringify(value)));
        if (path[0] !== 'abbr') expect(values.abbr).toBe('e');
        expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
      }),
      { numRuns: 50 },
    );
  });

  it('--set __proto__ makes a key and no prototype', async () => {
    const { models } = await read({ models: ['one'], set: ['models.0.__proto__.polluted=1'] });
    expect(Object.keys(models[0]!.values)).toContain('__proto__');
    expect(({} as any).polluted).toBeUndefined();
  });
});

describe('a tokenizer beside a model whose path is replaced', () => {
  const tokenizers = async (...set: string[]) => {
    const { models, findings = [] } = await read({ models: ['hf'], set });
    return [models.map(({ values }) => values['tokenizer_path']), ...findings.map((one) => scopedText(one))];
  };

  it('follows it where the file has both from one folder', async () => {
    expect(await tokenizers('models.0.path=w')).toEqual([
      ['w', 'b', undefined],
      'h: tokenizer_path was the same as path in the config and follows it: w instead of a',
    ]);
  });

  it('is reported where it is another model’s', async () => {
    expect(await tokenizers('models.1.path=w')).toEqual([
      ['a', 'b', undefined],
      'o: the tokenizer is that of b, the model that of w',
    ]);
  });

  it('is taken as it is where it is given, and nothing is said of a path that stays', async () => {
    expect(await tokenizers('models.0.path=w', 'models.0.tokenizer_path=v')).toEqual([['v', 'b', undefined]]);
    expect(await tokenizers('models.2.path=w')).toEqual([['a', 'b', undefined]]);
  });
});

it('--trust-remote-code reaches what loads a local model', async () => {
  const { models } = await read({ models: ['hf'], trustRemoteCode: true });
  const trust = { trust_remote_code: true };
  expect(models.map(({ values }) => values)).toMatchObject([
    { model_kwargs: trust, tokenizer_kwargs: trust },
    { model_kwargs: { x: 1, ...trust } },
    trust,
  ]);
  expect(models[1]!.values).not.toHaveProperty('tokenizer_kwargs');
});

it.each(['longbench_qmsum_gen_6b3efc', 'LONGBENCH_qmsum_gen_FFFFFF'])(
  '%s is the config without the hash',
  async (name) => {
    expect(abbrs((await read({ datasets: [name] })).datasets)).toEqual(['q']);
  },
);

it.each(['longbench_qmsum_gen_6b3ef', 'longbench_none_gen_6b3efc'])('%s is no name', async (name) => {
  await expect(read({ datasets: [name] })).rejects.toMatchObject({ code: 'UTILS-MATCH-001' });
});

it('a hash is part of any other name', async () => {
  await expect(read({ models: ['hashed_gen_6b3efc'] })).rejects.toMatchObject({ code: 'UTILS-MATCH-001' });
});

it('a config that is nowhere is answered with the folders that were searched', async () => {
  const roots = {
    ...{ base: folder, own: join(folder, 'own'), models: join(folder, 'models') },
    ...{ guide: join(folder, 'ais_bench/benchmark/configs'), shipped: join(folder, 'shipped') },
  };
  const where = (kind: 'models' | 'datasets' | 'summarizers') => {
    try {
      findConfigs(kind, 'zebra', roots);
    } catch (error) {
      return (error as AisBenchError).where;
    }
    return undefined;
  };
  expect(where('models')).toBe(
    './own/models, ./models, ./ais_bench/benchmark/configs/models and the shipped configs',
  );
  expect(where('datasets')).toBe(
    './own/datasets, ./ais_bench/benchmark/configs/datasets and the shipped configs',
  );
  expect(where('summarizers')).toBe(
    './own/summarizers, ./ais_bench/benchmark/configs/summarizers and the shipped configs',
  );
});
