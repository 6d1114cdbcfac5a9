/** Comparisons of made-up runs, with Chinese names, a hostile text and everything that can differ; always the same. */
import { finding } from '../../src/contract/finding.ts';
import type { Judged, Verdict } from '../../src/evaluate/types.ts';
import { GapCounts, RequestSample } from '../../src/metrics/request-sample.ts';
import { percentileOf } from '../../src/metrics/stats.ts';
import { type ComparedRun, compareRuns } from '../../src/report/compare/compare-runs.ts';
import { USUAL_PERCENTILES } from '../../src/report/compare/numbers-of.ts';
import { parseRule } from '../../src/report/compare/rules.ts';
import type { Measured, RunComparison, SentPrompt, TaskSide } from '../../src/report/compare/types.ts';
import { comparePage } from '../../src/report/page/compare-page.ts';
import type { Page } from '../../src/report/page/render.ts';
import { virtualRun } from './virtual-run.ts';

const percentiles = USUAL_PERCENTILES;

function measured(seed: number, slower: number): Measured {
  const records = virtualRun({ requests: 60, concurrency: 4, maxBatch: 4, seed, slower });
  const sample = new RequestSample();
  for (const record of records) sample.add(record);
  const { gaps } = sample;
  const counts = new GapCounts(
    percentiles.map((p) => percentileOf(gaps.length, (rank) => gaps.valueAt(rank), p)),
  );
  for (const record of records) counts.add(record);
  return {
    sample,
    gaps: { percentiles, counts: counts.finish() },
    requests: 60,
    failed: 2,
    retried: 1,
    validity: { verdict: 'NOT STEADY', findings: [finding('NOTE', { text: '请求太少 | <b>' })] },
  };
}

function judged(...verdicts: readonly Verdict[]): Judged[] {
  return verdicts.map((verdict, index) => ({
    id: String(index),
    index,
    repetition: 0,
    verdict,
    extraction: { answer: '答案是四十二，因为题目里写得很清楚 | `x`', rule: 'r', span: [0, 1] },
    reference: '四十二',
    rules: 'fixed',
    fixed: { verdict },
    compat: { verdict },
  }));
}

function asked(...prompts: readonly string[]): Map<string, SentPrompt> {
  return new Map(prompts.map((prompt, row) => [`${row} 0 0`, { id: prompt, hash: prompt, excerpt: prompt }]));
}

function run(letter: string, own: Partial<TaskSide>, plan: object): ComparedRun {
  const task = {
    model: '通义千问-七十二亿参数-指令微调版本',
    dataset: '小学数学应用题_生成_零样本',
    asked: new Map(),
    findings: [finding('SIMULATED', {})],
    ...own,
  };
  const name = { letter, name: letter, path: `outputs/default/运行_${letter}` };
  return {
    name,
    plan,
    isImported: false,
    tasks: [task],
    findings: [finding('RUN-SIMULATED', { run: letter })],
  };
}

const before = run(
  'A',
  {
    measured: measured(1, 1),
    scored: { metric: 'accuracy', judged: judged('correct', 'wrong', 'correct') },
    asked: asked('请逐步推理，并给出最终答案：一', 'b'),
  },
  {
    models: [
      { concurrency: 4, options: { model: '甲', url: 'http://127.0.0.1:8080/v1/a-rather-long-path' } },
    ],
  },
);
const after = run(
  'B',
  {
    measured: measured(2, 2),
    scored: { metric: 'accuracy', judged: judged('wrong', 'correct', 'correct') },
    asked: asked('请逐步推理，并给出最终答案：二', 'b'),
  },
  {
    models: [
      { concurrency: 4, options: { model: '乙', url: 'http://127.0.0.1:9090/v1/a-rather-long-path' } },
    ],
  },
);

const rules = ['tpot.mean > +5%', 'accuracy < -1', 'ttft.p99 < -1 ms', 'finding:CONTINUED'].map(parseRule);

/** One run against another, with gates of every outcome that they have. */
export const comparisons: readonly RunComparison[] = compareRuns(before, [after], { rules, percentiles });

/** States of the comparison page by name. */
export function compareStates(): Record<string, Page> {
  const page = (compared: readonly RunComparison[]): Page => ({
    kind: 'compare',
    title: 'ais_bench compare',
    payload: comparePage(compared, '0.0.0'),
  });
  const without = { rules: [], percentiles };
  const scores = (run: ComparedRun): ComparedRun => ({
    ...run,
    tasks: run.tasks.map(({ measured: _measured, ...task }) => task),
  });
  return {
    compare: page(comparisons),
    'compare several': page(compareRuns(before, [after, { ...before, name: after.name }], without)),
    'compare scores': page(compareRuns(scores(before), [scores(after)], without)),
  };
}
