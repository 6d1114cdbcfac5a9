/** Benchmarks whose files are read a row at a time, from such files to a score and its groups. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSandbox } from '../../src/sandbox/open-sandbox.ts';
import { dapoFile, dapoRow } from '../support/dapo-file.ts';
import { DOUBLE, lcbRow, lines, PAIRS } from '../support/lcb-files.ts';
import { aisBench, chatServer, emptyFolder, json, latest, serve } from './support.ts';

const MODEL = 'vllm_api_general_chat';
const ABBR = 'vllm-api-general-chat';
const isContained = await openSandbox().then(
  () => true,
  () => false,
);

const choice = (answer: string, difficulty: string, length: string) => ({
  ...{ _id: answer, domain: 'Letters', sub_domain: 'Post', difficulty, length, answer },
  ...{ question: 'Who signed?', choice_A: 'Ann', choice_B: 'Ben', choice_C: 'Cem', choice_D: 'Dee' },
  context: `Signed with ${answer}. `.repeat(50),
});

/** What a model answers to a text that holds these words. */
const REPLIES: readonly (readonly [words: string, reply: string])[] = [
  ['Solve double.', 'So:\n```python\nprint(2 * int(input()))\n```'],
  [
    'Solve pairs.',
    '```python\nclass Solution:\n    def pairs(self, nums: List[int], k: int):\n        return [[a, b] for a, b in combinations(nums, 2) if a + b == k]\n```',
  ],
  ['Solve other.', '```python\nprint(1)\n```'],
  ['Official answer: Ben', 'CORRECT'],
  ['Official answer: Cem', 'INCORRECT'],
  ['Read by Dee.', 'Dee'],
  ['Signed, Ben.', 'Ben'],
  ['Signed with A.', 'The correct answer is (A)'],
  ['Signed with D.', 'The correct answer is (B)'],
];

async function folderWithServer(files: Readonly<Record<string, string>>) {
  const server = await chatServer(({ body }) => {
    const asked = JSON.parse(String(body)).messages.at(-1).content as string;
    const content = REPLIES.find(([words]) => asked.includes(words))![1];
    return json({ choices: [{ index: 0, message: { content }, finish_reason: 'stop' }] });
  });
  const cwd = emptyFolder(files);
  const run = (...args: readonly string[]) =>
    aisBench(cwd, '--models', MODEL, '--url', server.url, '--num-warmups', '0', ...args);
  const results = (name: string) =>
    JSON.parse(readFileSync(join(latest(cwd), 'results', ABBR, `${name}.json`), 'utf8'));
  return { cwd, url: server.url, run, results };
}

describe('LongBench v2', () => {
  it('is asked, and scored by difficulty and length', async () => {
    const rows = [choice('A', 'easy', 'short'), choice('D', 'hard', 'long')];
    const files = { 'datasets/LongBench-v2/data.json': JSON.stringify(rows) };
    const { run, results } = await folderWithServer(files);
    const { code, stdout, stderr } = await run('--datasets', 'longbenchv2_gen');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(new RegExp(`^LongBenchv2 +accuracy +${ABBR} +50\\.00 `, 'm'));
    expect(results('LongBenchv2')).toMatchObject({
      ...{ accuracy: 50, n: 2 },
      ...{ accuracy_easy: 100, accuracy_hard: 0, accuracy_short: 100, accuracy_long: 0 },
      details: { 0: { reference: '{"answer":"A","difficulty":"easy","length":"short"}' } },
    });
  });
});

describe('DAPO-Math', () => {
  it('asks the embedded service each problem once', async () => {
    const rows = ['1 + 1?', '2 + 2?', '1 + 1?'].map((text) => dapoRow(text, '2'));
    const cwd = emptyFolder({ 'datasets/dapo-math-17k/readme': '' });
    writeFileSync(join(cwd, 'datasets/dapo-math-17k/dapo-math-17k.parquet'), dapoFile(rows));
    const { url } = await serve();
    const args = ['--models', MODEL, '--url', url, '--datasets', 'dapo_math_gen', '--num-warmups', '0'];
    const { code, stderr } = await aisBench(cwd, ...args);
    expect(code, stderr).toBe(0);
    const file = join(latest(cwd), 'results', ABBR, 'dapo-math-17k.json');
    const { n, details } = JSON.parse(readFileSync(file, 'utf8'));
    expect(n).toBe(2);
    expect(Object.values(details)).toMatchObject([{ reference: '2', index: 0 }, { index: 1 }]);
  });
});

