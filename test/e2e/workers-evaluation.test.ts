/** An evaluation that workers answer over a real NATS server: the built command on both sides. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noNats, startNats } from '../support/nats-server.ts';
import { killed } from './killed.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  json,
  latest,
  recordsOf,
  serve,
  start,
  streamed,
  until,
} from './support.ts';
import { startWorker, streamsOf } from './worker-run.ts';

const noWarmup = ['--num-warmups', '0'];

/** The scores of a run, without times. */
const resultsOf = (cwd: string, dataset: string) =>
  JSON.parse(readFileSync(join(latest(cwd), 'results/vllm-api-general', `${dataset}.json`), 'utf8'));

describe.skipIf(noNats)('an evaluation over workers', () => {
  it('of dialogues and of choices is what one process makes of them', { timeout: 90_000 }, async () => {
    const service = await serve('--seed', '7', '--accuracy', '0.6');
    const { url } = await startNats();
    for (const name of ['a1', 'a2']) await startWorker(emptyFolder(), url, name);
    const args = [
      '--models',
      'vllm_api_general',
      '--datasets',
      'demo_multiturn_gen',
      'demo_mcq_ppl_0_shot_str',
    ];
    args.push('--url', service.url, ...noWarmup);
    const [alone, together] = [emptyFolder(), emptyFolder()];
    expect((await aisBench(alone, ...args)).code).toBe(0);
    const { code, stderr } = await aisBench(together, ...args, '--workers', 'g:2', '--nats', url);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('WARN')]);
    const callsOf = (cwd: string) =>
      recordsOf(cwd)
        .map(({ call }) => JSON.stringify(call))
        .sort();
    expect(callsOf(together)).toEqual(callsOf(alone));
    for (const name of ['demo_multiturn', 'demo_mcq']) {
      const { details: _its, ...card } = resultsOf(together, name);
      const { details: _theirs, ...expected } = resultsOf(alone, name);
      expect(card).toEqual(expected);
    }
  });

  it('interrupted or without a worker left, keeps what was answered and leaves nothing behind; the rest is asked with --reuse, without workers too', {
    timeout: 90_000,
  }, async () => {
    const reply = { ...streamed('450'), body: [{ pauseMs: 80 }, ...streamed('450').body!] };
    const server = await chatServer((_request, n) => (n < 2 ? json({ error: 'busy' }, 429) : reply));
    const nats = await startNats();
    const worker = await startWorker(emptyFolder(), nats.url, 'a1');
    const cwd = emptyFolder();
    const args = [
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--url',
      server.url,
      ...noWarmup,
      '--batch-size',
      '3',
    ];
    args.push('--set', 'models.0.generation_kwargs.num_return_sequences=20');
    const running = start(cwd, [...args, '--workers', 'g', '--nats', nats.url]);
    await until(() => server.asked.length > 20, 'some questions');
    running.child.kill('SIGINT');
    const { code, stderr } = await running.finished;
    expect(code, stderr).toBe(130);
    const kept = recordsOf(cwd);
    // Two were asked again after a 429, and then less at once.
    expect(kept).toHaveLength(server.asked.length - 2);
    expect(stderr).toContain('sent at most 1 at once for a while: the service was in trouble');
    expect(kept.every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(await streamsOf(nats)).toEqual([]);

    // Its only worker dies, and no other comes in time.
    const alone = start(cwd, [
      ...args,
      ...['--workers', 'g', '--nats', nats.url, '--reuse', '--worker-silence', '1', '--worker-wait', '2'],
    ]);
    const before = server.asked.length;
    await until(() => server.asked.length > before + 10, 'more questions');
    await killed(worker);
    const deserted = await alone.finished;
    expect(deserted.code, deserted.stderr).toBe(1);
    expect(deserted.stderr).toMatch(
      /WORKER-GROUP-002.*no worker has taken samples for 2 s: \d+ of \d+ samples/,
    );
    const those = recordsOf(cwd);
    expect(those.length).toBeGreaterThanOrEqual(kept.length + 10 - 3);
    expect(those.slice(0, kept.length)).toEqual(kept);
    expect(await streamsOf(nats)).toEqual([]);
    const asked = server.asked.length;

    const rest = await aisBench(
      cwd,
      ...args.slice(0, -4),
      '--batch-size',
      '32',
      ...args.slice(-2),
      '--reuse',
    );
    expect([rest.code, rest.stderr]).toEqual([0, expect.not.stringContaining('NATS')]);
    expect(server.asked).toHaveLength(asked + 160 - those.length);
    const [table] = rest.stdout.match(/Workers\n[\s\S]*?This machine itself sent \d+/) ?? [];
    expect(table).toMatch(new RegExp(`a1 .* ${those.length} +0 `));
    expect(table).toMatch(new RegExp(`This machine itself sent ${160 - those.length}$`));
  });

  it('a local model is loaded by every worker that holds the same class, and not by the command', {
    timeout: 90_000,
  }, async () => {
    const files = { 'models/parrot.ts': PARROT, 'configs/models/parrot.json': JSON.stringify(LOCAL) };
    const { url } = await startNats();
    const folders = [emptyFolder(files), emptyFolder(files)];
    for (const [n, folder] of folders.entries()) await startWorker(folder, url, `a${n + 1}`);
    const otherFiles = { ...files, 'models/parrot.ts': `${PARROT}// another` };
    await startWorker(emptyFolder(otherFiles), url, 'a3');
    const cwd = emptyFolder(files);
    const { code, stderr } = await aisBench(
      cwd,
      '--models',
      'parrot',
      '--datasets',
      DEMO,
      '--workers',
      'g:3',
      '--nats',
      url,
    );
    expect(code, stderr).toBe(0);
    expect(stderr.match(/WARN .*/g)).toEqual([
      expect.stringMatching(/worker a3 .* takes no samples: .*its class Parrot of parrot is not the one/),
    ]);
    expect(recordsOf(cwd)).toHaveLength(160);
    const loadedIn = (folder: string) => readLines(join(folder, 'batches.txt'));
    expect(loadedIn(cwd)).toEqual([]);
    const asked = folders.map((folder) => loadedIn(folder).reduce((sum, size) => sum + Number(size), 0));
    expect(asked[0]! + asked[1]!).toBe(160);
    expect(Math.min(...asked)).toBeGreaterThan(0);
  });
});

/** Lines of a file; none where it is not there. */
function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

/** Leaves the size of each batch in a file. */
const PARROT = `
import { appendFileSync } from 'node:fs';
import { BaseModel, type PromptType } from 'ais-bench';

export class Parrot extends BaseModel {
  async generate(inputs: readonly PromptType[]): Promise<readonly string[]> {
    appendFileSync('batches.txt', inputs.length + '\\n');
    await new Promise((resolve) => setTimeout(resolve, 30));
    return inputs.map(() => 'The answer is 18');
  }
}
`;

const LOCAL = {
  models: [
    {
      attr: 'local',
      type: 'Parrot',
      abbr: 'parrot',
      path: 'weights',
      max_out_len: 100,
      batch_size: 8,
      max_seq_len: 2048,
      generation_kwargs: { num_return_sequences: 20 },
    },
  ],
};
