/** Dialogues, choices by perplexity and function calls: what is sent, and what is on the screen and in the folder then. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../../src/testing/index.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  degradedIn,
  emptyFolder,
  json,
  latest,
  recordsOf,
  SSE,
  serve,
  streamed,
  words,
} from './support.ts';

const DIALOGUES = 'demo_multiturn_gen';
const CHOICES = 'demo_mcq_ppl_0_shot_str';
const TEXT = 'vllm_api_general';

let cwd: string;
beforeEach(() => {
  cwd = emptyFolder();
});

function predictionsOf(model: string, dataset: string): any[] {
  const file = readFileSync(join(latest(cwd), 'predictions', model, `${dataset}.jsonl`), 'utf8');
  return file
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const messagesOf = ({ body }: ReceivedRequest): { role: string; content: string }[] =>
  JSON.parse(body).messages;
const withoutWarmup = ['--num-warmups', '0'];

describe('dialogues', () => {
  it('each turn goes on with what the model said, is timed, judged and told', async () => {
    const server = await chatServer((_request, n) => streamed(`The answer is ${n}`));
    const args = ['--models', CHAT, '--datasets', DIALOGUES, '--url', server.url, '--num-prompts', '2'];
    const { code, stdout, stderr } = await aisBench(cwd, ...args, ...withoutWarmup);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('WARN')]);
    expect(server.asked).toHaveLength(5);
    const [first, second, third, fourth] = server.asked.map(messagesOf);
    expect(first!.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(second!.slice(0, 2)).toEqual(first);
    expect(second![2]).toEqual({ role: 'assistant', content: 'The answer is 0.' });
    expect(third).toHaveLength(6);
    expect(fourth).toHaveLength(2);

    const records = recordsOf(cwd);
    expect(records.map(({ call }) => [call.index, call.turn, call.turns])).toEqual([
      [0, 0, 3],
      [0, 1, 3],
      [0, 2, 3],
      [1, 0, 2],
      [1, 1, 2],
    ]);
    expect(new Set(records.map(({ call }) => call.id)).size).toBe(2);
    expect(records[1].times.scheduled).toBe(records[0].times.done);
    const rows = predictionsOf('vllm-api-stream-chat', 'demo_multiturn');
    expect(rows.map(({ uuid, turn_id, gold }) => [uuid === rows[0].uuid, turn_id, gold])).toEqual([
      [true, 0, '72'],
      [true, 1, '27'],
      [true, 2, '3'],
      [false, 0, '432'],
      [false, 1, '143'],
    ]);
    expect(stdout).toMatch(/^Conversation Latency, ms .* 2$/m);
    expect(stdout).toContain('Conversations: 2; 2 completed, 0 broken off at a failed turn');
    expect(stdout).toMatch(/^ +3 +1 +[\d.]+ /m);
    expect(stdout).toMatch(/^demo_multiturn accuracy vllm-api-stream-chat +0\.00 5 /m);
    expect(stdout).toContain('demo_multiturn: 5 turns of 2 dialogues, each scored by itself');
  });

  it('a turn that fails ends its dialogue, which counts against the score', async () => {
    const server = await chatServer((_request, n) => (n === 1 ? json({ error: 'no' }, 400) : streamed('72')));
    const args = ['--models', CHAT, '--datasets', DIALOGUES, '--url', server.url, '--num-prompts', '2'];
    const { code, stdout } = await aisBench(cwd, ...args, ...withoutWarmup);
    expect(code).toBe(1);
    expect(server.asked).toHaveLength(4);
    expect(stdout).toContain('Conversations: 2; 1 completed, 1 broken off at a failed turn');
    expect(degradedIn(stdout)).toContain('1 of 2 conversations broke off at a failed turn');
    expect(stdout).toContain('demo_multiturn #0 turn 2');
    const rows = predictionsOf('vllm-api-stream-chat', 'demo_multiturn');
    expect(rows.map(({ success }) => success)).toEqual([true, false, false, true, true]);
    expect(rows[2].failure.message).toBe('not asked: turn 2 of the dialogue failed');
    expect(stdout).toMatch(/^demo_multiturn vllm-api-stream-chat +1 +2 +0 +0 +2$/m);
  });

  it('infer_mode last asks once, with the answers of the dataset', async () => {
    const server = await chatServer(() => streamed('3'));
    const mode = ['--set', 'datasets.0.infer_cfg.inferencer.infer_mode=last'];
    const args = ['--models', CHAT, '--datasets', DIALOGUES, '--url', server.url, '--num-prompts', '1'];
    const { code, stdout } = await aisBench(cwd, ...args, ...mode, ...withoutWarmup);
    expect(code).toBe(0);
    expect(server.asked).toHaveLength(1);
    expect(messagesOf(server.asked[0]!).map(({ content }) => content)).toEqual([
      expect.any(String),
      expect.any(String),
      '72',
      expect.any(String),
      '27',
      expect.any(String),
    ]);
    expect(stdout).not.toContain('Conversations');
    expect(stdout).toMatch(/^demo_multiturn accuracy vllm-api-stream-chat 100\.00 1 /m);
  });

  it('reasoning stays out of what a later turn is told', async () => {
    const reasoning = 'data: {"choices":[{"index":0,"delta":{"reasoning_content":"hmm"}}]}\n\n';
    const server = await chatServer(() => ({
      headers: SSE,
      body: [reasoning, ...words('5'), 'data: [DONE]\n\n'],
    }));
    const args = ['--models', CHAT, '--datasets', DIALOGUES, '--url', server.url, '--num-prompts', '1'];
    await aisBench(cwd, ...args, ...withoutWarmup);
    expect(messagesOf(server.asked[1]!)[2]).toEqual({ role: 'assistant', content: '5' });
    expect(predictionsOf('vllm-api-stream-chat', 'demo_multiturn')[0].prediction).toBe('hmm</think>5');
  });

  it('--mode perf against the embedded service: tables of turns and conversations, no score', async () => {
    const { url } = await serve();
    const args = ['--mode', 'perf', '--models', CHAT, '--datasets', DIALOGUES, '--url', url];
    const { code, stdout, stderr } = await aisBench(cwd, ...args, '--batch-size', '4');
    expect(code).toBe(0);
    expect(stderr).toContain('demo_multiturn: 30 requests in 10 cases');
    expect(stdout).toContain('Conversations: 10; 10 completed');
    expect(stdout).toMatch(/^Turns Completed .* 10$/m);
    expect(stdout).toMatch(/^ +1 +10 /m);
    expect(stdout).not.toContain('accuracy');
    const csv = readFileSync(
      join(latest(cwd), 'performances/vllm-api-stream-chat/demo_multiturn.csv'),
      'utf8',
    );
    expect(csv).toMatch(/^TTFT,turn 4,[\d.]+/m);
  });
});

/** Says `logprob` of every token but the first: the claim with the shortest last word is the likeliest. */
function scoring({ body }: ReceivedRequest) {
  const { prompt } = JSON.parse(body) as { prompt: string };
  const logprob = -prompt.split(' ').at(-1)!.length;
  const tables = prompt.split(' ').map((_, i) => (i === 0 ? null : { '7': { logprob, rank: 1 } }));
  const usage = { prompt_tokens: tables.length, completion_tokens: 1 };
  return json({ choices: [{ text: '.', finish_reason: 'length', prompt_logprobs: tables }], usage });
}