describe('FewCLUE', () => {
  it('asks the embedded service how likely each label is', async () => {
    const rows = ['开灯', '关灯'].map((sentence1) => ({ sentence1, sentence2: '把灯打开', label: '1' }));
    const folder = 'datasets/FewCLUE/bustm';
    const cwd = emptyFolder({
      [`${folder}/dev_few_all.json`]: lines(rows.slice(1)),
      [`${folder}/test_public.json`]: lines(rows),
    });
    const { url } = await serve();
    const args = ['--url', url, '--datasets', 'FewCLUE_bustm_ppl_0_shot_chat', '--num-warmups', '0'];
    const { code, stderr } = await aisBench(cwd, '--models', 'vllm_api_general', ...args);
    expect(code, stderr).toBe(0);
    for (const [part, n] of Object.entries({ dev: 1, test: 2 })) {
      const file = join(latest(cwd), `results/vllm-api-general/bustm-${part}.json`);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ type: 'PPL', n });
    }
  });
});

describe('AA-LCR', () => {
  it('is asked with its documents, judged, and scored', async () => {
    const csv =
      'document_category,document_set_id,question_id,question,answer,data_source_filenames\n' +
      'Letters,post,1,Who signed?,Ben,a.txt\nLetters,post,2,Who read it?,Cem,b.txt;a.txt\n';
    const files = {
      'datasets/aa_lcr/AA-LCR_Dataset.csv': csv,
      'datasets/aa_lcr/lcr/Letters/post/a.txt': 'Signed, Ben.',
      'datasets/aa_lcr/lcr/Letters/post/b.txt': 'Read by Dee.',
    };
    const { run, results, url } = await folderWithServer(files);
    const judge = `datasets.0.judge_infer_cfg.judge_model.url=${url}`;
    const { code, stdout, stderr } = await run('--datasets', 'aa_lcr_llmjudge', '--set', judge);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(new RegExp(`^aa_lcr-judge +accuracy +${ABBR} +50\\.00 `, 'm'));
    expect(results('aa_lcr-judge').details).toMatchObject({
      0: { verdict: 'correct', origin_prediction: 'CORRECT' },
      1: { verdict: 'wrong', origin_prediction: 'INCORRECT' },
    });
  });
});

describe.skipIf(!isContained)('LiveCodeBench (skipped where code cannot be contained)', () => {
  it('is asked, run test by test, and scored again from its file', async () => {
    const file = 'datasets/code_generation_lite/test6.jsonl';
    const content = lines([lcbRow(DOUBLE), lcbRow(PAIRS), lcbRow({ ...DOUBLE, id: 'other' })]);
    const { cwd, run, results } = await folderWithServer({ [file]: content });
    const { code, stdout, stderr } = await run('--datasets', 'livecodebench_0_shot_chat_v6');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(new RegExp(`^lcb_code_generation +pass@1 +${ABBR} +66\\.67 `, 'm'));
    const scored = results('lcb_code_generation');
    expect(scored).toMatchObject({ 'pass@1_easy': 50, 'pass@1_hard': 100, n: 3 });
    expect(scored.details[2]).toMatchObject({ explanation: 'wrong_answer: test 1 of 3' });
    // What a test expects is kept nowhere but in the file.
    expect(JSON.stringify(scored)).not.toContain('[[1, 2]]');

    expect((await run('--datasets', 'livecodebench_0_shot_chat_v6', '--mode', 'eval', '--reuse')).code).toBe(
      0,
    );
    expect(results('lcb_code_generation')['pass@1']).toBe(scored['pass@1']);
    // The same questions, and the tests are no longer where they were.
    const longer = { ...DOUBLE, hidden: [...DOUBLE.hidden, { input: '7\n', output: '14' }] };
    writeFileSync(
      join(cwd, file),
      lines([lcbRow(longer), lcbRow(PAIRS), lcbRow({ ...DOUBLE, id: 'other' })]),
    );
    const changed = await run('--datasets', 'livecodebench_0_shot_chat_v6', '--mode', 'eval', '--reuse');
    expect(changed.code).not.toBe(0);
    expect(changed.stderr).toContain('DSET-DATA-002');
  });
});
