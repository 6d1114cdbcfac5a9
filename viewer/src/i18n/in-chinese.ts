/**
 * Sentences that a run says of itself, in Chinese. They stand in the page's data as the run told them, in English; one that has no
 * entry here is shown as it is, as are names, metrics and whatever a service said.
 *
 * In the English form `#` is a number, `{}` any text (at the beginning one without a colon), `[s]` may be there, `[is|are]` is one of
 * the two. `{1}` is the first of them, translated too where it is a sentence of its own.
 */
const TABLES: readonly (readonly [english: string, chinese: string])[] = [
  ['Dropped or degraded', '丢弃或降级'],
  ['What', '内容'],
  ['Where', '位置'],
  ['the run', '整个运行'],
  ['and {} more, all of them in {}', '另有 {1} 条，全部在 {2} 中'],
  ['Groups of datasets', '数据集分组'],
  ['Group', '分组'],
  ['Number', '数值'],
  ['Model', '模型'],
  ['Dataset', '数据集'],
  ['Datasets', '数据集数'],
  ['Metric', '指标'],
  ['Value', '值'],
  ['Unit', '单位'],
  ['Interval', '区间'],
  ['plain mean', '简单平均'],
  ['weighted mean', '加权平均'],
  ['sum', '总和'],
  ['standard deviation', '标准差'],
  ['harmonic mean', '调和平均'],
  ['{}, by character', '{1}（按字符）'],
  [
    'plain mean: every dataset counts the same, however large it is',
    '简单平均：每个数据集权重相同，与题数无关',
  ],
  [
    "by character: a part counts characters of Chinese where others count jieba's words: not comparable",
    '按字符：其中一部分按汉字计，其他工具按 jieba 分词计，不可比较',
  ],
  [
    'Interval: 95 %, from those of the datasets, which are independent',
    '区间：95 %，由各数据集的区间合成，各数据集相互独立',
  ],
  ['Interval: 95 %, {}', '区间：95 %，{1}'],
  ['Quality under load', '负载下的质量'],
  [
    'correct answers/s: credits of all answers over the duration of the load',
    'correct answers/s：全部回答的得分之和除以负载时长',
  ],
  ['at SLO: answers whose requests met {} from the schedule', 'at SLO：请求从计划时刻起满足 {1} 的回答'],
  ['the load took no time', '负载没有持续时间'],
  ['Segments', '分段'],
  ['Segment', '段'],
  ['Verdict', '结论'],
  ['Requests', '请求数'],
  ['Failed', '失败'],
  ['Duration, ms', '时长，ms'],
  ['segment {}: {}', '第 {1} 段：{2}'],
  ['Conversations', '对话'],
  ['Turns', '轮次'],
  ['Turn', '轮'],
  [
    'Conversations: {}; {} completed, {} broken off at a failed turn, {} stopped before their end',
    '对话：{1}；完成 {2}，在失败的轮次中断 {3}，结束前被停止 {4}',
  ],
  [
    'Conversations: {}; {} completed, {} broken off at a failed turn',
    '对话：{1}；完成 {2}，在失败的轮次中断 {3}',
  ],
  ['Times in ms, of the turns that were answered without a retry', '时间单位 ms，只统计无需重试的轮次'],
  ['Servers', '服务器'],
  ['Server', '服务器'],
  ['Adapters', '适配器'],
  ['Adapter', '适配器'],
  ['Reqs', '请求'],
  ['# further row[s] [is|are] in the CSV file', '另有 {1} 行在 CSV 文件中'],
  [
    'Times in ms, of answers without a retry; tok/s: generated tokens a second of the whole run',
    '时间单位 ms，只统计无需重试的回答；tok/s：整个运行每秒生成的 token',
  ],
  ['Workers', '工作节点'],
  ['Worker', '工作节点'],
  ['Procs', '进程'],
  ['Clock', '时钟'],
  ['Lag', '滞后'],
  ['{} was lost: {}', '{1} 已失联：{2}'],
  [
    'Procs: processes that sent; req/s: answered requests a second of the whole run; times in ms, of answers without a retry',
    '进程：发送请求的进程数；req/s：整个运行每秒回答的请求；时间单位 ms，只统计无需重试的回答',
  ],
  [
    "Clock: the worker's clock less this machine's, ms ± what the reading may be off by; Lag: how late its last process started, ms",
    '时钟：工作节点的时钟减去本机时钟，ms ± 读数误差；滞后：最后一个进程晚开始多少 ms',
  ],
  ['This machine itself sent {} of the requests', '本机自己发送了其中 {1} 个请求'],
  ['Clocks moved by {} ms at most during the load', '负载期间时钟最多漂移 {1} ms'],
  ['95 % intervals', '95 % 区间'],
  ['Average', '平均'],
  ['Median', '中位数'],
  ['P{} needs {} values; ? : too few values to bound it', 'P{1} 需要 {2} 个值；?：样本太少，无法给出界'],
  [
    'ITL and Token ITL pool values that are not independent: no intervals',
    'ITL 与 Token ITL 汇总的值并不独立：没有区间',
  ],
  ['Client', '客户端'],
  ['Process', '进程'],
  ['Loop busy', '事件循环占用'],
  ['Loop lag P99, ms', '事件循环延迟 P99，ms'],
  ['Memory', '内存'],
  ['Descriptors', '文件描述符'],
  ["Server's own numbers ({})", '服务端自己的统计（{1}）'],
  ["Server's own times", '服务端自己的时间'],
  ['Server Metric', '服务端指标'],
  ['Min', '最小'],
  ['Mean', '均值'],
  ['Max', '最大'],
  [
    '# reading[s], from before the first request to after the last, {} looks failed',
    '{1} 次读数，从首个请求之前到最后一个请求之后，另有 {2} 次读取失败',
  ],
  [
    '# reading[s], from before the first request to after the last',
    '{1} 次读数，从首个请求之前到最后一个请求之后',
  ],
  [
    'from the histograms of the server: quantiles are as exact as its buckets are narrow',
    '取自服务端的直方图：分位数的精度取决于桶宽',
  ],
  ['{}: P99 lies beyond the last bucket', '{1}：P99 超出最后一个桶'],
  ['As {} counts, stage {}', '按 {1} 的统计方式，阶段 {2}'],
  ['As {} counts', '按 {1} 的统计方式'],
  ['{}: whole run', '{1}：整个运行'],
];

