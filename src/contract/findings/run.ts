/** What happens while a run is prepared, sent and read again: said by the session. */
import { type FindingTable, NOTHING_TO_DO } from '../finding-entry.ts';

const REUSE = 'cli.md#how-a-run-goes';
const WARM_UP = 'cli.md#how-a-run-goes';

export const runFindings = {
  'MODEL-BROKEN': {
    level: 'invalid',
    docs: 'errors.md#error-codes',
    params: { what: 'text', why: 'text' },
    en: '{what} was not evaluated: {why}',
    zh: '{what} 未被评测：{why}',
    cure: {
      en: 'do as the message says, then send the rest with --reuse',
      zh: '按提示处理后用 --reuse 发送其余部分',
    },
  },
  'WARMUP-FAILED': {
    level: 'degraded',
    docs: WARM_UP,
    params: { failed: 'count', requests: 'count', why: 'text' },
    en: '{failed} of {requests?# warm-up request|# warm-up requests} failed: {why}',
    zh: '{requests} 个预热请求中有 {failed} 个失败：{why}',
    cure: {
      en: 'check the service before you trust the load that follows',
      zh: '在采信随后的负载之前先检查服务',
    },
  },
  'WARMUP-MEASURED': {
    level: 'fact',
    docs: WARM_UP,
    en: 'warm-up sent samples that are measured too: a prefix cache may know them',
    zh: '预热发送了也会被测量的样本：前缀缓存可能已有它们',
    cure: {
      en: 'give the dataset more rows, or --num-warmups 0',
      zh: '给数据集更多行，或使用 --num-warmups 0',
    },
  },
  'PAGE-MISSING': {
    level: 'degraded',
    docs: 'report-page.md',
    en: 'no report page is written: the viewer is not built (npm run build)',
    zh: '没有写出报告页面：查看器尚未构建（npm run build）',
    cure: { en: 'build it: npm run build', zh: '构建它：npm run build' },
  },
  'SERVER-METRICS-REFUSED': {
    level: 'degraded',
    docs: 'server-metrics.md',
    params: { why: 'text' },
    en: 'no metrics of the service: {why}',
    zh: '没有该服务的指标：{why}',
    cure: { en: 'correct --scrape-metrics, or leave it out', zh: '更正 --scrape-metrics，或去掉它' },
  },
  'SERVER-METRICS-LOST': {
    level: 'degraded',
    docs: 'server-metrics.md',
    params: { why: 'text' },
    en: "the service's metrics are not kept: {why}",
    zh: '该服务的指标未能保存：{why}',
    cure: { en: 'free the disk, or correct the folder’s rights', zh: '清理磁盘，或更正文件夹的权限' },
  },
  'HALF-LINE': {
    level: 'degraded',
    docs: REUSE,
    params: { where: 'text' },
    en: '{where}: half a line, left by a crash, is no data',
    zh: '{where}：崩溃留下的半行，不算数据',
    cure: NOTHING_TO_DO,
  },
  'ANSWERS-UNJUDGED': {
    level: 'degraded',
    docs: 'config.md#judge-models',
    params: { left: 'count', answers: 'count' },
    en: '{left} of {answers?# answer|# answers} {left?is|are} not judged: ais_bench --mode judge --reuse sends them to the judge',
    zh: '{answers} 个回答中有 {left} 个尚未评判：ais_bench --mode judge --reuse 会把它们发给评判模型',
    cure: { en: 'run ais_bench --mode judge --reuse', zh: '运行 ais_bench --mode judge --reuse' },
  },
  'TEMPLATE-CHANGED': {
    level: 'fact',
    docs: REUSE,
    params: { what: 'text' },
    en: '{what} has changed: samples whose prompt differs now are sent again',
    zh: '{what} 已改变：提示词不同的样本会重新发送',
    cure: NOTHING_TO_DO,
  },
  'CODE-CHANGED': {
    level: 'degraded',
    docs: REUSE,
    params: { what: 'text' },
    en: '{what} has changed: answers that are there came of other code',
    zh: '{what} 已改变：已有的回答来自另一份代码',
    cure: { en: 'run without --reuse to measure one code', zh: '不用 --reuse 重新运行，只测一份代码' },
  },
  'CLOCK-BEHIND': {
    level: 'fact',
    docs: 'results.md',
    params: { clock: 'text', name: 'text' },
    en: 'the clock shows {clock}, earlier than the newest run here: this one is named {name}, to come after it',
    zh: '时钟显示 {clock}，早于此处最新的运行：本次命名为 {name}，以便排在其后',
    cure: { en: 'set the clock', zh: '校准时钟' },
  },
  'SAMPLES-MISSING': {
    level: 'degraded',
    docs: REUSE,
    params: { missing: 'count', samples: 'count' },
    en: '{missing} of {samples?# sample|# samples} {missing?has|have} no answer; what there is counts',
    zh: '{samples} 个样本中有 {missing} 个没有回答；只统计已有的',
    cure: {
      en: 'send them with --reuse and a --mode that sends',
      zh: '用 --reuse 与会发送请求的 --mode 发送它们',
    },
  },
  'SAMPLES-UNKNOWN': {
    level: 'degraded',
    docs: REUSE,
    params: { n: 'count' },
    en: '{n?# sample in the folder is|# samples in the folder are} not in this plan; the files keep {n?it|them}, the results leave {n?it|them} out',
    zh: '文件夹中有 {n} 个样本不在此计划中；文件保留它们，结果不计入',
    cure: { en: 'give the data that the run was begun with', zh: '使用该运行开始时的数据' },
  },
  'NEAR-LIMIT': {
    level: 'degraded',
    docs: 'selftest.md#before-a-run',
    params: { what: 'text', cure: 'text' },
    en: '{what}: {cure}',
    zh: '接近本机上限：{what}：{cure}',
    cure: { en: 'do this: {cure}', zh: '请处理：{cure}' },
  },
  'RESULTS-NOT-FETCHED': {
    level: 'degraded',
    docs: 'workers.md#an-evaluation',
    en: 'this run was killed while remote workers sent: their last results may be on its NATS server (--nats fetches them)',
    zh: '该运行在远程工作节点发送时被终止：它们最后的结果可能仍在其 NATS 服务器上（--nats 可取回）',
    cure: { en: 'add --nats', zh: '加上 --nats' },
  },
} as const satisfies FindingTable;
