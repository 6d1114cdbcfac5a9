/** Judge models: who is asked what in which mode, what is kept, and what is scored; and pairs of models and datasets. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aisBench, CHAT, chatServer, emptyFolder, json, latest, streamed } from './support.ts';

const MODEL = 'vllm-api-stream-chat';

/** Eight questions, and a judge that is shown reference and answer. */
function dataset(judgeUrl: string | undefined, abbr = 'mine'): object {
  const plain = { retriever: { type: 'ZeroRetriever' }, inferencer: { type: 'GenInferencer' } };
  const judge_model = { attr: 'service', type: 'VLLMCustomAPIChat', additional_abbr: 'judge', url: judgeUrl };
  return {
    abbr,
    type: 'DemoGSM8KDataset',
    reader_cfg: { input_columns: ['question'], output_column: 'answer', test_range: '[0:8]' },
    infer_cfg: { prompt_template: { template: '{question}' }, ...plain },
    judge_infer_cfg: {
      ...(judgeUrl === undefined ? {} : { judge_model }),
      judge_reader_cfg: { input_columns: ['answer', 'model_answer'], output_column: 'model_pred_uuid' },
      judge_dataset_type: 'SomeJudgeDataset',
      prompt_template: { template: 'JUDGE {answer} against {model_answer}' },
      ...plain,
    },
    eval_cfg: { evaluator: { type: 'LLMJudgeCorrectEvaluator' }, pred_postprocessor: { type: 'get_a_or_b' } },
  };
}

/** Answers every question with 450, which is right for the first; judges by the reference. */
async function folderWithServer(judged = true) {
  const server = await chatServer(({ body }) => {
    const asked = String(body);
    if (!asked.includes('JUDGE')) return streamed('<think>B</think>450');
    expect(asked).toMatch(/against 450/);
    const verdict = asked.includes('#### 450') ? 'It holds. Verdict: A, of course' : 'B';
    return json({ choices: [{ index: 0, message: { content: verdict }, finish_reason: 'stop' }] });
  });
  const content = JSON.stringify({ mine_datasets: [dataset(judged ? server.url : undefined)] });
  const cwd = emptyFolder({ 'configs/datasets/mine.json': content });
  const args = ['--models', CHAT, '--datasets', 'mine', '--url', server.url, '--num-warmups', '0'];
  const run = (...more: readonly string[]) => aisBench(cwd, ...args, ...more);
  const file = (...parts: string[]) => join(latest(cwd), ...parts);
  return { cwd, server, run, file };
}

const SCORE = new RegExp(`^mine-judge +accuracy +${MODEL} +12\\.50 +0\\.00 +8 `, 'm');

describe('a dataset with a judge', () => {
  it('is asked, judged and scored in one command', async () => {
    const { server, run, file } = await folderWithServer();
    const { code, stdout, stderr } = await run();
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(SCORE);
    expect(stdout).not.toContain(`Performance: ${MODEL}, mine-judge`);
    expect(server.asked).toHaveLength(16);
    const lines = readFileSync(file('predictions', MODEL, 'mine-judge.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(8);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      id: 0,
      success: true,
      gold: expect.stringMatching(/450$/),
    });
    const result = JSON.parse(readFileSync(file('results', MODEL, 'mine-judge.json'), 'utf8'));
    // AISBench looks at the last character alone, and takes what is no A for a B.
    expect(result).toMatchObject({ accuracy: 12.5, accuracy_compat: 0 });
    expect(existsSync(file('results', MODEL, 'mine.json'))).toBe(false);
  });

  it('is asked, judged and scored in three commands; nothing is asked twice', async () => {
    const { server, run, file } = await folderWithServer();
    expect((await run('--mode', 'infer')).code).toBe(0);
    expect(server.asked).toHaveLength(8);
    const early = await run('--mode', 'eval', '--reuse');
    expect(early.stderr.replace(/\s+/g, ' ')).toContain(
      '8 of 8 answers are not judged: ais_bench --mode judge --reuse sends them to the judge',
    );
    expect((await run('--mode', 'judge', '--reuse')).code).toBe(0);
    expect((await run('--mode', 'judge', '--reuse')).code).toBe(0);
    expect(server.asked).toHaveLength(16);
    expect(existsSync(file('results', MODEL, 'mine-judge.json'))).toBe(false);
    await server.close();
    const scored = await run('--mode', 'eval', '--reuse');
    expect(scored.code, scored.stderr).toBe(0);
    expect(scored.stdout).toMatch(SCORE);
  });

  it('without a judge model is scored by a match of texts', async () => {
    const { server, run } = await folderWithServer(false);
    const { code, stdout, stderr } = await run();
    expect(code, stderr).toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain('answers are scored by a match of texts');
    expect(stdout).toMatch(new RegExp(`^mine +accuracy +${MODEL} `, 'm'));
    expect(server.asked).toHaveLength(8);
  });
});

