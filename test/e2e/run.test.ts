/** The main job against the embedded service: what a person types, and what is on the screen and in the folder then. */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  filesBelow,
  latest,
  planOf,
  recordsOf,
  serve,
  streamed,
} from './support.ts';

let cwd: string;
beforeEach(() => {
  cwd = emptyFolder();
});

describe('the bare command', () => {
  it('prints the score and, from the same replies, the latency table; and writes everything', async () => {
    const { url } = await serve('--accuracy', '0.75');
    const dataset = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';
    const { code, stdout, stderr } = await aisBench(
      cwd,
      '--models',
      CHAT,
      '--datasets',
      dataset,
      '--url',
      url,
      '--batch-size',
      '4',
    );
    expect(stderr).not.toContain('WARN');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^demo_gsm8k accuracy \(simulated\) vllm-api-stream-chat 75\.00 8 40\.9\.\.92\.9$/m,
    );
    expect(stdout).toContain('Interval: 95 %, Wilson');
    expect(stdout).toMatch(/^TTFT, ms +[\d.]+ .* 8$/m);
    expect(stdout).toContain('taken at this concurrency (batch_size 4), not a load test');
    expect(stdout).toMatch(/^Peak Concurrency +4$/m);
    expect(stdout).toContain('SIMULATED');
    expect(stdout).toContain('Results: outputs/default/');

    const name = readlinkSync(join(cwd, 'outputs/default/latest'));
    expect(name).toMatch(/^\d{8}_\d{6}$/);
    expect(
      filesBelow(latest(cwd))
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      `configs/${name}.json`,
      'configs/clock.json',
      'configs/commands.json',
      'configs/served.json',
      'logs/run.jsonl',
      'performances/vllm-api-stream-chat/demo_gsm8k.csv',
      'performances/vllm-api-stream-chat/demo_gsm8k.json',
      'performances/vllm-api-stream-chat/demo_gsm8k_client.json',
      'performances/vllm-api-stream-chat/demo_gsm8k_end.json',
      'performances/vllm-api-stream-chat/demo_gsm8k_records.jsonl',
      'predictions/vllm-api-stream-chat/demo_gsm8k.jsonl',
      'report.html',
      'results/vllm-api-stream-chat/demo_gsm8k.json',
      `summary/degraded_${name}.json`,
      `summary/scores_${name}.csv`,
      `summary/summary_${name}.csv`,
      `summary/summary_${name}.json`,
      `summary/summary_${name}.md`,
      `summary/summary_${name}.txt`,
    ]);
    expect(recordsOf(cwd)).toHaveLength(8);
    const result = JSON.parse(
      readFileSync(join(latest(cwd), 'results/vllm-api-stream-chat/demo_gsm8k.json'), 'utf8'),
    );
    expect(result).toMatchObject({ accuracy: 75, n: 8, correct: 6, interval: { level: 0.95 } });
  });

  it('draws no progress line where there is no terminal', async () => {
    const server = await chatServer(() => streamed('18'));
    const { code, stdout, stderr } = await aisBench(
      cwd,
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--url',
      server.url,
    );
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/\r|\x1b/);
  });
});

describe('--mode perf', () => {
  it('prints the two tables and no score', async () => {
    const { url } = await serve();
    const { code, stdout } = await aisBench(
      cwd,
      '--mode',
      'perf',
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--url',
      url,
      '--batch-size',
      '8',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^E2EL, ms /m);
    expect(stdout).toMatch(/^Benchmark Duration /m);
    expect(stdout).not.toMatch(/accuracy|verdict|not a load test/i);
    expect(existsSync(join(latest(cwd), 'results/vllm-api-stream-chat'))).toBe(false);
    expect(filesBelow(join(latest(cwd), 'summary')).map(({ path }) => path)).toEqual([
      expect.stringMatching(/^degraded_.*\.json$/),
      expect.stringMatching(/^summary_.*\.md$/),
    ]);
  });

  // The first request waits for nobody, but a busy machine may send it late too.
  it('says that batch_size held requests back when it chokes the asked rate', async () => {
    const server = await chatServer(() => ({
      ...streamed('1'),
      body: [{ pauseMs: 150 }, ...streamed('1').body!],
    }));
    const { code, stdout } = await aisBench(
      cwd,
      '--mode',
      'perf',
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--url',
      server.url,
      '--request-rate',
      '40',
      '--batch-size',
      '1',
    );
    expect(code).toBe(0);
    expect(server.peakInFlight).toBe(1);
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toMatch(/[\d.]+ req\/s achieved of 40/);
    expect(words).toMatch(/[78] of 8 requests left late: lag P99 .* held back by batch_size 1/);
  });
});

