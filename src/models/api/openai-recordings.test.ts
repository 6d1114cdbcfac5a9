/** Every recording of an OpenAI-style server, against what its raw JSON says. */
import { describe, expect, it } from 'vitest';
import {
  isStream,
  objectsIn,
  recordedReply,
  recordingsOf,
  SERVERS,
  textOf,
  wordsIn,
} from '../../../test/support/recordings.ts';
import type { BaseAPIModel } from '../../contract/base-api-model.ts';
import { modelOptions, type RecordedReply, replay } from '../../testing/index.ts';
import { VLLMCustomAPI } from './vllm-custom-api.ts';
import { VLLMCustomAPIChat } from './vllm-custom-api-chat.ts';

const recordings = recordingsOf(SERVERS, /^\/v1\/(chat\/)?completions$/);

function modelFor(recording: RecordedReply): BaseAPIModel {
  const { request } = recording;
  const asked = (request?.body as { stream?: boolean } | undefined)?.stream === true;
  const options = modelOptions({ stream: asked || isStream(recording) });
  return request?.path === '/v1/completions' ? new VLLMCustomAPI(options) : new VLLMCustomAPIChat(options);
}

/** What the reply says, read without our parsers. */
function saidBy(reply: RecordedReply) {
  const objects = objectsIn(reply);
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

  it('are all there', () => expect(answers).toHaveLength(92));

  it.each(answers)('$server/$name', async (recording) => {
    const { output, failure, kinds } = await replay(modelFor(recording), recording);
    const { arguments: wanted, ...said } = saidBy(recording);
    expect(failure).toBeUndefined();
    expect(output).toMatchObject(said);
    expect(output.toolCalls.map((call) => call.arguments).join('')).toBe(wanted);
    expect(kinds).toContain(isStream(recording) && wanted !== '' ? 'tool-call' : 'content');
  });

  it.each(['tools_named', 'tools_named_stream', 'tools_required', 'tools_required_stream'])(
    'assembles the tool call of %s',
    async (name) => {
      const recording = recordedReply(`vllm-tools/${name}`);
      const { output } = await replay(modelFor(recording), recording);
      expect(output.toolCalls).toEqual([
        { id: expect.stringMatching(/^chatcmpl-tool-/), name: 'get_weather', arguments: '"Paris"' },
      ]);
    },
  );

  it('begins a chat stream with a role, which is no token', async () => {
    for (const name of ['vllm/chat_stream', 'llamacpp/chat_stream', 'vllm-tools/tools_named_stream']) {
      const recording = recordedReply(name);
      const { kinds } = await replay(modelFor(recording), recording);
      expect(kinds[0]).toBe('role');
    }
  });

  it('takes an empty finish reason, as TGI puts it into every event, for none', async () => {
    const { body } = recordedReply('tgi/completions_stream');
    const cut = textOf({ body } as RecordedReply)
      .split('\n\n')
      .slice(0, 2)
      .join('\n\n');
    const model = new VLLMCustomAPI(modelOptions({ stream: true }));
    const { failure } = await replay(model, { status: 200, body: Buffer.from(`${cut}\n\n`) });
    expect(failure?.kind).toBe('truncated');
  });
});

describe('recorded errors', () => {
  const errors = recordings.filter(({ status }) => status !== 200);

  it('are all there', () => expect(errors).toHaveLength(42));

  it.each(errors)('$server/$name', async (recording) => {
    const { failure, output, kinds } = await replay(modelFor(recording), recording);
    expect(kinds).toEqual([]);
    expect(output.content).toBe('');
    if (recording.status === 0) {
      expect(failure).toMatchObject({ kind: 'connect' });
      return;
    }
    expect(failure).toMatchObject({ kind: 'http-status', status: recording.status });
    expect(failure?.message).toContain(wordsIn(recording));
    expect(failure?.bodyExcerpt).toBe(textOf(recording));
  });
});

it('every recorded request went to an endpoint that one of these tests replays', () => {
  const replayed =
    /^\/v1\/(chat\/)?completions$|^\/v1\/(messages|responses)$|\/generate(_stream)?$|^\/completion$/;
  const others = recordingsOf(SERVERS, /./)
    .filter(({ request }) => request?.method === 'POST' && !replayed.test(request.path))
    .map(({ server, name }) => `${server}/${name}`);
  expect(others).toEqual([]);
});