describe('choices by perplexity', () => {
  it('each option is scored, the likeliest is the answer, and one line tells all', async () => {
    const server = await chatServer(scoring);
    const args = ['--models', TEXT, '--datasets', CHOICES, '--url', server.url];
    const { code, stdout, stderr } = await aisBench(cwd, ...args, '--batch-size', '3', ...withoutWarmup);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('WARN')]);
    const bodies = server.asked.map(({ body }) => JSON.parse(body));
    expect(bodies).toHaveLength(69);
    for (const { prompt_logprobs, stream } of bodies) expect([prompt_logprobs, stream]).toEqual([0, false]);

    const rows = predictionsOf('vllm-api-general', 'demo_mcq').sort((a, b) => a.id - b.id);
    expect(rows).toHaveLength(20);
    expect(rows[3]).toMatchObject({
      prediction: 'B',
      gold: 'A',
      success: true,
      origin_prompt: [
        'Question: Is the sun a star?\nAnswer: Yes',
        'Question: Is the sun a star?\nAnswer: No',
      ],
      details: {
        ppl_list: [
          { label: 'A', loss: 3, perplexity: Math.exp(3), tokens: 6 },
          { label: 'B', loss: 2, perplexity: Math.exp(2), tokens: 6 },
        ],
      },
    });
    expect(
      recordsOf(cwd)
        .filter(({ call }) => call.index === 3)
        .map(({ call }) => call.label),
    ).toEqual(['A', 'B']);
    const correct = rows.filter(({ prediction, gold }) => prediction === gold).length;
    expect(stdout).toContain(`demo_mcq accuracy vllm-api-general ${((100 * correct) / 20).toFixed(2)} 20 `);
    const results = readFileSync(join(latest(cwd), 'results/vllm-api-general/demo_mcq.json'), 'utf8');
    expect(JSON.parse(results)).toMatchObject({ type: 'PPL', n: 20 });
  });

  it('a service that gives no log probabilities fails in words', async () => {
    const server = await chatServer(() => json({ choices: [{ text: '.', finish_reason: 'length' }] }));
    const args = ['--models', TEXT, '--datasets', CHOICES, '--url', server.url, '--num-prompts', '3'];
    const { code, stdout } = await aisBench(cwd, ...args, ...withoutWarmup);
    expect(code).toBe(1);
    expect(server.asked).toHaveLength(3);
    expect(stdout).toContain('the reply holds no log probability');
    expect(stdout).toContain('demo_mcq #0 label A');
  });

  it.each([
    ['--mode perf', [TEXT, '--mode', 'perf'], 'ICLI-PARAM-006'],
    ['stream: true', ['vllm_api_general_stream'], 'ICLI-PARAM-007'],
  ])('%s is refused before anything is sent', async (_, [model, ...more], code) => {
    const server = await chatServer(scoring);
    const args = ['--models', model!, '--datasets', CHOICES, '--url', server.url, ...more];
    const { code: exit, stderr } = await aisBench(cwd, ...args);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(`[${code}]`)]);
    expect(server.received).toEqual([]);
  });

  it('a class that cannot do it is refused with the name of the method', async () => {
    cwd = emptyFolder({
      'configs/models/mute.ts': `
        import { VLLMCustomAPI } from 'ais-bench';
        class Mute extends VLLMCustomAPI {}
        Object.defineProperty(Mute.prototype, 'getPromptLogprobs', { value: undefined });
        export const models = [{ attr: 'service', type: Mute, abbr: 'mute' }];
      `,
    });
    const { code, stderr } = await aisBench(cwd, '--models', 'mute', '--datasets', CHOICES);
    expect(code).toBe(2);
    expect(stderr).toContain('[ICLI-IMPL-008] Mute has no getPromptLogprobs, which PPLInferencer needs');
  });
});

