import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scopedText } from '../contract/finding.ts';
import { listConfigs } from './find.ts';
import type { RunFlags } from './flags.ts';
import { type RawConfig, readRaw } from './raw.ts';

const FLAGS = {
  models: [],
  datasets: [],
  mode: 'all',
  configDir: '',
  numWarmups: 0,
  maxErrorRate: 0,
  set: [],
} as const;

function folder(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'ais-bench-config-file-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function read(root: string, flags: Partial<RunFlags>): Promise<RawConfig> {
  const roots = {
    base: process.cwd(),
    own: join(root, 'own'),
    shipped: join(root, 'shipped'),
    guide: join(root, 'guide'),
  };
  return readRaw({ ...FLAGS, ...flags }, roots, { base: roots.base, shipped: roots.shipped, entry: '' });
}

const abbrs = (entries: RawConfig['models']) => entries.map(({ values }) => values['abbr']);

const PAIR = "models = [dict(abbr='m')]\ndatasets = [dict(abbr='d')]\n";

describe('a config file that holds everything', () => {
  it.each([
    ['py', `${PAIR}summarizer = dict(attr='accuracy')\nwork_dir = 'w'\n`],
    ['yaml', 'models: [{abbr: m}]\ndatasets: [{abbr: d}]\nsummarizer: {attr: accuracy}\nwork_dir: w\n'],
    [
      'json',
      '{"models": [{"abbr": "m"}], "datasets": [{"abbr": "d"}], "summarizer": {"attr": "accuracy"}, "work_dir": "w"}',
    ],
    [
      'mjs',
      "export const models = [{ abbr: 'm' }], datasets = [{ abbr: 'd' }], summarizer = { attr: 'accuracy' }, work_dir = 'w';",
    ],
  ])('is read in the form .%s, and flags lie over it', async (extension, text) => {
    const root = folder({ [`c.${extension}`]: text });
    const raw = await read(root, {
      config: join(root, `c.${extension}`),
      batchSize: 7,
      set: ['datasets.0.path=p'],
    });
    expect(raw.models[0]).toMatchObject({ values: { abbr: 'm', batch_size: 7 }, label: 'models.0' });
    expect(raw.datasets[0]!.values).toEqual({ abbr: 'd', path: 'p' });
    expect(raw.summarizer!.values).toEqual({ attr: 'accuracy' });
    expect(raw).toMatchObject({ workDir: 'w', findings: [] });
  });

  it('says what has no effect', async () => {
    const more =
      'attack = 1\nresponse_anomaly = dict(enabled=True)\ninfer = dict(runner=dict(max_num_workers=2))\neval = None\n';
    const root = folder({ 'c.py': PAIR + more });
    const { findings = [], workDir } = await read(root, { config: join(root, 'c.py') });
    expect(workDir).toBeUndefined();
    expect(findings.map((one) => scopedText(one))).toEqual([
      'infer: partitioner and runner have no effect: tasks run one after the other',
      'attack has no effect in this version',
      'response_anomaly has no effect in this version',
    ]);
  });

  it('chooses pairs of models and datasets', async () => {
    const lists = "models = [dict(abbr='m'), dict(abbr='n')]\ndatasets = [dict(abbr='d'), dict(abbr='e')]\n";
    const groups =
      'model_dataset_combinations = [dict(models=models[:1], datasets=datasets), dict(models=models, datasets=[datasets[1]])]\n';
    const root = folder({ 'c.py': lists + groups, 'all.py': lists });
    expect((await read(root, { config: join(root, 'c.py') })).pairs).toEqual([
      ['m', 'd'],
      ['m', 'e'],
      ['n', 'e'],
    ]);
    expect((await read(root, { config: join(root, 'all.py') })).pairs).toBeUndefined();
  });

  it.each([
    [
      'from a.b import EmptyTask\ninfer = dict(runner=dict(task=dict(type=EmptyTask)))',
      'UTILS-CFG-002',
      /infer\.runner\.task is EmptyTask: it asks nothing/,
      4,
    ],
    [
      "eval = dict(runner=dict(task=dict(type='TAU2BenchTask')))",
      'UTILS-CFG-002',
      /is TAU2BenchTask: it needs the Python package tau2/,
      3,
    ],
    [
      "eval = dict(runner=dict(task=dict(type='ais_bench.benchmark.tasks.x.OtherTask')))",
      'UTILS-CFG-002',
      /eval\.runner\.task is OtherTask/,
      3,
    ],
    ['model_dataset_combinations = []', 'UTILS-CFG-002', /leaves nothing to run/, 3],
    [
      "model_dataset_combinations = [dict(models=models, datasets=[dict(abbr='x')])]",
      'UTILS-CFG-002',
      /names "x", which the list datasets does not hold/,
      3,
    ],
    ['work_dir = ""', 'UTILS-CFG-002', /work_dir is no path/, 3],
    ['datasets = dict()', 'TMAN-CFG-002', /defines no list `datasets`/, undefined],
    ['models = [1]', 'TMAN-CFG-002', /models\.0 is not a table/, 3],
  ])('is refused: %s', async (more, code, message, line) => {
    const root = folder({ 'c.py': `${PAIR}${more}\n` });
    await expect(read(root, { config: join(root, 'c.py') })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      where: expect.stringMatching(line === undefined ? /c\.py/ : new RegExp(`c\\.py:${line}$`)),
    });
  });
});

