/** `--reuse` after the command was killed: what was durable stays, and only the rest is asked. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { durable, killed, pause, recordsIn, runsIn, scoreOf, seeded } from './killed.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  filesBelow,
  latest,
  recordsOf,
  serve,
  start,
  streamed,
  until,
} from './support.ts';

const REPEAT = 'models.0.generation_kwargs.num_return_sequences';

describe('the command, killed at random moments', () => {
  it('goes on to the ids and the score of an uninterrupted run', { timeout: 120_000 }, async () => {
    const { url } = await serve('--seed', '7', '--max-batch', '8');
    const args = ['--models', CHAT, '--datasets', DEMO, '--url', url, '--batch-size', '8'];
    args.push('--set', `${REPEAT}=8`, '--num-warmups', '0');
    const whole = emptyFolder();
    expect((await aisBench(whole, ...args)).code).toBe(0);

    const random = seeded(42);
    const cwd = emptyFolder();
    const model = 'vllm-api-stream-chat';
    let kept: string[] = [];
    for (let kill = 0; kill < 5; kill++) {
      const running = start(cwd, [...args, ...(kill === 0 ? [] : ['--reuse'])]);
      await running.said('time-outs');
      await pause(400 + 2000 * random());
      await killed(running);
      const now = durable(cwd, model);
      expect(new Set(now)).toEqual(new Set([...kept, ...now]));
      kept = now;
    }
    expect(kept).not.toHaveLength(0);
    const { code, stdout, stderr } = await aisBench(cwd, ...args, '--reuse');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Total Requests +64\b/m);
    expect(stdout).toContain('continued run');
    expect(runsIn(cwd)).toHaveLength(1);

    const ids = (folder: string) => new Set(recordsIn(folder, model).map(({ call }) => call.id));
    expect(ids(cwd)).toEqual(ids(whole));
    expect(ids(cwd).size).toBe(64);
    for (const id of kept) {
      expect(recordsIn(cwd, model).filter(({ call }) => call.id === id)).toHaveLength(1);
    }
    expect(scoreOf(cwd, model)).toEqual(scoreOf(whole, model));
    expect(readdirSync(latest(cwd)).filter((name) => name.startsWith('run.lock'))).toEqual([]);
  });

  it('with workers too', { timeout: 60_000 }, async () => {
    const sent: string[] = [];
    const { body } = streamed('18');
    const server = await chatServer(({ headers }) => {
      sent.push(String(headers['x-case']));
      return { ...streamed('18'), body: [{ pauseMs: 100 }, ...body!] };
    });
    const args = ['--models', CHAT, '--datasets', DEMO, '--url', server.url, '--num-warmups', '0'];
    args.push('--set', `${REPEAT}=20`, '--header', 'X-Case: {conversation_id}', '--batch-size', '4');
    const cwd = emptyFolder();
    const running = start(cwd, [...args, '--workers', '2']);
    await until(() => sent.length > 80, 'half of the requests');
    await killed(running);
    const folder = join(latest(cwd), 'performances/vllm-api-stream-chat');
    const kept = readdirSync(folder)
      .filter((file) => file.includes('_records.w'))
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1))
      .map((line) => JSON.parse(line))
      .filter(({ outcome }) => outcome === 'ok')
      .map(({ call }) => call.id);
    expect(kept.length).toBeGreaterThan(0);
    sent.length = 0;
    const { code, stdout, stderr } = await aisBench(cwd, ...args, '--reuse');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Total Requests +160\b/m);
    expect(sent.filter((id) => kept.includes(id))).toEqual([]);
    expect(sent.length).toBeLessThan(160);
  });

  it('with several tasks under way', { timeout: 60_000 }, async () => {
    const sent: string[] = [];
    let wasKilled = false;
    // All of a and half of b are answered; the rest of b, and some of c, are in flight then.
    const server = await chatServer(({ headers }) => {
      const n = sent.push(String(headers['x-case']));
      return wasKilled || n <= 12 ? streamed('18') : { ending: 'silent-before-headers' };
    });
    const cwd = emptyFolder({
      'suite.js': `export const models = [{ attr: 'service', type: 'VLLMCustomAPIChat', abbr: 'm', stream: true, url: '${server.url}',
  batch_size: 6 }];
export const datasets = ['a', 'b', 'c'].map((abbr) => ({ abbr, type: 'DemoGSM8KDataset',
  reader_cfg: { input_columns: ['question'], output_column: 'answer', test_range: '[0:8]' },
  infer_cfg: { prompt_template: { type: 'PromptTemplate', template: '{question}' }, retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' } } }));`,
    });
    const args = ['suite.js', '--mode', 'infer', '--num-warmups', '0'];
    args.push('--header', 'X-Case: {conversation_id}');
    const running = start(cwd, args);
    const ids = () =>
      filesBelow(join(latest(cwd), 'performances')).flatMap(({ path, content }) =>
        path.endsWith('_records.jsonl')
          ? content
              .split('\n')
              .slice(0, -1)
              .map((line) => JSON.parse(line).call.id)
          : [],
      );
    await until(() => sent.length >= 18 && ids().length === 12, 'requests of three tasks');
    await killed(running);
    const kept = ids();
    sent.length = 0;
    wasKilled = true;
    const { code, stderr } = await aisBench(cwd, ...args, '--reuse');
    expect(code, stderr).toBe(0);
    expect(sent).toHaveLength(24 - kept.length);
    expect(new Set(ids()).size).toBe(24);
    expect(ids()).toHaveLength(24);
    expect(ids()).toEqual(expect.arrayContaining(kept));
    expect(server.peakInFlight).toBe(6);
  });

  it('sends nothing again whose record was durable, and little else twice', { timeout: 60_000 }, async () => {
    const random = seeded(1);
    const { body } = streamed('18');
    const server = await chatServer(() => ({ ...streamed('18'), body: [{ pauseMs: 150 }, ...body!] }));
    const args = ['--models', CHAT, '--datasets', DEMO, '--url', server.url];
    args.push('--batch-size', '1', '--num-warmups', '0');
    const questions = () => server.asked.map(({ body: asked }) => JSON.stringify(JSON.parse(asked).messages));
    const cwd = emptyFolder();
    const model = 'vllm-api-stream-chat';
    let durableQuestions = 0;
    for (let kill = 0; kill < 3; kill++) {
      const before = server.asked.length;
      const running = start(cwd, [...args, ...(kill === 0 ? [] : ['--reuse'])]);
      await until(() => server.asked.length > before, 'a request');
      await pause(900 * random());
      await killed(running);
      durableQuestions = durable(cwd, model).length;
    }
    const asked = questions();
    expect((await aisBench(cwd, ...args, '--reuse')).code).toBe(0);
    const sentLast = questions().slice(asked.length);
    expect(sentLast).toHaveLength(8 - durableQuestions);
    expect(new Set(questions()).size).toBe(8);
    // Of each killed session: one in flight, and at most half a second of answers that had not reached the file.
    expect(questions().length).toBeLessThanOrEqual(8 + 3 * (1 + 4));
  });
});

describe('a run that had failures', () => {
  it('asks the failed ones alone; they are no failures any more', async () => {
    const cwd = emptyFolder();
    let broken = true;
    const server = await chatServer((_, n) =>
      broken && n % 2 === 1 ? { status: 400, body: ['no'] } : streamed('18'),
    );
    const args = ['--models', CHAT, '--datasets', DEMO, '--url', server.url];
    args.push('--batch-size', '1', '--num-warmups', '0');
    expect((await aisBench(cwd, ...args)).code).toBe(1);
    expect(server.asked).toHaveLength(8);
    broken = false;
    const { code, stdout, stderr } = await aisBench(cwd, ...args, '--reuse');
    expect(code).toBe(0);
    expect(stderr).toContain('4 of 8 cases are done, 4 left');
    expect(stdout).toMatch(/^Failed Requests +0\b/m);
    expect(server.asked).toHaveLength(12);
    expect(recordsOf(cwd).map(({ outcome }) => outcome)).toHaveLength(12);

    // Nothing is left: the service is not asked, not even for its name.
    await server.close();
    const again = await aisBench(cwd, ...args, '--reuse', runsIn(cwd)[0]!);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain('8 of 8 cases are done, 0 left');
    expect(again.stdout).toMatch(/^Total Requests +8\b/m);
    const fewer = await aisBench(cwd, ...args, '--reuse', '--num-prompts', '3');
    expect(fewer.stderr).toContain('5 samples in the folder are not in this plan; the files keep them');
    expect(fewer.stdout).toMatch(/^Total Requests +3\b/m);
    expect(fewer.stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat .* 3 /m);
  });
});

describe('what cannot be continued is refused', () => {
  const flags = (url: string) => ['--models', CHAT, '--datasets', DEMO, '--url', url, '--num-warmups', '0'];

  it('no run, other settings, another model, a broken file, a second run at once', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => streamed('18'));
    const scripted = await chatServer(() => streamed('18'));
    const none = await aisBench(cwd, ...flags(server.url), '--reuse');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('there is no run to continue; there is none at all');

    const run = await aisBench(cwd, ...flags(server.url));
    expect(run.code).toBe(0);
    const other = await aisBench(cwd, ...flags(server.url), '--reuse', '--max-out-len', '3');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('[RUN-CFG-001] this run was begun with other settings:');
    expect(other.stderr).toContain('options.maxOutLen');

    const served = join(latest(cwd), 'configs/served.json');
    writeFileSync(served, readFileSync(served, 'utf8').replace('scripted', 'another'));
    const records = join(latest(cwd), 'performances/vllm-api-stream-chat/demo_gsm8k_records.jsonl');
    const lines = readFileSync(records, 'utf8').split('\n');
    writeFileSync(records, lines.slice(1).join('\n'));
    const model = await aisBench(cwd, ...flags(scripted.url), '--reuse');
    expect(model.stderr).toContain('the service now serves "scripted", this run was begun with "another"');
    expect(scripted.asked).toHaveLength(0);

    writeFileSync(records, ['{"half', ...lines.slice(1)].join('\n'));
    const broken = await aisBench(cwd, ...flags(server.url), '--reuse');
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('[RUN-DATA-001]');
    expect(broken.stderr).toContain('demo_gsm8k_records.jsonl:1');
    const elsewhere = { pid: 1, host: 'elsewhere', since: 'noon' };
    writeFileSync(join(latest(cwd), 'run.lock.1.x'), JSON.stringify(elsewhere));
    const locked = await aisBench(cwd, ...flags(server.url), '--reuse', runsIn(cwd)[0]!);
    expect(locked.code).toBe(2);
    expect(locked.stderr).toContain('another run works in this folder: process 1 on elsewhere since noon');
  });

  it('a folder in which a run is at work', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => ({ ending: 'silent-before-headers' }));
    const running = start(cwd, flags(server.url));
    await until(() => server.asked.length > 0, 'a request');
    const { code, stderr } = await aisBench(cwd, ...flags(server.url), '--reuse');
    expect(code).toBe(2);
    expect(stderr).toContain(`another run works in this folder: process ${running.child.pid}`);
    await killed(running);
  });
});

describe('a load test', () => {
  const flags = (url: string) => ['--models', CHAT, '--datasets', DEMO, '--url', url, '--num-warmups', '0'];
  const records = (cwd: string) =>
    join(latest(cwd), 'performances/vllm-api-stream-chat/demo_gsm8k_records.jsonl');

  it('that is complete is summed up again', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => streamed('18'));
    const perf = [...flags(server.url), '--mode', 'perf'];
    expect((await aisBench(cwd, ...perf)).code).toBe(0);
    const again = await aisBench(cwd, ...perf, '--reuse');
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^Success Requests +8\b/m);
    expect(again.stdout).not.toContain('continued run');
    expect(server.asked).toHaveLength(8);
  });

  it('that stopped half-way goes on as a further segment, and the whole is not one load', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => streamed('18'));
    const perf = [...flags(server.url), '--mode', 'perf'];
    expect((await aisBench(cwd, ...perf)).code).toBe(0);
    const lines = readFileSync(records(cwd), 'utf8').split('\n');
    writeFileSync(records(cwd), `${lines.slice(0, 3).join('\n')}\n`);
    appendFileSync(records(cwd), '{"v":1,"call"');
    const { code, stdout } = await aisBench(cwd, ...perf, '--reuse', '--strict');
    expect(code).toBe(3);
    expect(server.asked).toHaveLength(8 + 5);
    expect(stdout).toContain('NOT ONE LOAD: continued with --reuse: 2 segments');
    const segments = (text: string) =>
      [...text.matchAll(/^ +([12]) [A-Z -]+? +(\d+) +0 /gm)].map(([, number, requests]) => [
        number,
        requests,
      ]);
    expect(segments(stdout)).toEqual([
      ['1', '3'],
      ['2', '5'],
    ]);
    expect(stdout).toMatch(/^Total Requests +8 *$/m);
    const report = JSON.parse(readFileSync(records(cwd).replace('_records.jsonl', '.json'), 'utf8'));
    expect(report).toMatchObject({ verdict: 'NOT ONE LOAD' });
    expect(report.segments).toHaveLength(2);
    // It stays what it was, however often it is reported.
    const shown = await aisBench(cwd, ...perf.slice(0, -1), 'perf_viz', '--reuse');
    expect(segments(shown.stdout)).toHaveLength(2);
    expect(shown.stdout).toContain('NOT ONE LOAD');
    expect(server.asked).toHaveLength(13);
  });

  it('that time ends is not continued', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => streamed('18'));
    const perf = [...flags(server.url), '--mode', 'perf', '--duration', '60'];
    expect((await aisBench(cwd, ...perf)).code).toBe(0);
    const lines = readFileSync(records(cwd), 'utf8').split('\n');
    writeFileSync(records(cwd), `${lines.slice(0, 3).join('\n')}\n`);
    const { code, stderr } = await aisBench(cwd, ...perf, '--reuse');
    expect(code).toBe(2);
    expect(stderr).toContain('[RUN-PARAM-001] this load test cannot be continued: time ends it');
  });
});