const VALIDITY: typeof TABLES = [
  ['no request was sent', '没有发送任何请求'],
  ['all # requests failed: # of them with {}', '全部 {1} 个请求失败：其中 {2} 个为 {3}'],
  ['all # requests failed: {}', '全部 {1} 个请求失败：{2}'],
  ['all # requests failed', '全部 {1} 个请求失败'],
  ['the only request failed: {}', '唯一的请求失败：{1}'],
  ['# req/s achieved of # ({})', '实际 {1} req/s，要求 {2}（{3}）'],
  ['# in flight held of # asked ({})', '保持在途 {1}，要求 {2}（{3}）'],
  [
    '# of # request[s] left late: lag P99 # ms > # ms, held back by batch_size {}',
    '{2} 个请求中 {1} 个发送过晚：滞后 P99 {3} ms > {4} ms，受 batch_size {5} 限制',
  ],
  [
    '# of # request[s] left late: lag P99 # ms > # ms',
    '{2} 个请求中 {1} 个发送过晚：滞后 P99 {3} ms > {4} ms',
  ],
  ['lag P99 # ms ≤ # ms', '滞后 P99 {1} ms ≤ {2} ms'],
  ['# of # req/s', '{1} req/s，要求 {2} req/s'],
  ['# of # held in flight', '保持在途 {1}，要求 {2}'],
  ['steady for # s', '稳定阶段 {1} s'],
  ['{}: event loop busy {}', '{1}：事件循环占用 {2}'],
  ['{}: garbage collection {}', '{1}：垃圾回收 {2}'],
  ['{}: CPU of one core {}', '{1}：占用单核 CPU {2}'],
  ['{}: memory in use {}', '{1}：内存占用 {2}'],
  ['{}: descriptors in use {}', '{1}：文件描述符占用 {2}'],
  ['{}: event loop lag P99 {}', '{1}：事件循环延迟 P99 {2}'],
  ['lost before their share was sent: {} of those that send', '{1} 个发送进程在发完自己的份额之前丢失'],
  [
    'continued with --reuse: {} segment[s], each a load of its own with its own verdict',
    '用 --reuse 续跑：共 {1} 段，每段是单独的负载，各有结论',
  ],
  [
    '# request[s] [is|are] too few to show a steady state (at least {})',
    '{1} 个请求太少，无法显示稳定阶段（至少 {2} 个）',
  ],
  ['no two requests were sent one after the other', '没有先后发送的两个请求'],
  ['new requests were sent for {} only, too short for a trend', '新请求只发送了 {1}，太短，看不出趋势'],
  ['ramps and drifts leave {} % of the time under load', '除去爬升与漂移，只剩负载时间的 {1} %'],
  ['only {} request[s] in the window (at least {})', '窗口内只有 {1} 个请求（至少 {2} 个）'],
  ['every request in the window failed', '窗口内的请求全部失败'],
  [
    'the window of {} is only {} times the median E2EL (at least {})',
    '窗口 {1} 只有 E2EL 中位数的 {2} 倍（至少 {3} 倍）',
  ],
  ['{} rose by {} % of its mean over the window', '{1} 在窗口内上升了均值的 {2} %'],
  ['{} fell by {} % of its mean over the window', '{1} 在窗口内下降了均值的 {2} %'],
  ['{} rose by {} % of its mean over the time under load', '{1} 在负载期间上升了均值的 {2} %'],
  ['{} fell by {} % of its mean over the time under load', '{1} 在负载期间下降了均值的 {2} %'],
];

