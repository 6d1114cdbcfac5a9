import { expect, it } from 'vitest';
import type { DatasetPlan } from '../config/plan.ts';
import { groupResults, groupScoreTables } from '../report/summary-groups.ts';
import { plainTable } from '../report/table.ts';
import { datasetGroups } from './write-reports.ts';

const configs = (path: string) => import(new URL(`../../configs/datasets/${path}.js`, import.meta.url).href);
const planOf = (...abbrs: string[]) => abbrs.map((abbr) => ({ abbr }) as DatasetPlan);
const namesOf = (groups: readonly unknown[]) => groups.map((group) => (group as { name: string }).name);

const FAMILIES = [
  ['mmlu/mmlu_gen', 'mmlu_datasets', 'mmlu', 57],
  ['mmlu_pro/mmlu_pro_gen_0_shot_str', 'mmlu_pro_datasets', 'mmlu_pro', 14],
  ['ceval/ceval_gen', 'ceval_datasets', 'ceval', 52],
  ['cmmlu/cmmlu_gen_0_shot_cot_chat_prompt', 'cmmlu_datasets', 'cmmlu', 67],
  ['bbh/bbh_gen', 'bbh_datasets', 'bbh', 27],
  ['agieval/agieval_gen_0_shot_chat_prompt', 'agieval_datasets', 'agieval', 21],
  ['race/race_gen', 'race_datasets', 'race', 2],
  ['mgsm/mgsm_gen_0_shot_cot_chat_prompt', 'mgsm_datasets', 'mgsm', 11],
  ['longbench/longbench', 'longbench_datasets', 'longbench', 21],
] as const;

it.each(FAMILIES)('%s is summed up as one number', async (path, key, name, count) => {
  const abbrs: string[] = (await configs(path))[key].map(({ abbr }: DatasetPlan) => abbr);
  const groups = await datasetGroups({ summarizer: undefined, datasets: planOf(...abbrs) });
  const whole = groups.find((group) => (group as { name: string }).name === name) as { subsets: string[] };
  expect(abbrs).toHaveLength(count);
  expect([...whole.subsets].sort()).toEqual([...abbrs].sort());
  for (const group of groups) expect(namesOf([group])[0]).toMatch(new RegExp(`^${name}`));
});

it('weights MMLU’s subjects by their questions, and its areas make up the whole', async () => {
  const { mmlu_datasets } = await configs('mmlu/mmlu_gen');
  const datasets = planOf(...mmlu_datasets.map(({ abbr }: DatasetPlan) => abbr));
  const groups = await datasetGroups({ summarizer: undefined, datasets });
  expect(namesOf(groups)).toEqual([
    'mmlu-humanities',
    'mmlu-stem',
    'mmlu-social-science',
    'mmlu-other',
    'mmlu',
    'mmlu-weighted',
  ]);
  const areas = groups.slice(0, 4).flatMap((group) => (group as { subsets: string[] }).subsets);
  expect(new Set(areas).size).toBe(areas.length);
  expect(areas).toHaveLength(57);
  const { weights } = groups[5] as { weights: Record<string, number> };
  expect(Object.values(weights).reduce((sum, one) => sum + one, 0)).toBe(14_042);
  const scores = (abbr: string) => ({ accuracy: abbr === 'lukaemon_mmlu_professional_law' ? 100 : 0 });
  const results = datasets.map(({ abbr }) => ({
    ...{ model: 'm', dataset: abbr, version: '-', mode: 'gen' as const, scores: scores(abbr) },
  }));
  const grouped = groupResults(groups, { results, models: ['m'] }).results;
  expect(grouped.find(({ dataset }) => dataset === 'mmlu')!.scores).toEqual({ naive_average: 100 / 57 });
  expect(grouped.find(({ dataset }) => dataset === 'mmlu-weighted')!.scores).toEqual({
    weighted_average: (100 * 1534) / 14_042,
  });
});

it('counts every kind of LongBench’s tasks alike, code twice, and tells which numbers are by character', async () => {
  const { longbench_datasets } = await configs('longbench/longbench');
  const datasets = planOf(...longbench_datasets.map(({ abbr }: DatasetPlan) => abbr));
  const groups = await datasetGroups({ summarizer: undefined, datasets });
  const resultOf = (abbr: string) => {
    const value = abbr === 'LongBench_lcc' ? 70 : abbr === 'LongBench_trec' ? 28 : 0;
    const metric = abbr === 'LongBench_vcsum' ? 'score_by_character' : 'score';
    const scores = { [metric]: value };
    return { model: 'm', dataset: abbr, version: '-', mode: 'gen' as const, scores };
  };
  const given = { results: datasets.map(({ abbr }) => resultOf(abbr)), models: ['m'] };
  const { results, scores } = groupResults(groups, given);
  const scoresOf = (name: string) => results.find(({ dataset }) => dataset === name)!.scores;
  expect(scoresOf('longbench_code-completion')).toEqual({ naive_average: 35 });
  expect(scoresOf('longbench_few-shot-learning')).toEqual({ naive_average: 7 });
  expect(scoresOf('longbench_zh')).toEqual({ naive_average_by_character: 10 });
  expect(scoresOf('longbench_en')).toEqual({ naive_average: expect.closeTo(98 / 16, 12) });
  expect(scoresOf('longbench')).toEqual({ weighted_average_by_character: expect.closeTo(11, 12) });
  expect(
    plainTable(groupScoreTables(scores)[0]!).rows.filter(([, number]) => number!.endsWith(', by character')),
  ).toHaveLength(3);
});

it('leaves out groups of which a part is not asked, and takes a named summarizer’s as they are', async () => {
  expect(await datasetGroups({ summarizer: undefined, datasets: planOf('race-high', 'gsm8k') })).toEqual([]);
  const own = [{ name: 'both', subsets: ['a', 'b'] }];
  const summarizer = { attr: 'accuracy' as const, summary_groups: own };
  expect(await datasetGroups({ summarizer, datasets: planOf('a') })).toEqual(own);
  const none = { attr: 'accuracy' as const, summary_groups: [] };
  expect(await datasetGroups({ summarizer: none, datasets: planOf('race-high', 'race-middle') })).toEqual([]);
});

it('tells those that ship beside a summarizer that names none', async () => {
  const datasets = planOf('race-high', 'race-middle');
  for (const attr of ['accuracy', 'performance'] as const)
    expect(namesOf(await datasetGroups({ summarizer: { attr }, datasets }))).toEqual(['race']);
});