describe('function calls', () => {
  const TOOLS = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }];
  const call = {
    id: 'c1',
    type: 'function',
    function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
  };
  const DATASET = `
    const type = {
      name: 'Weather',
      load: async () => ({ train: [], test: [{ question: 'Oslo?', tools: ${JSON.stringify(TOOLS)} }] }),
    };
    export const weather_datasets = [{
      abbr: 'weather',
      type,
      reader_cfg: { input_columns: ['question'] },
      infer_cfg: {
        prompt_template: { template: '{question}' },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
    }];
  `;

  it.each([
    [true, TOOLS],
    [false, undefined],
  ])('returns_tool_calls %j sends the tools %j', async (returns, tools) => {
    cwd = emptyFolder({ 'configs/datasets/weather.ts': DATASET });
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    const server = await chatServer(() => json({ choices: [{ message, finish_reason: 'tool_calls' }] }));
    const { code, stderr } = await aisBench(
      cwd,
      ...['--models', 'vllm_api_general_chat', '--datasets', 'weather', '--url', server.url],
      ...['--set', `models.0.returns_tool_calls=${returns}`, ...withoutWarmup],
    );
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('no effect')]);
    expect(JSON.parse(server.asked[0]!.body).tools).toEqual(tools);
    expect(predictionsOf('vllm-api-general-chat', 'weather')[0]).toMatchObject({
      success: true,
      tool_calls: [{ id: 'c1', name: 'get_weather', arguments: '{"city":"Oslo"}' }],
    });
  });
});