const NOTES: typeof TABLES = [
  ['to do ({})', '怎么办（{1}）'],
  ['give the key of the service with --api-key', '用 --api-key 给出服务的密钥'],
  ['check the address (--url) and the name of the model (--model)', '检查地址（--url）与模型名（--model）'],
  [
    'ask for less at once (--batch-size) or more slowly (--request-rate)',
    '减少并发（--batch-size）或降低速率（--request-rate）',
  ],
  ['give the address that it redirects to, with --url', '用 --url 给出它重定向到的地址'],
  [
    'see that the service is up and its address right: --url, --host-ip, --host-port',
    '确认服务已启动且地址正确：--url、--host-ip、--host-port',
  ],
  [
    'find out why it takes so long, or allow more: --timeout-total and its like',
    '找出耗时过长的原因，或放宽时限：--timeout-total 等',
  ],
  [
    'check the address, or set stream: false where the service answers in one piece',
    '检查地址；若服务一次性作答，设 stream: false',
  ],
  ['partial run: stopped before its end, {} request[s] cancelled', '部分运行：提前停止，{1} 个请求被取消'],
  ['# of # request[s] [was|were] not sent', '{2} 个请求中 {1} 个没有发送'],
  [
    '# of # request[s] failed ({}), most often {} ({})',
    '{2} 个请求中 {1} 个失败（{3}），最多的是 {4}（{5}）',
  ],
  ['# of # request[s] failed ({})', '{2} 个请求中 {1} 个失败（{3}）'],
  [
    'failed requests prolonged the run by {}; throughputs count that time',
    '失败的请求使运行延长 {1}；吞吐把这段时间计入',
  ],
  [
    '# request[s] needed a retry; their latencies are reported apart',
    '{1} 个请求经过重试；它们的时延单独统计',
  ],
  ['# of # conversation[s] broke off at a failed turn', '{2} 个对话中 {1} 个在失败的轮次中断'],
  [
    'server or proxy buffered the stream: every answer came at one instant, so TTFT is the time of the whole answer',
    '服务或代理缓冲了流：每个回答都在同一时刻到达，因此 TTFT 是整个回答的时间',
  ],
  [
    '{} of the events shared a socket read with the one before: ITL shows bursts, not tokens',
    '{1} 的事件与前一个在同一次读取中到达：ITL 反映的是成批到达，而不是单个 token',
  ],
  [
    '# of # answer[s] [has|have] no {} token count; totals and throughputs leave them out',
    '{2} 个回答中 {1} 个没有 {3} token 计数；总数与吞吐不含它们',
  ],
  [
    'SIMULATED: this service says that its answers and times are made up',
    'SIMULATED：该服务声明它的回答与时间是编造的',
  ],
  [
    'INSECURE: the certificates of the service were not checked (tls.insecure)',
    'INSECURE：没有检查服务的证书（tls.insecure）',
  ],
  ['{} tokens were not all counted by the server: {}', '{1} token 并非全部由服务端计数：{2}'],
  [
    '# answer[s] broken off by the service (finish reason {}); they count as answered',
    '{1} 个回答被服务中断（finish reason {2}）；它们算作已回答',
  ],
  [
    '# answer[s] with text and 0 output tokens, as the server counts: token throughputs are too low by what it left out',
    '{1} 个回答有文本，而服务端计为 0 个输出 token：token 吞吐因此偏低',
  ],
  [
    'perhaps cache-assisted: # of # request[s] asked what this run had asked before, and the service does not say what its prefix cache knew',
    '可能有缓存助益：{2} 个请求中 {1} 个问了本次运行已问过的内容，而服务没有说明其前缀缓存命中了多少',
  ],
  [
    "cache-assisted: {} of the input tokens came from the service's prefix cache; TTFT and PrefillTokenThroughput are those of a warm cache",
    '有缓存助益：{1} 的输入 token 来自服务的前缀缓存；TTFT 与 PrefillTokenThroughput 是缓存已热时的数值',
  ],
  [
    '# of # answer[s] ({}) have the length that was asked, {} tokens on average of {}: the service does not heed ignore_eos or min_tokens as they are sent',
    '{2} 个回答中 {1} 个（{3}）达到要求的长度，平均 {4} 个 token，要求 {5} 个：服务没有遵照所发送的 ignore_eos 或 min_tokens',
  ],
  [
    '# answer[s] with more tokens than max_out_len allows: the service does not heed the limit, or counts otherwise',
    '{1} 个回答的 token 多于 max_out_len：服务没有遵照该限制，或计数方式不同',
  ],
  [
    "the model's tasks shared its slots: throughputs and concurrency are this task's part of what the service did meanwhile",
    '该模型的多个任务共用并发槽位：吞吐与并发只是本任务在此期间所占的部分',
  ],
  [
    "the service counts # output tokens where the tokenizer at path counts # (# answers checked): TPOT and token throughputs follow the service's count",
    '服务计为 {1} 个输出 token，而 path 处的分词器计为 {2} 个（检查了 {3} 个回答）：TPOT 与 token 吞吐按服务的计数',
  ],
  [
    "the service counts # input tokens where the prompts alone have # by the tokenizer at path (# checked): it may cut prompts, or the tokenizer is another model's",
    '服务计为 {1} 个输入 token，而仅提示词按 path 处的分词器就有 {2} 个（检查了 {3} 个）：服务可能截断了提示词，或分词器属于另一个模型',
  ],
  ['of # answer[s]: {}; none of them counts as correct{}', '{1} 个回答中：{2}；均不算正确{3}'],
  ['of # answer[s]: {}; none of them counts as correct', '{1} 个回答中：{2}；均不算正确'],
];

