import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { shipped } from './basics/package-folder.ts';
import { inlineRef } from './config/class-source.ts';
import { listConfigs } from './config/find.ts';
import { defineConfig, type RunConfig } from './config/flags.ts';
import { configRoots } from './config/places.ts';
import { type Plan, planHash } from './config/plan.ts';
import { BaseModel } from './contract/base-model.ts';
import { loadDataset, loadModelClass } from './load-class.ts';
import { placedAt, resolveConfig } from './resolve.ts';
import { prepareTasks } from './sending/prepare.ts';
import { sampleAt } from './sending/shape.ts';

const root = mkdtempSync(join(tmpdir(), 'ais-bench-resolve-'));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(folders++));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const resolve = (config: RunConfig, cwd = root, env: Readonly<Record<string, string>> = {}) =>
  resolveConfig(config, { cwd, env });
const copied = (plan: Plan): Plan => JSON.parse(JSON.stringify(plan));

/** The same folder elsewhere, as on another host: nothing of it was loaded in this process. */
function elsewhere(folder: string): string {
  const other = join(root, `host-${folders++}`);
  cpSync(folder, other, { recursive: true });
  return other;
}

const MODEL = 'vllm_api_general_chat';
const DATASET = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';
const names = (kind: 'models' | 'datasets') =>
  listConfigs(kind, { ...configRoots('none', root), own: shipped('configs') }).map(({ name }) => name);

const OWN_TS = `import { BaseAPIModel } from 'ais-bench';
import { PREFIX } from './prefix.ts';
export class Own extends BaseAPIModel {
  static override readonly extraOptions = ['greeting'];
  static override readonly fixesLength = true;
  getUrl() { return this.baseUrl; }
  getRequestBody(input) { return { ask: PREFIX + this.options.greeting + input }; }
  parseTextResponse(data, output) { output.content = data.said; }
}
`;
const OWN = {
  'models/own.ts': OWN_TS,
  'models/prefix.ts': "export const PREFIX = 'Be brief. ';",
  'models/heard.py': `from ais_bench.benchmark.models import BaseAPIModel

class Heard(BaseAPIModel):
    def __init__(self, path="", reply_language="en"):
        super().__init__(path=path)

    def parse_text_response(self, data, output):
        output.content = data["said"]
`,
  'configs/models/mine.ts': `import { BaseModel } from 'ais-bench';
class Hidden extends BaseModel { async generate(inputs) { return inputs.map(() => 'x'); } }
export const models = [
  { attr: 'service', type: 'Own', abbr: 'own', greeting: 'Now. ' },
  { attr: 'service', type: 'Heard', abbr: 'heard', reply_language: 'de' },
  { attr: 'local', type: Hidden, abbr: 'hidden', path: 'weights', max_out_len: 5, batch_size: 2, max_seq_len: 99 },
];`,
  'configs/datasets/rows.ts': `const rows = {
  name: 'Rows',
  reference: (row) => row.answer,
  load: async () => ({ train: [], test: [{ question: 'q', answer: 'a' }] }),
};
const judge = { attr: 'service', type: 'Own', greeting: '', host_port: 81, api_key: 'judge-secret' };
export const rows_datasets = [{
  abbr: 'rows', type: rows,
  reader_cfg: { input_columns: ['question'], output_column: 'answer' },
  infer_cfg: { prompt_template: { template: '{question}' }, retriever: { type: 'ZeroRetriever' }, inferencer: { type: 'GenInferencer' } },
  judge_infer_cfg: { judge_model: judge, prompt_template: { template: '{prediction}' } },
}];`,
};

