/** Why a search ended, what spoilt a point, and what would help. */
import { type FindingTable, NOTHING_TO_DO } from '../finding-entry.ts';

const SEARCH = 'capacity.md#search';
const LOWER = '，或降低最高负载（--to）';
const GO_ON = {
  en: 'the same command with --reuse keeps the points that are measured',
  zh: '同一命令加 --reuse 会保留已测的点',
};

export const searchFindings = {
  'SEARCH-PRECISE': {
    level: 'fact',
    docs: SEARCH,
    en: 'the interval is as narrow as --precision wants',
    zh: '区间已达到 --precision 要求的精度',
    cure: NOTHING_TO_DO,
  },
  'SEARCH-BUDGET': {
    level: 'degraded',
    docs: SEARCH,
    en: 'the budget of requests is used up',
    zh: '请求预算已用完',
    cure: { en: 'allow more requests (--budget)', zh: '增加请求预算（--budget）' },
  },
  'SEARCH-LOWEST': {
    level: 'degraded',
    docs: SEARCH,
    en: 'the objectives are not kept even at the lowest load that was tried',
    zh: '在尝试过的最低负载下也达不到目标',
    cure: {
      en: 'begin lower (--from), or relax the objectives',
      zh: '从更低的负载开始（--from），或放宽目标',
    },
  },
  'SEARCH-HIGHEST': {
    level: 'degraded',
    docs: SEARCH,
    en: 'the objectives are kept at the highest load too: the capacity is above it',
    zh: '在最高负载下仍达到目标：容量在其之上',
    cure: { en: 'allow a higher load (--to)', zh: '提高最高负载（--to）' },
  },
  'SEARCH-INTERRUPTED': {
    level: 'degraded',
    docs: SEARCH,
    en: 'interrupted',
    zh: '被中断',
    cure: GO_ON,
  },
  'SEARCH-SPOILT': {
    level: 'invalid',
    docs: SEARCH,
    params: { why: 'finding?' },
    en: 'a point was no measurement of the service[: {why}]',
    zh: '有一个测点没有测到服务本身[：{why}]',
    cure: GO_ON,
  },
  'POINT-CLIENT-LIMITED': {
    level: 'invalid',
    docs: SEARCH,
    params: { why: 'finding' },
    en: 'the client is the limit: {why}',
    zh: '瓶颈是客户端：{why}',
    cure: {
      en: 'give the client more room: processes, cores, machines',
      zh: '为客户端提供更多资源：进程、核、机器',
    },
  },
  'POINT-NOT-DELIVERED': {
    level: 'invalid',
    docs: SEARCH,
    params: { why: 'finding' },
    en: 'the target load was not reached: {why}',
    zh: '没有达到目标负载：{why}',
    cure: {
      en: 'allow more requests in flight (--batch-size), or end at a lower load (--to)',
      zh: '允许更多在途请求（--batch-size），或降低最高负载（--to）',
    },
  },
  'NO-ANSWER-IN-FIRST-POINT': {
    level: 'invalid',
    docs: SEARCH,
    en: 'no request of the first point was answered',
    zh: '首个测点没有任何请求得到回答',
    cure: {
      en: 'check the service with ais_bench check, then search again',
      zh: '用 ais_bench check 检查服务，然后重新搜索',
    },
  },
  'MEND-FAILURES': {
    level: 'invalid',
    docs: SEARCH,
    en: 'every request of the point failed',
    zh: '该测点的请求全部失败',
    cure: {
      en: `mend what the requests failed of; ${GO_ON.en}`,
      zh: `先解决请求失败的原因；${GO_ON.zh}`,
    },
  },
  'MORE-IN-FLIGHT': {
    level: 'invalid',
    docs: SEARCH,
    params: { slots: 'count' },
    en: 'requests waited for one of {slots} slots (--batch-size)',
    zh: '请求在等待 {slots} 个并发槽位之一（--batch-size）',
    cure: {
      en: 'allow more requests in flight than {slots} (--batch-size), or end at a lower load (--to)',
      zh: `允许多于 {slots} 个在途请求（--batch-size）${LOWER}`,
    },
  },
  'MORE-MEMORY': {
    level: 'invalid',
    docs: SEARCH,
    en: 'the memory of this machine is used up',
    zh: '本机内存已用尽',
    cure: {
      en: 'use a machine with more memory, or end at a lower load (--to)',
      zh: `换内存更大的机器${LOWER}`,
    },
  },
  'MORE-DESCRIPTORS': {
    level: 'invalid',
    docs: SEARCH,
    en: 'the open files of this process are used up',
    zh: '本进程可打开的文件数已用尽',
    cure: {
      en: `allow more open files (ulimit -n); ${GO_ON.en}`,
      zh: `允许打开更多文件（ulimit -n）；${GO_ON.zh}`,
    },
  },
  'MORE-WORKERS': {
    level: 'invalid',
    docs: SEARCH,
    en: 'the workers that send are too slow for this load',
    zh: '发送负载的工作进程跟不上该负载',
    cure: {
      en: 'let more workers send (--workers GROUP:N), on machines that do nothing else',
      zh: '让更多工作节点发送（--workers GROUP:N），并且所在机器不做别的事',
    },
  },
  'MORE-ROOM': {
    level: 'invalid',
    docs: SEARCH,
    params: { processes: 'count?' },
    en: 'this machine is too slow for this load',
    zh: '本机跟不上该负载',
    cure: {
      en: '[send from more processes (--workers {processes}); or ]end what else runs on this machine, or give service and client cores of their own (taskset); or let other machines send (--workers GROUP:N), or end at a lower load (--to)',
      zh: '[用更多进程发送（--workers {processes}）；或]结束本机上的其他程序，或用 taskset 让服务与客户端各占自己的核；或让其他机器发送（--workers GROUP:N），或降低最高负载（--to）',
    },
  },
} as const satisfies FindingTable;