describe('configs in Python by name', () => {
  it('give every list that ends with _datasets, as AISBench does, and `datasets` where there is none', async () => {
    const root = folder({
      'own/datasets/sum.py':
        "a_datasets = [dict(abbr='a')]\nb_datasets = [dict(abbr='b')]\ndatasets = sum((v for k, v in list(locals().items()) if k.endswith('_datasets')), [])\n",
      'own/datasets/plain.py': "datasets = [dict(abbr='d')]\n",
    });
    expect(abbrs((await read(root, { datasets: ['sum'] })).datasets)).toEqual(['a', 'b']);
    expect(abbrs((await read(root, { datasets: ['sum/b_datasets'] })).datasets)).toEqual(['b']);
    expect(abbrs((await read(root, { datasets: ['plain'] })).datasets)).toEqual(['d']);
  });

  it('give a dataset of two lists once, in the place that --set counts', async () => {
    const root = folder({
      'own/datasets/sum.py':
        "a_datasets = [dict(abbr='a', n=1)]\nb_datasets = [dict(abbr='b')]\nall_datasets = a_datasets + b_datasets + [dict(abbr='a', n=2)]\n",
    });
    const { datasets } = await read(root, {
      datasets: ['sum', 'sum'],
      set: ['datasets.1.n=5', 'datasets.3.n=7'],
    });
    expect(datasets.map(({ values }) => [values['abbr'], values['n']])).toEqual([
      ['a', 1],
      ['b', 5],
      ['a', 2],
      ['a', 7],
      ['b', undefined],
      ['a', 2],
    ]);
  });

  it('are found among the collections too, after the datasets', async () => {
    const root = folder({
      'own/dataset_collections/chat.py':
        'from mmengine.config import read_base\nwith read_base():\n    from ..datasets.a import a_datasets\ndatasets = a_datasets\n',
      'own/dataset_collections/a.py': "datasets = [dict(abbr='no')]\n",
      'own/datasets/a.py': "a_datasets = [dict(abbr='a')]\n",
    });
    expect(abbrs((await read(root, { datasets: ['chat', 'a'] })).datasets)).toEqual(['a', 'a']);
  });

  it('are found in the user’s folder, the guide’s and the shipped one, in this order', async () => {
    const model = (abbr: string) => `models = [dict(abbr='${abbr}')]\n`;
    const root = folder({
      'own/models/deep/one.py': model('own'),
      'shipped/models/one.py': model('no'),
      'shipped/models/two.yaml': 'models: [{abbr: no}]',
      'shipped/models/five.yaml': 'models: [{abbr: shipped}]',
      'guide/models/two.py': model('guide'),
      'guide/models/three.py': model('guide'),
      'own/models/four.json': '{"models": [{"abbr": "json"}]}',
      'own/models/four.py': model('no'),
      'own/models/__init__.py': '',
    });
    const { models } = await read(root, { models: ['ONE', 'two', 'three', 'four', 'five'] });
    expect(abbrs(models)).toEqual(['own', 'guide', 'guide', 'json', 'shipped']);
    const roots = {
      base: process.cwd(),
      own: join(root, 'own'),
      shipped: join(root, 'shipped'),
      guide: join(root, 'guide'),
    };
    expect(listConfigs('models', roots).map(({ name }) => name)).toEqual([
      'four',
      'one',
      'three',
      'two',
      'five',
    ]);
  });

  it('of models may lie among the classes, behind the user’s own and before the guide’s', async () => {
    const model = (abbr: string) => `models = [dict(abbr='${abbr}')]\n`;
    const root = folder({
      'own/models/one.py': model('own'),
      'models/one.py': model('no'),
      'models/two.py': model('among'),
      'models/deep/three.yaml': 'models: [{abbr: yaml}]',
      'models/words.ts': "export const words = 'no config';\n",
      'models/mine.py': 'class Mine:\n    models = []\n',
      'models/weights/tokenizer.json': '{"vocab": {"models": 5}}',
      'models/weights/large.json': `{"models": ["${'x'.repeat(1_048_576)}"]}`,
      'guide/models/two.py': model('no'),
    });
    const roots = {
      ...{ base: root, own: join(root, 'own'), models: join(root, 'models') },
      ...{ guide: join(root, 'guide'), shipped: join(root, 'shipped') },
    };
    const context = { base: root, shipped: roots.shipped, entry: '' };
    const { models } = await readRaw({ ...FLAGS, models: ['one', 'two', 'three'] }, roots, context);
    expect(abbrs(models)).toEqual(['own', 'among', 'yaml']);
    expect(models.map(({ file }) => file)).toEqual([
      join(root, 'own/models/one.py'),
      join(root, 'models/two.py'),
      join(root, 'models/deep/three.yaml'),
    ]);
    expect(listConfigs('models', roots).map(({ name }) => name)).toEqual(['one', 'three', 'two']);
  });

  it('tell the line of a value', async () => {
    const root = folder({ 'own/models/one.py': "models = [\n  dict(\n    abbr='a',\n  ),\n]\n" });
    const [entry] = (await read(root, { models: ['one'] })).models;
    expect(entry!.where(['abbr'])).toMatch(/one\.py:3$/);
    expect(entry!.where(['none'])).toMatch(/one\.py:2$/);
  });
});

