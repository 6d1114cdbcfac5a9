/** Who compares math answers: the score says it, and a package that was asked for and is not there is one error. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aisBench, CHAT, chatServer, emptyFolder, latest, streamed } from './support.ts';

async function run(engine: string) {
  const server = await chatServer(() => streamed('It is \\boxed{0.5}.'));
  const entry = {
    abbr: 'halves',
    type: 'FileDataset',
    path: 'halves.jsonl',
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: { template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'MATHEvaluator', engine, python: '/nowhere/python' },
      pred_postprocessor: { type: 'math_answer_postprocess' },
    },
  };
  const cwd = emptyFolder({
    'configs/datasets/halves.json': JSON.stringify({ halves_datasets: [entry] }),
    'datasets/halves.jsonl': '{"question": "Half of one?", "answer": "\\\\frac{1}{2}"}\n',
  });
  const args = ['--models', CHAT, '--datasets', 'halves', '--url', server.url, '--num-warmups', '0'];
  return { cwd, ...(await aisBench(cwd, ...args)) };
}

describe('math-verify', () => {
  it('that is not there is passed over under auto, and the score says so', async () => {
    const { cwd, code, stdout, stderr } = await run('auto');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^halves +accuracy +\S+ +100\.00 /m);
    expect(stdout.replace(/\s+/g, ' ')).toContain('halves: math answers were judged by our own reader');
    const file = join(latest(cwd), 'results', 'vllm-api-stream-chat', 'halves.json');
    const result = JSON.parse(readFileSync(file, 'utf8'));
    expect(result.notes).toEqual([expect.stringContaining('our own reader')]);
    expect(result.details['0'].explanation).toBe('own reader');
  });

  it('that is not there and was asked for is one error', async () => {
    const { code, stderr } = await run('math-verify');
    expect(code).toBe(2);
    expect(stderr).toContain('UTILS-DEPENDENCY-001');
    expect(stderr).toContain('/nowhere/python');
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
