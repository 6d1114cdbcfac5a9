/** The report of a records file in a process of its own: prints seconds from start to tables, and the largest resident memory. */
import { RunSummary } from '../../src/metrics/summary.ts';
import { performanceTables } from '../../src/report/performance.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { readRecords } from '../../src/store/read-back.ts';

const [file = '', concurrency = '1'] = process.argv.slice(2);
const run = new RunSummary({ concurrency: Number(concurrency), slos: { ttft: 2000, tpot: 50 } });
for await (const record of readRecords(file)) run.add(record);
const summary = run.finish();
const tables = performanceTables({ model: 'm', dataset: 'd', summary }, { full: true });
if (renderTerminal(tables, summary.findings, { color: false }) === '') throw new Error('the report is empty');
const result = {
  seconds: process.uptime(),
  rssMb: process.resourceUsage().maxRSS / 1024,
  requests: summary.rows[0]?.n ?? 0,
};
console.log(JSON.stringify(result));