describe('a plan is plain data', () => {
  it.each(names('models'))('of model config %s', async (name) => {
    const plan = await resolve({ models: [name], datasets: [DATASET] });
    expect(copied(plan)).toStrictEqual(plan);
    expect(planHash(copied(plan))).toBe(planHash(plan));
    for (const { modelClass } of plan.models)
      expect((await loadModelClass(modelClass, root)).name).toBe(modelClass.name);
  });

  it.each(names('datasets'))('of dataset config %s', async (name) => {
    const plan = await resolve({ models: [MODEL], datasets: [name] });
    expect(copied(plan)).toStrictEqual(plan);
    for (const { datasetClass } of plan.datasets)
      expect((await loadDataset(datasetClass, root)).name).toBe(datasetClass.name);
  });

  it('with what flags say of it', async () => {
    const plan = await resolve({
      ...{ models: [MODEL], datasets: [DATASET], mode: 'perf', url: ['http://a', 'http://b'] },
      ...{ steps: '10@30s,20@30s', duration: 60, header: ['X-Team: blue'], numPrompts: 3, nonce: 'n' },
      ...{ summarizer: { attr: 'performance', stats_list: ['P99'] }, set: ['models.0.batch_size=7'] },
    });
    expect(copied(plan)).toStrictEqual(plan);
    expect(plan).toMatchObject({ numPrompts: 3, load: { durationMs: 60_000 }, models: [{ concurrency: 7 }] });
  });

  it('where classes are the user’s own, and loads them where it is sent', async () => {
    const folder = folderWith(OWN);
    const plan = await resolve({ models: ['mine'], datasets: ['rows'] }, folder);
    expect(
      plan.models.map(({ modelClass: { module, export: place, name } }) => [module, place, name]),
    ).toEqual([
      ['./models/own.ts', 'Own', 'Own'],
      ['./models/heard.py', 'Heard', 'Heard'],
      ['./configs/models/mine.ts', 'models.2.type', 'Hidden'],
    ]);
    const [dataset] = plan.datasets;
    expect(dataset!.datasetClass).toMatchObject({
      ...{ module: './configs/datasets/rows.ts', export: 'rows_datasets.0.type', name: 'Rows' },
      code: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(dataset!.judge!.model.modelClass.module).toBe('./models/own.ts');
    expect(copied(plan)).toStrictEqual(plan);

    const there = placedAt(copied(plan), { cwd: elsewhere(folder), env: {} });
    const [here, sent] = [await prepareTasks(plan), await prepareTasks(there)];
    expect(sent).toHaveLength(3);
    expect(sent.map(({ source }) => sampleAt(source, 0).ref)).toEqual(
      here.map(({ source }) => sampleAt(source, 0).ref),
    );
    expect(sent.map(({ source }) => sampleAt(source, 0).first.gold)).toEqual(['a', 'a', 'a']);
    const classes = await Promise.all(
      there.models.map(({ modelClass }) => loadModelClass(modelClass, there.places.base)),
    );
    expect(classes.map(({ name }) => name)).toEqual(['Own', 'Heard', 'Hidden']);
    const again = await loadModelClass(there.models[0]!.modelClass, there.places.base);
    expect(again).toBe(classes[0]);
    expect(there.models[0]).toMatchObject({ methods: ['parseTextResponse'], fixesLength: true });
    expect(there.models[1]!.modelClass.service).toEqual({
      ...{ parsesText: true, parsesStream: false, extraOptions: ['reply_language'] },
    });
    expect(planHash(there)).toBe(planHash(plan));
  });

  it('that is not run with other code, or where the code is not', async () => {
    const folder = folderWith(OWN);
    const plan = await resolve({ models: ['mine'], datasets: ['rows'] }, folder);
    const [own, heard] = plan.models.map(({ modelClass }) => modelClass);
    const other = elsewhere(folder);
    writeFileSync(join(other, 'models/prefix.ts'), "export const PREFIX = 'Be long. ';");
    rmSync(join(other, 'models/heard.py'));
    for (const [ref, why] of [
      [own!, 'the class Own cannot be loaded: it is not the one that the run was planned with'],
      [heard!, 'the class Heard cannot be loaded: '],
    ] as const)
      await expect(loadModelClass(ref, other)).rejects.toMatchObject({
        code: 'WORKER-CODE-001',
        message: expect.stringContaining(why),
        cure: expect.stringContaining('copy the class'),
      });
    const rows = plan.datasets[0]!.datasetClass;
    await expect(loadDataset({ ...rows, code: 'other' }, other)).rejects.toMatchObject({
      code: 'WORKER-CODE-001',
    });
  });

  it('or says why it cannot be', async () => {
    const entry = {
      attr: 'local',
      abbr: 'm',
      path: 'w',
      max_out_len: 1,
      batch_size: 1,
      max_seq_len: 9,
    } as const;
    const type = (await import('./models/local/llama.ts')).GGUFBaseModel;
    for (const [value, what] of [
      [() => 'x', 'a function'],
      [new Map(), 'no plain data'],
      [/x/, 'no plain data'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
    ])
      await expect(resolve({ models: [{ ...entry, type, tokens: { inner: value } }] })).rejects.toMatchObject(
        {
          code: 'UTILS-CFG-002',
          message: `models.0.options.tokens.inner is ${what}: a plan is made of what JSON can hold`,
        },
      );
  });
});

describe('a program may hand over', () => {
  class Inline extends BaseModel {
    async generate() {
      return ['x'];
    }
  }
  const rows = { name: 'Rows', load: async () => ({ train: [], test: [{ question: 'q' }] }) };
  const dataset = {
    ...{ abbr: 'rows', type: rows, reader_cfg: { input_columns: ['question'] } },
    infer_cfg: {
      prompt_template: { template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
  };
  const entry = { attr: 'local', path: 'w', max_out_len: 1, batch_size: 1, max_seq_len: 9 } as const;

  it('entries and classes, which this process alone can load', async () => {
    const config = defineConfig({
      models: [MODEL, { ...entry, type: Inline, abbr: 'mine' }],
      datasets: [dataset],
      batchSize: 4,
    });
    const plan = await resolve(config);
    expect(plan.models.map(({ abbr, concurrency }) => [abbr, concurrency])).toEqual([
      ['vllm-api-general-chat', 4],
      ['mine', 4],
    ]);
    expect(plan).toMatchObject({
      mode: 'all',
      numWarmups: 1,
      maxErrorRate: 0.01,
      workDir: 'outputs/default',
    });
    const { modelClass } = plan.models[1]!;
    expect(modelClass).toMatchObject({ module: 'inline', name: 'Inline' });
    expect(await loadModelClass(copied(plan).models[1]!.modelClass, 'elsewhere')).toBe(Inline);
    expect(await loadDataset(plan.datasets[0]!.datasetClass, 'elsewhere')).toBe(rows);
    expect(await prepareTasks(copied(plan))).toHaveLength(2);
    expect(inlineRef(Inline).export).toBe(modelClass.export);
    await expect(loadModelClass({ ...modelClass, export: 'of another process' }, root)).rejects.toMatchObject(
      {
        ...{ code: 'WORKER-CODE-001', where: 'inline' },
        cure: expect.stringContaining('export it from a file'),
      },
    );
  });

  it('a bare class, and what is wrong is said by its place', async () => {
    const plan = await resolve({ models: [Inline], datasets: [dataset], set: ['models.0.path=w'] });
    expect(plan.models[0]).toMatchObject({ attr: 'local', abbr: 'inline' });
    await expect(
      resolve({ models: [MODEL, { ...entry, type: Inline, abbr: 'mine', batch_size: 0 }] }),
    ).rejects.toMatchObject({ code: 'UTILS-CFG-002', where: 'models.1.batch_size' });
    await expect(resolve({ models: [MODEL], datasets: [{ ...dataset, type: 'Non' }] })).rejects.toMatchObject(
      {
        ...{ code: 'UTILS-CFG-003', where: 'datasets.0.type' },
      },
    );
  });
});

describe('resolving', () => {
  it('reads relative paths from the folder that it is given, and the environment that it is given', async () => {
    const folder = folderWith({
      'key.txt': 'from-file\n',
      'rows.jsonl': '{"question": "q", "answer": "a"}\n',
    });
    const config = { models: [MODEL], customDatasetPath: 'rows.jsonl', apiKey: '{file:key.txt}' };
    const plan = await resolve(config, folder, { AIS_BENCH_DATASETS_CACHE: 'cache' });
    expect(plan.places).toEqual({ base: folder, data: [join(folder, 'cache'), join(folder, 'datasets')] });
    expect(plan.models[0]!.options['apiKey']).toBe('from-file');
    expect(plan.datasets[0]!.abbr).toBe(basename('rows.jsonl', '.jsonl'));
    const named = await resolve({ ...config, apiKey: '{env:KEY}' }, folder, { KEY: 'from-env' });
    expect(named.models[0]!.options['apiKey']).toBe('from-env');
  });

  it('refuses a mode that there is not, whatever it is called', async () => {
    for (const mode of ['prf', 'constructor', ['all']] as never[])
      await expect(resolve({ models: [MODEL], datasets: [DATASET], mode }, root)).rejects.toMatchObject({
        code: 'TMAN-CMD-002',
        message: `there is no mode ${JSON.stringify(mode)}`,
        cure: expect.stringContaining('perf'),
      });
  });

  it('gives plans whose hash knows what is done, and no secret, origin or host', async () => {
    const hashed = async (more: RunConfig, cwd = root) =>
      planHash(await resolve({ models: [MODEL], datasets: [DATASET], ...more }, cwd));
    const hash = await hashed({});
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashed({ apiKey: 'sk-secret-one', workDir: 'elsewhere' }, folderWith({ a: '' }))).toBe(hash);
    expect(await hashed({ header: ['Authorization: Bearer one-secret'] })).toBe(
      await hashed({ header: ['Authorization: Bearer another-secret'] }),
    );
    for (const other of [{ maxOutLen: 7 }, { numPrompts: 2 }, { mode: 'perf' }, { url: 'http://h' }] as const)
      expect(await hashed(other)).not.toBe(hash);
  });
});
