/** What a comparison looks like on a terminal, in a pull request, to a CI server and in the page's data. */
import { describe, expect, it } from 'vitest';
import { virtualRun } from '../../../test/support/virtual-run.ts';
import type { Judged, Verdict } from '../../evaluate/types.ts';
import { GapCounts, RequestSample } from '../../metrics/request-sample.ts';
import { percentileOf } from '../../metrics/stats.ts';
import { comparePage } from '../page/compare-page.ts';
import { renderTerminal } from '../terminal.ts';
import { displayWidth } from '../text.ts';
import { compareRuns, type Run } from './compare-runs.ts';
import { junitXml } from './junit.ts';
import { comparisonMarkdown } from './markdown.ts';
import { USUAL_PERCENTILES } from './numbers-of.ts';
import { parseRule } from './rules.ts';
import { comparisonTables } from './tables.ts';
import type { Asked, Measured, TaskSide } from './types.ts';

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
    validity: { verdict: 'NOT STEADY', reasons: ['请求太少 | <b>'] },
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

function asked(...prompts: readonly string[]): Map<string, Asked> {
  return new Map(prompts.map((prompt, row) => [`${row} 0 0`, { id: prompt, hash: prompt, excerpt: prompt }]));
}

function run(letter: string, own: Partial<TaskSide>, plan: object): Run {
  const task = {
    model: '通义千问-七十二亿参数-指令微调版本',
    dataset: '小学数学应用题_生成_零样本',
    asked: new Map(),
    ...own,
  };
  const name = { letter, name: letter, path: `outputs/default/运行_${letter}` };
  return { name, plan, isImported: false, tasks: [task], notes: ['SIMULATED'] };
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
const rules = ['tpot.mean > +5%', 'accuracy < -1', 'ttft.p99 < -1 ms'].map(parseRule);
const comparisons = compareRuns(before, [after], { rules, percentiles });
const [one] = comparisons;

describe('on a terminal', () => {
  it.each([80, 200])('fits into %d columns, with Chinese names too', (width) => {
    const text = renderTerminal(comparisonTables(one!), one!.notes, { color: false, width });
    for (const line of text.split('\n')) expect([displayWidth(line) <= width, line]).toEqual([true, line]);
  });

  it('says what could spoil it before any number', () => {
    const text = renderTerminal(comparisonTables(one!), [], { color: false, width: 200 });
    const order = [
      'B against A',
      'A is NOT STEADY',
      'B is NOT STEADY',
      'models.0.options.model',
      'ANOTHER PROMPT',
      'failed requests are counted',
      'Changed verdicts',
      'Score, ',
      'Performance',
      'Gates',
    ];
    const places = order.map((words) => [words, text.indexOf(words)] as const);
    for (const [words, place] of places) expect([words, place >= 0]).toEqual([words, true]);
    expect(places.map(([, place]) => place)).toEqual(places.map(([, place]) => place).sort((a, b) => a - b));
    expect(text).toMatch(/0 correct wrong/);
    expect(text).toMatch(/TPOT mean, ms .*worse/);
    expect(text).toMatch(/1 broken, 1 too few to know|1 broken, 2 too few to know/);
  });
});

describe('elsewhere', () => {
  it('is Markdown whose cells hold what they hold', () => {
    const page = comparisonMarkdown(comparisons);
    expect(page.startsWith('# ais_bench compare\n\n**3 gates: 1 broken')).toBe(true);
    const table = page.split('\n').filter((line) => line.startsWith('| '));
    for (const line of table) expect(line.replaceAll('\\|', '').match(/\|/g)!.length).toBeGreaterThan(3);
    expect(page).not.toContain('<b>');
  });

  it('is XML of which every gate is a case', () => {
    const xml = junitXml(comparisons);
    expect(xml).toContain('tests="3" failures="1"');
    expect(xml.match(/<testcase /g)).toHaveLength(3);
    expect(xml).toContain('name="tpot.mean &gt; +5%"');
    expect(xml.match(/<failure /g)).toHaveLength(1);
    const broken = { ...one!, rules: [{ ...one!.rules[0]!, task: '\u0000"<\ud800\uffff&' }] };
    expect(junitXml([broken])).toContain('classname="&quot;&lt;\ufffd\ufffd&amp;"');
  });

  it('is the data of a page, with an interval only where there is one', () => {
    const [part] = comparePage(comparisons, '1').comparisons;
    expect(part!.gates!.outcomes).toHaveLength(3);
    const [task] = part!.tasks;
    expect(task!.flips!.rows).toHaveLength(2);
    expect(task!.curves.map(({ name }) => name)).toEqual(['TTFT', 'TPOT', 'E2EL']);
    const number = (id: string) => task!.numbers.find((own) => own.id === id)!;
    expect(number('tpot.mean')).toMatchObject({ verdict: 'worse', isPoints: false });
    expect(number('tpot.mean').low).toBeGreaterThan(5);
    expect(number('ttft.p99')).not.toHaveProperty('high');
    expect(number('ttft.p99').needed).toMatchObject({ isBound: true });
  });
});