it('a judge that is asked twice: what does not hold counts as inconsistent, and nothing is asked again', async () => {
  const server = await chatServer(({ body }) => {
    const asked = String(body);
    if (!asked.includes('JUDGE')) return streamed('450');
    // It always prefers what it sees first, except for the one right answer, which it knows.
    const isRight = asked.includes('#### 450');
    const content = isRight && !asked.includes('JUDGE 450') ? 'B' : 'A';
    return json({ choices: [{ index: 0, message: { content }, finish_reason: 'stop' }] });
  });
  const entry = dataset(server.url) as { judge_infer_cfg: object };
  const judge = {
    ...entry.judge_infer_cfg,
    prompt_template: { template: 'JUDGE {model_answer} against {answer}' },
    swapped: { columns: ['answer', 'model_answer'] },
  };
  const content = JSON.stringify({ mine_datasets: [{ ...entry, judge_infer_cfg: judge }] });
  const cwd = emptyFolder({ 'configs/datasets/mine.json': content });
  const args = ['--models', CHAT, '--datasets', 'mine', '--url', server.url, '--num-warmups', '0'];
  const { code, stdout, stderr } = await aisBench(cwd, ...args);
  expect(code, stderr).toBe(0);
  expect(server.asked).toHaveLength(8 + 16);
  expect(stdout).toMatch(new RegExp(`^mine-judge +accuracy +${MODEL} +12\\.50 `, 'm'));
  expect(stdout).toMatch(new RegExp(`^mine-judge +agreement when swapped +${MODEL} +12\\.50 `, 'm'));
  expect(stdout.replace(/\s+/g, ' ')).toContain('the judge said the same of 1 of 8 answers when swapped');
  const file = join(latest(cwd), 'results', MODEL, 'mine-judge.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    ...{ correct: 1, inconsistent: 7, wrong: 0, lowerBound: 12.5, upperBound: 100 },
    agreement: { n: 8, agreed: 1, onlyFirst: 7, onlySwapped: 0 },
  });
  const again = await aisBench(cwd, ...args, '--mode', 'judge', '--reuse');
  expect(again.code, again.stderr).toBe(0);
  expect(server.asked).toHaveLength(24);
});

it('model_dataset_combinations runs the pairs that it names', async () => {
  const server = await chatServer(() => streamed('450'));
  const model = (abbr: string) => ({
    ...{ attr: 'service', type: 'VLLMCustomAPIChatStream', abbr, url: server.url, model: abbr },
  });
  const models = [model('one'), model('two')];
  const datasets = ['a', 'b'].map((abbr) => ({ ...dataset(undefined, abbr), judge_infer_cfg: undefined }));
  const eval_cfg = { evaluator: { type: 'AccEvaluator' } };
  const config = {
    models,
    datasets: datasets.map((entry) => ({ ...entry, eval_cfg })),
    model_dataset_combinations: [
      { models: [models[0]], datasets },
      { models, datasets: [datasets[1]] },
    ],
  };
  const cwd = emptyFolder({ 'run.json': JSON.stringify(config) });
  const { code, stderr } = await aisBench(cwd, 'run.json', '--num-warmups', '0', '--num-prompts', '2');
  expect(code, stderr).toBe(0);
  const asked = server.asked.map(({ body }) => JSON.parse(String(body)).model);
  expect(asked).toEqual(['one', 'one', 'one', 'one', 'two', 'two']);
  const told = stderr.replace(/\s+/g, ' ');
  expect(told.split('VLLMCustomAPIChatStream is an old name').length).toBe(2);
  expect(told).toContain('two × b: begins, 3 of 3');
});

it('a local judge is loaded once for the datasets that it judges, and the other one when it is gone', async () => {
  const server = await chatServer(() => streamed('450'));
  const judged = (abbr: string, type: string) => {
    const entry = dataset(server.url, abbr) as { judge_infer_cfg: object };
    const judge_model = {
      attr: 'local',
      type,
      abbr: 'judge',
      path: 'weights',
      max_out_len: 5,
      batch_size: 4,
    };
    return {
      ...entry,
      judge_infer_cfg: { ...entry.judge_infer_cfg, judge_model: { ...judge_model, max_seq_len: 2048 } },
    };
  };
  const datasets = [judged('a', 'Strict'), judged('b', 'Kind'), judged('c', 'Strict')];
  const cwd = emptyFolder({
    'models/judges.ts': JUDGES,
    'configs/datasets/mine.json': JSON.stringify({ mine_datasets: datasets }),
  });
  const args = ['--models', CHAT, '--datasets', 'mine', '--url', server.url, '--num-warmups', '0'];
  const { code, stdout, stderr } = await aisBench(cwd, ...args);
  expect(code, stderr).toBe(0);
  for (const name of ['a', 'b', 'c'])
    expect(stdout).toMatch(
      new RegExp(`^${name}-judge +accuracy +${MODEL} +${name === 'b' ? '100' : '0'}\\.00`, 'm'),
    );
  expect(stdout.indexOf('a-judge')).toBeLessThan(stdout.indexOf('b-judge'));
  expect(stdout.indexOf('b-judge')).toBeLessThan(stdout.indexOf('c-judge'));
  expect(readFileSync(join(cwd, 'judges.txt'), 'utf8').trim().split('\n')).toEqual([
    ...['load Strict', '4', '4', '4', '4', 'close Strict'],
    ...['load Kind', '4', '4', 'close Kind'],
  ]);
});

/** Leave in a file what is done with them. */
const JUDGES = `
import { appendFileSync } from 'node:fs';
import { BaseModel, type PromptType } from 'ais-bench';

const note = (text: string) => appendFileSync('judges.txt', text + '\\n');

export class Strict extends BaseModel {
  async load() {
    note('load ' + this.constructor.name);
  }
  async generate(inputs: readonly PromptType[]): Promise<readonly string[]> {
    note(String(inputs.length));
    return inputs.map(() => (this instanceof Kind ? 'A' : 'B'));
  }
  async close() {
    note('close ' + this.constructor.name);
  }
}

export class Kind extends Strict {}
`;