describe('--fail-if', () => {
  it('ends with 4 where the run has the finding, and refuses what is none', async () => {
    const { url } = await serve();
    const perf = ['--models', CHAT, '--datasets', DEMO, '--url', url, '--mode', 'perf', '--num-prompts', '2'];
    const gated = await aisBench(
      cwd,
      ...perf,
      '--fail-if',
      'finding:simulated',
      '--fail-if',
      'finding:ALL-FAILED',
    );
    expect(gated.code, gated.stderr).toBe(4);
    expect(gated.stderr).toContain('--fail-if finding:simulated: ');
    expect(gated.stderr).not.toContain('--fail-if finding:ALL-FAILED: ');
    const unknown = await aisBench(cwd, ...perf, '--fail-if', 'finding:SIMULATE');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('did you mean SIMULATED?');
    const number = await aisBench(cwd, ...perf, '--fail-if', 'ttft.p99 > +5%');
    expect(number.code).toBe(2);
    expect(number.stderr).toContain('compare also takes numbers');
  });
});

describe('what is sent', () => {
  it('generation_kwargs arrive untouched; num_return_sequences repeats rows and stays here', async () => {
    const server = await chatServer(() => streamed('18'));
    const kwargs = {
      temperature: 0.3,
      stop: ['\n\n', '</s>'],
      logit_bias: { '42': -100 },
      chat_template_kwargs: { enable_thinking: false, nested: [1, null, { a: 'é' }] },
      seed: 7,
    };
    const { code } = await aisBench(
      cwd,
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--url',
      server.url,
      '--num-prompts',
      '2',
      '--num-warmups',
      '0',
      '--set',
      `models.0.generation_kwargs=${JSON.stringify({ ...kwargs, num_return_sequences: 3 })}`,
    );
    expect(code).toBe(0);
    const bodies = server.asked.map(({ body }) => JSON.parse(body));
    expect(bodies).toHaveLength(6);
    for (const body of bodies) {
      const { model, messages, max_tokens, stream, stream_options, ...rest } = body;
      expect(rest).toEqual(kwargs);
      expect(model).toBe('scripted');
      expect(max_tokens).toBe(512);
    }
    const questions = bodies.map(({ messages }) => messages[0].content);
    expect(new Set(questions).size).toBe(2);
    expect(recordsOf(cwd).map(({ call }) => [call.index, call.repetition])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
  });

  it('overrides on the command line are what is sent, and the plan says where they came from', async () => {
    const server = await chatServer(() => streamed('18'));
    const { code } = await aisBench(
      cwd,
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--host-ip',
      '127.0.0.1',
      '--host-port',
      String(server.port),
      '--batch-size',
      '2',
      '--num-prompts',
      '3',
      '--max-out-len',
      '99',
      '--model',
      'told',
      '--set',
      'models.0.generation_kwargs.temperature=0.7',
      '--set',
      'models.0.retry=0',
    );
    expect(code).toBe(0);
    expect(server.received.every(({ method }) => method === 'POST')).toBe(true);
    const { ignore_eos, temperature, max_tokens, model } = JSON.parse(server.asked[0]!.body);
    expect({ ignore_eos, temperature, max_tokens, model }).toEqual({
      ignore_eos: false,
      temperature: 0.7,
      max_tokens: 99,
      model: 'told',
    });
    const plan = planOf(cwd);
    expect(plan.numPrompts).toBe(3);
    expect(plan.models[0]).toMatchObject({ concurrency: 2, attempts: 1, options: { hostPort: server.port } });
    expect(plan.models[0].origins).toMatchObject({
      host_ip: '--host-ip',
      host_port: '--host-port',
      batch_size: '--batch-size',
      max_out_len: '--max-out-len',
      model: '--model',
      retry: '--set models.0.retry',
      generation_kwargs: '--set models.0.generation_kwargs.temperature',
      stream: expect.stringContaining('vllm_api_stream_chat.js'),
      timeouts: 'default',
    });
  });

  it('writes to --work-dir', async () => {
    const server = await chatServer(() => streamed('18'));
    const { code, stdout } = await aisBench(
      cwd,
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--url',
      server.url,
      '--num-prompts',
      '1',
      '-w',
      'here/it is',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Results: here/it is/');
    expect(existsSync(join(cwd, 'here/it is/latest/logs/run.jsonl'))).toBe(true);
  });
});

describe('without a run', () => {
  it('--help names every flag and command', async () => {
    const { code, stdout } = await aisBench(cwd, '--help');
    expect(code).toBe(0);
    for (const word of ['--models', '--datasets', '--mode', '--max-error-rate', '--set', 'serve', 'demo']) {
      expect(stdout).toContain(word);
    }
  });

  it("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await aisBench(cwd, '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('--search lists every config with its folder, the own ones first', async () => {
    cwd = emptyFolder({
      'configs/models/mine.yaml': 'models: []',
      'configs/models/VLLM_api_general.json': '{}',
    });
    const { code, stdout } = await aisBench(cwd, '--search');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.slice(4, 6)).toEqual([
      expect.stringMatching(/^mine +\.\/configs\/models$/),
      expect.stringMatching(/^VLLM_api_general +\.\/configs\/models$/),
    ]);
    expect(lines.filter((line) => /^vllm_api_general /i.test(line))).toHaveLength(1);
    expect(stdout).toMatch(
      /^--datasets\n(.*\n)*demo_gsm8k_gen_4_shot_cot_chat_prompt +shipped\/datasets\/demo$/m,
    );
    expect(stdout).toMatch(/^--summarizers\n(.*\n)*default_perf +shipped\/summarizers\S*$/m);
    for (const line of lines) expect(line.startsWith('shipped: ') ? 0 : line.length).toBeLessThanOrEqual(80);
  });

  it('--search of a text lists the configs with it in their name', async () => {
    const { code, stdout } = await aisBench(emptyFolder(), '--search', 'GSM8K');
    expect(code).toBe(0);
    const rows = stdout.split('\n').filter((line) => line.includes(' shipped/'));
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect(row).toMatch(/^\S*gsm8k\S* +shipped\/datasets/i);
    const { code: refused, stderr } = await aisBench(emptyFolder(), '--search', 'gsm88k');
    expect([refused, stderr]).toEqual([2, expect.stringContaining('no config has "gsm88k" in its name')]);
  });

  it('--search of named configs lists these alone, with their paths', async () => {
    const { code, stdout } = await aisBench(emptyFolder(), '--search', '--models', CHAT, '--datasets', DEMO);
    const rows = stdout.split('\n').filter((line) => line.includes(' shipped/'));
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual([CHAT, DEMO]);
    expect(stdout).toMatch(new RegExp(`^/.*/${CHAT}\\.js\n/.*/${DEMO}\\.js$`, 'm'));
    expect(code).toBe(0);
  });

  it('schema prints a JSON Schema', async () => {
    const { code, stdout } = await aisBench(cwd, 'schema');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', properties: { models: { type: 'array' } } });
  });

  it.each([
    [['--datasets', DEMO], '[TMAN-CMD-001] no models are given'],
    [['--models', CHAT], '[TMAN-CMD-001] no datasets are given'],
    [['--modles', CHAT], 'Did you mean --models?'],
    [
      ['--mode', 'prf'],
      'Allowed choices are all, all+perf, infer, judge, infer_judge, eval, viz, perf, perf_viz.',
    ],
    [['--batch-size', '0'], 'It is not a whole number 1…100000.'],
    [['--max-error-rate', '2'], 'It is not a share'],
  ])('%j is refused in words', async (args, message) => {
    const { code, stdout, stderr } = await aisBench(cwd, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });
});
