/** What could spoil a comparison of runs, and what it says of a number or a gate. */
import { type Choices, type FindingTable, NOTHING_TO_DO } from '../finding-entry.ts';

const JUDGED = 'compare.md#how-a-difference-is-judged';
const GATES = 'compare.md#gates';
const RUNS = {
  first: ['the first run', '第一个运行'],
  second: ['the second run', '第二个运行'],
  either: ['either run', '两个运行'],
} as const satisfies Choices;
const MORE_REQUESTS = {
  en: 'compare runs with more requests: the column n says how many',
  zh: '比较请求数更多的运行：n 一列给出所需数量',
};

export const compareFindings = {
  'RUN-IMPORTED': {
    level: 'fact',
    docs: 'coming-from-aisbench.md#import-a-finished-run',
    params: { run: 'text' },
    en: '{run} was imported from AISBench: every event of an answer counts in both runs, as it counted',
    zh: '{run} 从 AISBench 导入：两个运行都按它的方式统计，回答的每个事件都计入',
    cure: NOTHING_TO_DO,
  },
  'RUN-NOT-A-LOAD-TEST': {
    level: 'fact',
    docs: JUDGED,
    params: { run: 'text' },
    en: '{run} was an accuracy run, not a load test: its load is not checked against a target',
    zh: '{run} 是精度评测而不是压测：没有检查其负载是否达到目标',
    cure: { en: 'compare runs of --mode perf for their speed', zh: '要比较速度，请比较 --mode perf 的运行' },
  },
  'RUN-CONTINUED': {
    level: 'degraded',
    docs: JUDGED,
    params: { run: 'text' },
    en: '{run} is a continued run: its throughputs are no measure of one load',
    zh: '{run} 是续跑：其吞吐不反映单一负载',
    cure: { en: 'compare runs that were made without a pause', zh: '比较不间断完成的运行' },
  },
  'RUN-SIMULATED': {
    level: 'fact',
    docs: 'cli.md#ais_bench-serve',
    params: { run: 'text' },
    en: '{run} is SIMULATED: its answers and times are made up',
    zh: '{run} 为 SIMULATED：其回答与时间是编造的',
    cure: { en: 'compare runs of real services', zh: '比较真实服务的运行' },
  },
  'CONFIG-UNKNOWN': {
    level: 'degraded',
    docs: JUDGED,
    en: 'one of the runs was imported: its settings are not known as ours are, and were not compared',
    zh: '其中一个运行是导入的：其配置不如我们的完整，因此没有比较',
    cure: { en: 'compare the settings by hand', zh: '手工比较两者的配置' },
  },
  'NUMBER-UNKNOWN': {
    level: 'degraded',
    docs: JUDGED,
    params: { run: { choices: RUNS } },
    en: 'not known of {run}, or of too few requests',
    zh: '{run}没有该数值，或请求太少',
    cure: MORE_REQUESTS,
  },
  'NUMBER-ZERO': {
    level: 'degraded',
    docs: JUDGED,
    en: 'zero in one of the runs',
    zh: '在其中一个运行中为零',
    cure: { en: 'none: a change of zero has no percentage', zh: '无法处理：零没有百分比变化' },
  },
  'NOTHING-TO-COMPARE': {
    level: 'invalid',
    docs: JUDGED,
    params: { run: { choices: RUNS }, why: 'finding' },
    en: 'nothing to compare in {run}: {why}',
    zh: '{run}没有可比较的内容：{why}',
    cure: {
      en: 'mend what the requests failed of, and run again',
      zh: '先解决请求失败的原因，再重新运行',
    },
  },
  'METRICS-DIFFER': {
    level: 'invalid',
    docs: JUDGED,
    params: { before: 'text', after: 'text' },
    en: 'one is {before}, the other {after}',
    zh: '一个是 {before}，另一个是 {after}',
    cure: { en: 'score both runs with the same evaluator', zh: '用同一个评估器为两个运行评分' },
  },
  'NO-COMMON-SAMPLE': {
    level: 'invalid',
    docs: JUDGED,
    en: 'no sample in common',
    zh: '没有共同的样本',
    cure: { en: 'compare runs on the same data', zh: '比较同一数据上的运行' },
  },
  'NO-SUCH-NUMBER': {
    level: 'degraded',
    docs: GATES,
    en: 'there is no such number',
    zh: '没有该数值',
    cure: { en: 'take a number that both runs have', zh: '改用两个运行都有的数值' },
  },
  'GATE-BROKEN': {
    level: 'invalid',
    docs: GATES,
    en: 'beyond the threshold, and significant',
    zh: '超过阈值，且显著',
    cure: {
      en: 'find what changed between the runs: the table of differences',
      zh: '查找两个运行之间的变化：见差异表',
    },
  },
  'GATE-KEPT-BY-INTERVAL': {
    level: 'fact',
    docs: GATES,
    en: 'the 95 % interval ends before the threshold',
    zh: '95 % 区间未达到阈值',
    cure: NOTHING_TO_DO,
  },
  'GATE-KEPT-BY-SIZE': {
    level: 'fact',
    docs: GATES,
    en: 'not beyond the threshold, and n is large enough',
    zh: '未超过阈值，且 n 足够大',
    cure: NOTHING_TO_DO,
  },
  'GATE-WITHIN-CHANCE': {
    level: 'degraded',
    docs: GATES,
    params: { n: 'list', needed: 'figure', bound: 'count' },
    en: 'beyond the threshold, but within chance: n is {n}, {bound?at least|about} {needed} a side are needed',
    zh: '超过阈值，但可能是偶然：n 为 {n}，每侧{bound?至少|约}需 {needed}',
    cure: MORE_REQUESTS,
  },
  'GATE-TOO-FEW': {
    level: 'degraded',
    docs: GATES,
    params: { n: 'list', needed: 'figure', bound: 'count' },
    en: 'not beyond the threshold, but it could be: n is {n}, {bound?at least|about} {needed} a side are needed',
    zh: '未超过阈值，但有可能超过：n 为 {n}，每侧{bound?至少|约}需 {needed}',
    cure: MORE_REQUESTS,
  },
  'GATE-FINDING': {
    level: 'invalid',
    docs: GATES,
    params: { found: 'findings' },
    en: 'found: {found}',
    zh: '发现：{found}',
    cure: { en: 'do what docs/findings.md says for the code', zh: '按 docs/findings.md 中该代码的说明处理' },
  },
  'GATE-NO-FINDING': {
    level: 'fact',
    docs: GATES,
    en: 'no such finding',
    zh: '没有该发现',
    cure: NOTHING_TO_DO,
  },
} as const satisfies FindingTable;
