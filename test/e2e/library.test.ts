/** The package as a program uses it: imported from `node_modules`, in a folder of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolder, serve } from './support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What docs/library.md shows first: 15 lines. */
const SCRIPT = `import { defineConfig, run } from 'ais-bench';

const config = defineConfig({
  url: process.env['SERVICE_URL'] ?? 'http://localhost:8080',
  models: ['vllm_api_stream_chat'],
  datasets: ['demo_gsm8k_gen_4_shot_cot_chat_prompt'],
  batchSize: 4,
});
const { tasks, folder } = await run(config);
for (const { model, dataset, score, latency } of tasks) {
  console.log(model, dataset);
  console.log('accuracy', score?.['accuracy']?.value, '% of', score?.['accuracy']?.n);
  console.log('TTFT P99', latency?.['ttft']?.p99, 'ms');
}
console.log(folder);
`;

function project(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder({ 'package.json': '{ "type": "module" }', ...files });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/ais-bench'));
  return folder;
}

async function runScript(cwd: string, file: string, url: string) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [file], { cwd, env: { PATH, SERVICE_URL: url } });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  return { stdout, stderr, code };
}

describe('a program of 15 lines', () => {
  it('evaluates a service and prints a score and a TTFT, and the package prints nothing', async () => {
    expect(SCRIPT.trim().split('\n').length).toBeLessThanOrEqual(16);
    expect(readFileSync(`${root}docs/library.md`, 'utf8')).toContain(SCRIPT.trim());
    const { url } = await serve();
    const cwd = project({ 'main.mjs': SCRIPT });
    const { stdout, stderr, code } = await runScript(cwd, 'main.mjs', url);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('vllm-api-stream-chat demo_gsm8k');
    expect(lines[1]).toMatch(/^accuracy \d+(\.\d+)? % of 8$/);
    expect(lines[2]).toMatch(/^TTFT P99 \d+(\.\d+)? ms$/);
    expect(readdirSync(join(cwd, lines[3]!))).toContain('report.html');
  });

  it('type-checks under strict, declarations of the package included', () => {
    const options = {
      compilerOptions: {
        strict: true,
        module: 'nodenext',
        target: 'es2023',
        noEmit: true,
        typeRoots: [`${root}node_modules/@types`],
        types: ['node'],
      },
      files: ['main.ts'],
    };
    const cwd = project({ 'main.ts': SCRIPT, 'tsconfig.json': JSON.stringify(options) });
    expect(execFileSync(`${root}node_modules/.bin/tsc`, ['-p', cwd], { encoding: 'utf8' })).toBe('');
  }, 120_000);
});

describe('run', () => {
  it('resolves with a partial result when its signal is aborted', async () => {
    const { url } = await serve();
    const cwd = project({
      'main.mjs': `import { openRun, run } from 'ais-bench';
const stop = new AbortController();
const config = {
  url: process.env.SERVICE_URL,
  models: ['vllm_api_stream_chat'],
  datasets: ['demo_gsm8k_gen_4_shot_cot_chat_prompt'],
  mode: 'perf', cycle: true, maxCases: 100000, batchSize: 4,
};
let done = 0;
const on = ({ type }) => { if (type === 'request-ended' && ++done === 5) stop.abort(); };
const result = await run(config, { signal: stop.signal, on });
const [task] = (await openRun(result.folder)).tasks;
let records = 0;
for await (const record of task.records()) if (record.outcome === 'ok') records += 1;
console.log(JSON.stringify({ stopped: result.stopped, records, ttft: result.tasks[0].latency.ttft.p99 > 0 }));
`,
    });
    const { stdout, stderr, code } = await runScript(cwd, 'main.mjs', url);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { stopped, records, ttft } = JSON.parse(stdout);
    expect({ stopped, ttft }).toEqual({ stopped: 'interrupted', ttft: true });
    expect(records).toBeGreaterThanOrEqual(5);
    expect(records).toBeLessThan(100);
  });

  it('leaves no state between three runs in one process', async () => {
    const { url } = await serve();
    const cwd = project({
      'main.mjs': `import { openRun, run } from 'ais-bench';
const config = {
  url: process.env.SERVICE_URL,
  models: ['vllm_api_stream_chat'],
  datasets: ['demo_gsm8k_gen_4_shot_cot_chat_prompt'],
  batchSize: 4,
};
const before = process.listenerCount('SIGINT');
const results = [];
for (let n = 0; n < 3; n++) {
  const { folder, tasks, degraded } = await run(config);
  const samples = [];
  for await (const { call, judged } of (await openRun(folder)).samples()) samples.push([call.id, judged.verdict]);
  results.push({ score: tasks[0].score, samples: samples.sort(), degraded, folder });
}
await new Promise((resolve) => setTimeout(resolve, 50));
const handles = process.getActiveResourcesInfo().filter((name) => !/TTY|Pipe/.test(name));
console.log(JSON.stringify({ results, handles, listeners: process.listenerCount('SIGINT') - before }));
`,
    });
    const { stdout, stderr, code } = await runScript(cwd, 'main.mjs', url);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { results, handles, listeners } = JSON.parse(stdout);
    expect(new Set(results.map(({ folder }: { folder: string }) => folder)).size).toBe(3);
    const [first, ...others] = results.map(({ folder: _, ...rest }: { folder: string }) => rest);
    for (const other of others) expect(other).toEqual(first);
    expect(handles).toEqual([]);
    expect(listeners).toBe(0);
  });
});