const SERIES: typeof TABLES = [
  ['Asked', '要求'],
  ['Achieved', '实际'],
  ['Good/s', '达标/秒'],
  ['Good', '达标'],
  ['Score', '得分'],
  ['Correct/s', '正确/秒'],
  ['Validity', '有效性'],
  ['TTFT, TPOT, ITL and E2EL: p50/p99 in ms', 'TTFT、TPOT、ITL 与 E2EL：p50/p99，单位 ms'],
  ['stopped, its backlog grew without bound', '已停止，积压无限增长'],
  ['stopped, enough requests had missed the objectives', '已停止，未达标的请求已足够多'],
  ['interrupted', '被中断'],
  ['given up, no request succeeded', '已放弃，没有请求成功'],
  ['CLIENT-LIMITED, {}', 'CLIENT-LIMITED，{1}'],
  ['LOAD NOT DELIVERED, {}', 'LOAD NOT DELIVERED，{1}'],
  ['NOT STEADY, {}', 'NOT STEADY，{1}'],
  ['Capacity: not known', '容量：未知'],
  [
    'Capacity: {} requests a second (95 %: {} to {}), where {} gives way',
    '容量：每秒 {1} 个请求（95 %：{2} 到 {3}），首先突破的目标是 {4}',
  ],
  [
    'Capacity: {} requests in flight (95 %: {} to {}), where {} gives way',
    '容量：{1} 个在途请求（95 %：{2} 到 {3}），首先突破的目标是 {4}',
  ],
  ['Ended: {}', '结束原因：{1}'],
  ['the interval is as narrow as was asked', '区间已达到要求的精度'],
  ['the budget of requests is used up', '请求预算已用完'],
  ['the objectives are not kept even at the lowest load that was tried', '在尝试过的最低负载下也达不到目标'],
  [
    'the objectives are kept at the highest load too: the capacity is above it',
    '在最高负载下仍达到目标：容量在其之上',
  ],
  ['a point was no measurement of the service: {}', '有一个测点没有测到服务本身：{1}'],
  ['the client is the limit: {}', '瓶颈是客户端：{1}'],
  ['the load was not delivered: {}', '没有达到所要求的负载：{1}'],
  ['no request of the first point was answered', '首个测点没有任何请求得到回答'],
  ['To do: {}', '怎么办：{1}'],
  ['send from more processes (--workers {})', '用更多进程发送（--workers {1}）'],
  [
    'end what else runs on this machine, or give service and client cores of their own (taskset)',
    '结束本机上的其他程序，或用 taskset 让服务与客户端各占自己的核',
  ],
  [
    'let other machines send (--workers GROUP:N), or end at a lower load (--to)',
    '让其他机器发送（--workers GROUP:N），或降低最高负载（--to）',
  ],
  [
    'let more workers send (--workers GROUP:N), on machines that do nothing else',
    '让更多工作节点发送（--workers GROUP:N），并且所在机器不做别的事',
  ],
  [
    'use a machine with more memory, or end at a lower load (--to)',
    '换内存更大的机器，或降低最高负载（--to）',
  ],
  [
    'allow more requests in flight than {} (--batch-size), or end at a lower load (--to)',
    '允许多于 {1} 个在途请求（--batch-size），或降低最高负载（--to）',
  ],
  ['allow more open files (ulimit -n); {}', '允许打开更多文件（ulimit -n）；{1}'],
  ['mend what the requests failed of; {}', '先解决请求失败的原因；{1}'],
  ['the same command with --reuse keeps the points that are measured', '同一命令加 --reuse 会保留已测的点'],
  ['Cost: # request[s] in # point[s]', '花费：{2} 个测点共 {1} 个请求'],
];

