/** The words of a live page in two languages. */
import { useLanguage } from '../settings.ts';

const en = {
  connecting: 'connecting …',
  running: 'running',
  ended: 'the run has ended: its report lies in its folder',
  lost: 'the run does not answer: it may have ended, or been killed',
  waiting: 'no task has begun yet',
  progress: 'Progress',
  left: 'left',
  spent: 'spent',
  inFlight: 'In flight',
  of: 'of',
  atMost: 'at most',
  rate: 'Request rate',
  tokens: 'Output tokens',
  failed: 'Failed',
  soFar: 'so far',
  soFarNote: 'What a report of the load up to now would say, steadiness apart.',
  now: 'now',
  asked: 'asked',
  task: 'Model and dataset',
  status: 'Status',
  statuses: { waiting: 'waiting', running: 'running', done: 'done', 'not run': 'not run' },
  time: 'time',
  rateNote: 'Cases that begin, a second, over the last ten seconds.',
  tokensNote: 'Of requests that ended, over the last 30 seconds.',
  latencyNote: 'Of the requests that ended in each stretch; percentiles within 0.8 %.',
};

const zh: typeof en = {
  connecting: '正在连接……',
  running: '正在运行',
  ended: '运行已结束，报告在结果目录中',
  lost: '运行没有响应：可能已结束或被终止',
  waiting: '还没有任务开始',
  progress: '进度',
  left: '剩余',
  spent: '已用',
  inFlight: '并发请求',
  of: '/',
  atMost: '上限',
  rate: '请求速率',
  tokens: '输出 token',
  failed: '失败',
  soFar: '截至目前',
  soFarNote: '若现在出报告会得到的结论（不含稳态判断）。',
  now: '当前',
  asked: '要求',
  task: '模型与数据集',
  status: '状态',
  statuses: { waiting: '等待', running: '运行中', done: '完成', 'not run': '未运行' },
  time: '时间',
  rateNote: '最近十秒内每秒开始的请求数。',
  tokensNote: '最近 30 秒内结束的请求。',
  latencyNote: '各时段内结束的请求；分位数误差在 0.8 % 以内。',
};

export type LiveWords = typeof en;

export function useLiveWords(): LiveWords {
  return useLanguage() === 'zh' ? zh : en;
}
