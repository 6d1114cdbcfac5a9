/** How a run was made, and what it lacks for it: said by the session, by imports, by scores. */
import { type FindingTable, NOTHING_TO_DO } from '../finding-entry.ts';

const IMPORT = 'coming-from-aisbench.md#import-a-finished-run';

export const sessionFindings = {
  NOTE: {
    level: 'degraded',
    docs: 'findings.md#codes',
    params: { text: 'text' },
    en: '{text}',
    zh: '{text}',
    cure: { en: 'do as the text says', zh: '按文字说明处理' },
  },
  SIMULATED: {
    level: 'fact',
    docs: 'cli.md#ais_bench-serve',
    en: 'SIMULATED: this service says that its answers and times are made up',
    zh: 'SIMULATED：该服务声明它的回答与时间是编造的',
    cure: { en: 'measure a real service for real numbers', zh: '要得到真实数值，请测试真实的服务' },
  },
  CONTINUED: {
    level: 'degraded',
    docs: 'cli.md#how-a-run-goes',
    en: 'continued run (--reuse): its sessions follow each other on one clock, without the pause between them; duration and throughputs are no measure of one load',
    zh: '续跑（--reuse）：各次会话在同一时钟上首尾相接，不含其间的停顿；时长与吞吐不反映单一负载',
    cure: {
      en: 'read the latencies only, or run it once without a pause',
      zh: '只看时延，或不间断地重新运行一次',
    },
  },
  INSECURE: {
    level: 'degraded',
    docs: 'connections.md#tls',
    en: 'INSECURE: the certificates of the service were not checked (tls.insecure)',
    zh: 'INSECURE：没有检查服务的证书（tls.insecure）',
    cure: {
      en: 'name the certificate authority in tls.ca, and leave tls.insecure out',
      zh: '用 tls.ca 指定证书颁发机构，并去掉 tls.insecure',
    },
  },
  'BATCH-TIMES': {
    level: 'fact',
    docs: 'metrics.md#per-request',
    en: 'a local model answers in batches: times run from the beginning of the batch, to its end where no tokens were streamed',
    zh: '本地模型按批回答：时间从该批开始算起；没有流式 token 时算到该批结束',
    cure: NOTHING_TO_DO,
  },
  'SHARED-SLOTS': {
    level: 'fact',
    docs: 'cli.md#datasets-that-share-slots',
    en: "the model's tasks shared its slots: throughputs and concurrency are this task's part of what the service did meanwhile",
    zh: '该模型的多个任务共用并发槽位：吞吐与并发只是本任务在此期间所占的部分',
    cure: {
      en: 'run the dataset alone for throughputs of its own',
      zh: '若需要该数据集自己的吞吐，请单独运行它',
    },
  },
  'UNSCORED-ANSWERS': {
    level: 'degraded',
    docs: 'scoring-statistics.md',
    params: {
      answers: 'count',
      parts: {
        counts: {
          failed: ['# failed', '# 个失败'],
          truncated: ['# cut at the length limit', '# 个因长度上限被截断'],
          unextractable: ['# with nothing to score', '# 个无法提取答案'],
        },
      },
      cut: 'percent?',
    },
    en: 'of {answers?# answer|# answers}: {parts}; none of them counts as correct[; {cut} were cut: a larger --max-out-len lets answers end]',
    zh: '{answers} 个回答中：{parts}；均不算正确[；{cut} 被截断：调大 --max-out-len 可让回答完整结束]',
    cure: {
      en: 'ask again what failed (--reuse); give answers more room (--max-out-len)',
      zh: '用 --reuse 重新请求失败的部分；用 --max-out-len 给回答更多空间',
    },
  },
  IMPORTED: {
    level: 'fact',
    docs: IMPORT,
    en: 'imported from AISBench: what it did not keep is absent, not guessed; the tables as AISBench counts are the ones to compare with it',
    zh: '从 AISBench 导入：它没有保存的内容缺失，不做猜测；应与之比较的是按 AISBench 方式统计的表',
    cure: NOTHING_TO_DO,
  },
  'LOOP-UNKNOWN': {
    level: 'degraded',
    docs: IMPORT,
    en: 'no config of the imported run was found: its load is taken for a closed loop',
    zh: '没有找到所导入运行的配置：视为闭环负载',
    cure: {
      en: 'import the whole output folder of AISBench, its configs/ included',
      zh: '导入 AISBench 的完整输出目录，包括其中的 configs/',
    },
  },
  'FINISH-UNKNOWN': {
    level: 'degraded',
    docs: IMPORT,
    en: 'AISBench keeps no finish reason: answers cut at the length limit count as wrong or unextractable',
    zh: 'AISBench 不保存结束原因：因长度上限被截断的回答计为错误或无法提取',
    cure: { en: 'run it with ais_bench to tell them apart', zh: '用 ais_bench 重新运行即可区分' },
  },
  'NOT-RESCORED': {
    level: 'degraded',
    docs: IMPORT,
    params: {
      why: {
        choices: {
          'no-config': ['no config says how', '没有配置说明评分方法'],
          'foreign-config': ['its eval_cfg is not one of ours', '其 eval_cfg 不是本工具支持的'],
          judge: [
            'a judge model scored it, and the judge is not called again',
            '它由评判模型打分，而评判模型不会被再次调用',
          ],
          unknown: ['its classes are not known here', '其中的类在本工具中不存在'],
        },
      },
      names: 'list?',
    },
    en: 'not scored again: {why}[ ({names})]',
    zh: '没有重新评分：{why}[（{names}）]',
    cure: { en: 'name a dataset config with --datasets', zh: '用 --datasets 指定一个数据集配置' },
  },
} as const satisfies FindingTable;