const TEMPLATES = [...TABLES, ...VALIDITY, ...NOTES, ...SERIES].map(
  ([english, chinese]) => [formOf(english), chinese] as const,
);

function formOf(english: string): RegExp {
  const pattern = english
    .replace(/[.*+?^$()\\]/g, '\\$&')
    .replace(/\[([^\]|]+)\]/g, '(?:$1)?')
    .replace(/\[([^\]]+)\]/g, '(?:$1)')
    .replaceAll('#', '(\\S+)')
    .replace(/^\{\}/, '((?:(?!: ).)+?)')
    .replaceAll('{}', '(.+?)');
  return new RegExp(`^${pattern}$`, 's');
}

/** No sentence of ours is longer; what a stranger's run holds must not keep the page busy. */
const LONGEST = 400;

/** The sentence in Chinese; undefined where none is known. */
export function inChinese(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  return joined(text, '; or ', '；或') ?? templated(text) ?? joined(text, ': ', '：');
}

function templated(text: string): string | undefined {
  for (const [form, chinese] of TEMPLATES) {
    const found = form.exec(text);
    if (found === null) continue;
    return chinese.replace(/\{(\d)\}/g, (_, n) => inChinese(found[Number(n)]!) ?? found[Number(n)]!);
  }
  return undefined;
}

/** What is said of one thing that is named first, or of several. */
function joined(text: string, english: string, chinese: string): string | undefined {
  const at = text.indexOf(english);
  const rest = at < 0 ? undefined : inChinese(text.slice(at + english.length));
  if (rest === undefined) return undefined;
  const first = text.slice(0, at);
  return `${inChinese(first) ?? first}${chinese}${rest}`;
}
