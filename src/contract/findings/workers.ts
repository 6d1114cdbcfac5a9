/** What happened to the workers that send the load. */
import type { FindingTable } from '../finding-entry.ts';

export const workerFindings = {
  'WORKER-LOST': {
    level: 'invalid',
    docs: 'workers.md#a-load-test',
    params: { what: 'text' },
    en: '{what}',
    zh: '有发送方丢失：{what}',
    cure: {
      en: 'find out why the worker ended (memory, network), and run again',
      zh: '查明该工作进程退出的原因（内存、网络），然后重新运行',
    },
  },
} as const satisfies FindingTable;
