import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetType } from '../../contract/dataset.ts';
import type { PromptList } from '../../contract/prompt-list.ts';
import { promptRenderer } from '../../prompt/render.ts';
import {
  HumanevalDataset,
  MBPPDataset,
  MBPPDatasetV2,
  SanitizedMBPPDataset,
  toHumanevalRow,
  toMbppRow,
} from './code.ts';

const types: Record<string, DatasetType> = { HumanevalDataset, MBPPDatasetV2, SanitizedMBPPDataset };

const head = { task_id: 'HumanEval/0', prompt: 'def f(x):\n', entry_point: 'f', test: 'def check(c): 0' };
const task = (n: number) => ({
  task_id: n,
  text: `Task ${n}.`,
  code: `def f${n}(): \r\n    return ${n}`,
  test_list: [`assert f${n}() == ${n}`, `assert f${n}()`],
  test_setup_code: n === 11 ? 'k = 1' : '',
});
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'code-data-'));
  for (const name of ['humaneval', 'mbpp', 'plain']) await mkdir(join(root, name));
  await writeFile(join(root, 'humaneval/HumanEval.jsonl.gz'), gzipSync(lines([head])));
  await writeFile(join(root, 'plain/human-eval-v2-20210705.jsonl'), lines([head, head]));
  await writeFile(join(root, 'plain/HumanEval.jsonl.gz'), 'not packed');
  await writeFile(join(root, 'mbpp/mbpp.jsonl'), lines(Array.from({ length: 600 }, (_, n) => task(n))));
  const sanitized = Array.from({ length: 300 }, (_, n) => {
    const { text, test_setup_code: _setup, ...rest } = task(n);
    return { ...rest, prompt: text, test_imports: ['import math', 'import re'] };
  });
  await writeFile(join(root, 'mbpp/sanitized-mbpp.json'), JSON.stringify(sanitized));
});
afterAll(() => rm(root, { recursive: true }));

const load = (type: DatasetType, path = '') => type.load({ path, roots: [root], params: {} });

describe('HumanevalDataset', () => {
  it.each([
    ['', 1],
    ['ais_bench/datasets/humaneval', 1],
    ['ais_bench/datasets/humaneval/HumanEval.jsonl', 1],
    ['plain/human-eval-v2-20210705.jsonl', 2],
  ])('is found by path %j, packed or not', async (path, rows) => {
    const { train, test } = await load(HumanevalDataset, path);
    expect([train, test]).toEqual([[], Array.from({ length: rows }, () => head)]);
    const { prompt, test: check, entry_point } = head;
    expect(HumanevalDataset.reference!(head)).toEqual({ prompt, test: check, entry_point });
  });

  it('names a file that is not packed, and what is missing', async () => {
    await expect(load(HumanevalDataset, 'plain')).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      where: join(root, 'plain/HumanEval.jsonl.gz'),
    });
    await expect(load(HumanevalDataset, 'nowhere')).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      cure: expect.stringMatching(/openai\/human-eval.*MIT/),
    });
  });

  it.each([
    [{ ...head, test: undefined }, "'test'"],
    [{ ...head, prompt: 1 }, "'prompt'"],
    [{ ...head, entry_point: 'f; import os' }, 'is not a name'],
  ])('refuses %j', (row, named) => {
    expect(() => toHumanevalRow(row, 'f:7')).toThrow(
      expect.objectContaining({ where: 'f:7', message: expect.stringContaining(named) }),
    );
  });
});

describe('the MBPP classes', () => {
  it.each([
    ['MBPPDataset', MBPPDataset, 10, 500],
    ['MBPPDatasetV2', MBPPDatasetV2, 10, 500],
    ['SanitizedMBPPDataset', SanitizedMBPPDataset, 7, 257],
  ])('%s takes the rows of AISBench', async (name, type, train, test) => {
    const splits = await load(type);
    expect([type.name, splits.train.length, splits.test.length]).toEqual([name, train, test]);
    expect(splits.train[0]).toMatchObject({ text: 'Task 0.', worked: 'def f0():\n    return 0' });
    expect(splits.test[0]).toMatchObject({
      text: `Task ${train}.`,
      test_list: `assert f${train}() == ${train}\nassert f${train}()`,
    });
  });

  it('keep what runs before the tests', async () => {
    const { test } = await load(MBPPDataset);
    expect(MBPPDataset.reference!(test[1]!)).toEqual({
      tests: 'assert f11() == 11\nassert f11()',
      setup: 'k = 1',
    });
    const sanitized = await load(SanitizedMBPPDataset);
    expect(SanitizedMBPPDataset.reference!(sanitized.test[0]!)).toMatchObject({
      setup: 'import math\nimport re',
    });
  });

  it.each([
    [{ ...task(1), text: undefined }, "'text'"],
    [{ ...task(1), code: 1 }, "'code'"],
    [{ ...task(1), test_list: [] }, "'test_list'"],
    [{ ...task(1), test_list: [1] }, "'test_list'"],
  ])('refuse %j', (row, named) => {
    expect(() => toMbppRow(row, 'f:7')).toThrow(
      expect.objectContaining({ where: 'f:7', message: expect.stringContaining(named) }),
    );
  });
});

describe('the configs', () => {
  const prompts = async (file: string) => {
    const module = await import(new URL(`../../../configs/datasets/${file}.js`, import.meta.url).href);
    const [config] = Object.values(module)[0] as any[];
    const { train, test } = await load(types[config.type]!, config.path);
    const render = promptRenderer(config.infer_cfg, config.reader_cfg, undefined, train);
    return { config, asked: render(test[0]!) as unknown };
  };

  it.each(['mbpp', 'sanitized_mbpp'])('%s shows three worked examples, then the task', async (name) => {
    const { config, asked } = await prompts(`mbpp/${name}_passk_gen_3_shot_chat_prompt`);
    const messages = asked as PromptList;
    expect(messages.map((one: any) => one.role)).toEqual([
      ...['user', 'assistant', 'user', 'assistant', 'user', 'assistant', 'user'],
    ]);
    const [first] = config.infer_cfg.retriever.fix_id_list;
    const solution = `def f${first}():\n    return ${first}`;
    expect(messages[1]).toMatchObject({ content: `[BEGIN]\n${solution}\n[DONE]\n` });
    const last = (messages.at(-1) as any).content;
    const n = name === 'mbpp' ? 10 : 7;
    expect(last).toContain(`Task ${n}.`);
    expect(last).toContain(`assert f${n}() == ${n}\nassert f${n}()\n`);
  });

  it('humaneval asks for the whole function, the perf config for its rest', async () => {
    const { asked } = await prompts('humaneval/humaneval_gen_0_shot');
    const content = expect.stringContaining('```python\ndef f(x):\n\n```');
    expect(asked).toMatchObject([{ role: 'user', content }]);
    expect((await prompts('humaneval/humaneval_gen_0_shot_perf')).asked).toBe('def f(x):\n');
  });
});

const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));

describe.skipIf(!existsSync(join(data, 'humaneval')) || !existsSync(join(data, 'mbpp')))(
  'the real files (skipped without them)',
  () => {
    it('have 164 and 510 rows', async () => {
      const real = { path: '', roots: [data], params: {} };
      const { test } = await HumanevalDataset.load(real);
      expect(test.length).toBe(164);
      const mbpp = await MBPPDataset.load(real);
      expect([mbpp.train.length, mbpp.test.length]).toEqual([10, 500]);
      expect(mbpp.test[0]).toMatchObject({ task_id: 11 });
      expect(mbpp.test.filter(({ setup }) => setup !== '')).toHaveLength(1);
    });
  },
);