describe('a section whose name is a slip away', () => {
  const file = (more: string) => ({ 'a.yaml': `models: [{abbr: m}]\ndatasets: [{abbr: d}]\n${more}\n` });

  it.each([
    ['summarizr: {attr: accuracy}', 'did you mean "summarizer"?'],
    ['work_dirr: w', 'did you mean "work_dir"?'],
  ])('%s is refused', async (line, cure) => {
    const root = folder(file(line));
    await expect(read(root, { config: join(root, 'a.yaml') })).rejects.toMatchObject({
      code: 'UTILS-CFG-002',
      where: `${join(root, 'a.yaml')}:3`,
      cure,
    });
  });

  it.each(['model: {abbr: base}', 'x-defaults: {a: 1}', 'vals: [1]'])(
    '%s is the file’s own',
    async (line) => {
      const root = folder(file(line));
      expect(abbrs((await read(root, { config: join(root, 'a.yaml') })).models)).toEqual(['m']);
    },
  );

  it('is a variable in Python', async () => {
    const root = folder({ 'a.py': `${PAIR}summarizr = 1\n` });
    expect(abbrs((await read(root, { config: join(root, 'a.py') })).models)).toEqual(['m']);
  });
});

it('a name where a config must stand is told where it belongs', async () => {
  const root = folder({ 'a.yaml': 'models: [{abbr: m}]\ndatasets: [gsm8k_gen]\n' });
  await expect(read(root, { config: join(root, 'a.yaml') })).rejects.toMatchObject({
    cure: expect.stringContaining('given with --datasets'),
  });
});
