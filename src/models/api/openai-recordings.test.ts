/** Every recording of an OpenAI-style server, against what its raw JSON says. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modelOptions, type RecordedReply, readRecordedReply, replay } from '../../testing/index.ts';
import type { BaseAPIModel } from '../base-api-model.ts';
import { VLLMCustomAPI } from './vllm-custom-api.ts';
import { VLLMCustomAPIChat } from './vllm-custom-api-chat.ts';

const recordings = ['vllm', 'vllm-tools', 'llamacpp'].flatMap((server) =>
  readdirSync(`test/fixtures/${server}`)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => readRecordedReply(`test/fixtures/${server}/${file.slice(0, -'.txt'.length)}`))
    .filter(({ request }) => /^\/v1\/(chat\/)?completions$/.test(request?.path ?? ''))
    .map((recording) => ({ ...recording, server })),
);

function modelFor({ request, contentType }: RecordedReply): BaseAPIModel {
  const asked = (request?.body as { stream?: boolean } | undefined)?.stream === true;
  const options = modelOptions({ stream: asked || contentType.startsWith('text/event-stream') });
  return request?.path === '/v1/completions' ? new VLLMCustomAPI(options) : new VLLMCustomAPIChat(options);
}

/** What the reply says, read without our parsers. */
function saidBy(reply: RecordedReply) {
  const text = Buffer.from(reply.body).toString('utf8');
  const objects: any[] = reply.contentType.startsWith('text/event-stream')
    ? [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json as string))
    : [JSON.parse(text)];
  const firstChoices = objects.flatMap(({ choices }) => choices.filter(({ index }: any) => index === 0));
  const usage = objects
    .map((object) => object.usage)
    .filter(Boolean)
    .at(-1);
  const pieces = firstChoices.map((choice) => choice.delta ?? choice.message ?? { content: choice.text });
  const calls = pieces.flatMap((piece) => piece.tool_calls ?? []);
  return {
    content: pieces.map(({ content }) => content ?? '').join(''),
    finishReason: firstChoices
      .map((choice) => choice.finish_reason)
      .filter(Boolean)
      .at(-1),
    inputTokens: usage?.prompt_tokens,
    outputTokens: usage?.completion_tokens,
    arguments: calls.map((call) => call.function.arguments ?? '').join(''),
  };
}

describe('recorded answers', () => {
  const answers = recordings.filter(({ status }) => status === 200);

  it('are all there', () => expect(answers).toHaveLength(75));

  it.each(answers)('$server/$name', async (recording) => {
    const { output, failure, kinds } = await replay(modelFor(recording), recording);
    const { arguments: wanted, ...said } = saidBy(recording);
    expect(failure).toBeUndefined();
    expect(output).toMatchObject(said);
    expect(output.toolCalls.map((call) => call.arguments).join('')).toBe(wanted);
    const streamed = recording.contentType.startsWith('text/event-stream');
    expect(kinds).toContain(streamed && wanted !== '' ? 'tool-call' : 'content');
  });

  it.each(['tools_named', 'tools_named_stream', 'tools_required', 'tools_required_stream'])(
    'assembles the tool call of %s',
    async (name) => {
      const recording = readRecordedReply(`test/fixtures/vllm-tools/${name}`);
      const { output } = await replay(modelFor(recording), recording);
      expect(output.toolCalls).toEqual([
        { id: expect.stringMatching(/^chatcmpl-tool-/), name: 'get_weather', arguments: '"Paris"' },
      ]);
    },
  );

  it('begins a chat stream with a role, which is no token', async () => {
    for (const name of ['vllm/chat_stream', 'llamacpp/chat_stream', 'vllm-tools/tools_named_stream']) {
      const recording = readRecordedReply(`test/fixtures/${name}`);
      const { kinds } = await replay(modelFor(recording), recording);
      expect(kinds[0]).toBe('role');
    }
  });
});

describe('recorded errors', () => {
  const errors = recordings.filter(({ status }) => status !== 200);

  it('are all there', () => expect(errors).toHaveLength(35));

  it.each(errors)('$server/$name', async (recording) => {
    const { failure, output, kinds } = await replay(modelFor(recording), recording);
    expect(kinds).toEqual([]);
    expect(output.content).toBe('');
    if (recording.status === 0) {
      expect(failure).toMatchObject({ kind: 'connect' });
      return;
    }
    expect(failure).toMatchObject({ kind: 'http-status', status: recording.status });
    const { error, detail } = JSON.parse(Buffer.from(recording.body).toString('utf8'));
    const words: string = detail ?? (typeof error === 'string' ? error : error.message);
    expect(failure?.message).toContain(words.replace(/\s+/g, ' ').slice(0, 400));
    expect(failure?.bodyExcerpt).toBe(Buffer.from(recording.body).toString('utf8'));
  });
});
