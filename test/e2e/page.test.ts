/** `report.html` of a run: written by every command that reports, with what the run's files hold and no secret in it. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PageSample } from '../../src/report/page/samples.ts';
import { aisBench, CHAT, chatServer, DEMO, emptyFolder, latest, pageBlock, streamed } from './support.ts';

const SECRET = 'sk-a-key-that-nobody-may-see';

async function runOf(...more: readonly string[]) {
  const cwd = emptyFolder();
  const server = await chatServer(() => streamed(`450, says ${SECRET}`));
  const flags = ['--models', CHAT, '--datasets', DEMO, '--url', server.url, '--num-warmups', '0'];
  const command = [...flags, '--api-key', SECRET, ...more];
  const run = await aisBench(cwd, ...command);
  expect(run.code, run.stderr).toBe(0);
  const page = () => join(latest(cwd), 'report.html');
  return {
    cwd,
    server,
    run,
    page,
    again: (...args: string[]) => aisBench(cwd, ...command, ...args, '--reuse'),
  };
}

describe('report.html', () => {
  it('has the score, the requests and the answers of an accuracy run, and is named in the closing lines', async () => {
    const { run, page } = await runOf();
    expect(run.stdout).toMatch(/^Report: \S+\/report\.html$/m);
    const html = readFileSync(page(), 'utf8');
    expect(html).toMatch(/Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
    const { kind, payload } = pageBlock<{ kind: string; payload: any }>(html, 'payload');
    expect(kind).toBe('run');
    const [task] = payload.tasks;
    expect(task).toMatchObject({ model: 'vllm-api-stream-chat', dataset: 'demo_gsm8k' });
    expect(task.score.report.card).toMatchObject({ value: 12.5, n: 8, correct: 1, wrong: 7 });
    expect(task.requests.columns.ttft).toHaveLength(8);
    const samples = pageBlock<PageSample[]>(html, `attachment-${task.score.samples.attachment}`);
    expect(samples).toHaveLength(8);
    expect(samples.map(({ request }) => request).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(samples.map(({ verdict }) => verdict).filter((one) => one === 'correct')).toHaveLength(1);
  });

  it('holds no secret, also inside of its packed data', async () => {
    const { page } = await runOf();
    const html = readFileSync(page(), 'utf8');
    const data = [pageBlock(html, 'payload'), pageBlock<PageSample[]>(html, 'attachment-samples-0')];
    expect(html + JSON.stringify(data)).not.toContain(SECRET);
    expect(JSON.stringify(data[1])).toContain('says ***');
  });

  it('is written again by viz and by perf_viz, which ask nothing', async () => {
    for (const [mode, again] of [
      ['all', 'viz'],
      ['perf', 'perf_viz'],
    ] as const) {
      const run = await runOf('--mode', mode);
      // A score that comes back from disk has its numbers under other keys beside them.
      const shown = () => {
        const { payload } = pageBlock<{ payload: any }>(readFileSync(run.page(), 'utf8'), 'payload');
        const [{ requests, performance, tables, score }] = payload.tasks;
        return { requests, performance, tables, value: score?.report.card.value, outcomes: score?.outcomes };
      };
      const before = shown();
      rmSync(run.page());
      const asked = run.server.asked.length;
      const { code, stderr } = await run.again('--mode', again);
      expect(code, stderr).toBe(0);
      expect(existsSync(run.page())).toBe(true);
      expect(shown()).toEqual(before);
      expect(run.server.asked).toHaveLength(asked);
    }
  });
});
