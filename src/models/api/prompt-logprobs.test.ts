/** Perplexity, from recorded replies of vLLM: AISBench's −mean of the log probabilities, and its exponential. */
import { describe, expect, it } from 'vitest';
import { objectsIn, recordedReply } from '../../../test/support/recordings.ts';
import { modelOptions } from '../../testing/index.ts';
import { VLLMCustomAPI } from './vllm-custom-api.ts';
import { VLLMCustomAPIChat } from './vllm-custom-api-chat.ts';

const FOX = 'The quick brown fox jumps over the lazy dog.';
const completions = (overrides = {}) =>
  new VLLMCustomAPI(modelOptions({ model: 'smollm2-135m', ...overrides }));
const chat = (overrides = {}) => new VLLMCustomAPIChat(modelOptions({ model: 'smollm2-135m', ...overrides }));
const replyOf = (name: string) => objectsIn(recordedReply(name))[0];

function perplexity(logprobs: readonly (number | null)[]): number {
  const known = logprobs.filter((logprob) => logprob !== null);
  return Math.exp(-known.reduce((sum, logprob) => sum + logprob, 0) / known.length);
}

describe('the perplexity of the fox, 55.00 in vLLM', () => {
  it('by prompt_logprobs', () => {
    const logprobs = completions().getPromptLogprobs(replyOf('vllm/completions_ppl_prompt_logprobs'));
    expect(logprobs).toHaveLength(10);
    expect(logprobs.slice(0, 2)).toEqual([null, -14.45806884765625]);
    expect(perplexity(logprobs)).toBeCloseTo(55.0, 2);
  });

  it.each(['completions_ppl_echo_logprobs', 'completions_ppl_echo_logprobs_max1'])(
    'by the echoed prompt, without the token that was generated: %s',
    (name) => {
      const logprobs = completions({ pplMethod: 'echo' }).getPromptLogprobs(replyOf(`vllm/${name}`));
      expect(logprobs).toHaveLength(10);
      expect(perplexity(logprobs)).toBeCloseTo(55.0, 2);
    },
  );

  it('of a chat, template included', () => {
    const logprobs = chat().getPromptLogprobs(replyOf('vllm/chat_prompt_logprobs'));
    expect(logprobs).toHaveLength(37);
    expect(logprobs.slice(0, 2)).toEqual([null, -7.861683368682861]);
  });
});

describe('the request', () => {
  const generationKwargs = { temperature: 0 };

  it('by prompt_logprobs is the recorded one', () => {
    const { body } = recordedReply('vllm/completions_ppl_prompt_logprobs').request!;
    expect(completions({ generationKwargs }).getPplRequestBody(FOX)).toEqual({
      ...(body as object),
      stream: false,
    });
  });

  it('by echo is the recorded one', () => {
    const { body } = recordedReply('vllm/completions_ppl_echo_logprobs_max1').request!;
    expect(completions({ generationKwargs, pplMethod: 'echo' }).getPplRequestBody(FOX)).toEqual({
      ...(body as object),
      stream: false,
    });
  });

  it('of a chat is the recorded one', () => {
    const { body } = recordedReply('vllm/chat_prompt_logprobs').request! as { body: any };
    expect(chat({ generationKwargs }).getPplRequestBody(body.messages)).toEqual({ ...body, stream: false });
  });

  it('never streams, whatever the config says: vLLM leaves log probabilities out of a stream', () => {
    const streaming = { stream: true, generationKwargs: { stream: true } };
    for (const model of [completions(streaming), chat(streaming)]) {
      const body = JSON.parse(JSON.stringify(model.getPplRequestBody(FOX)));
      expect(body).toMatchObject({ stream: false, max_tokens: 1, prompt_logprobs: 0 });
      expect(body).not.toHaveProperty('stream_options');
    }
    const reply = objectsIn(recordedReply('vllm/completions_ppl_echo_stream_error'))[0];
    expect(completions().getPromptLogprobs(reply)).toEqual([]);
  });

  it('by another method is refused', () => {
    expect(() => completions({ pplMethod: 'guess' })).toThrow(/ppl_method is "guess"/);
  });
});

describe('a reply without log probabilities', () => {
  it('gives none: llama.cpp does not know the fields', () => {
    const prompt = completions().getPromptLogprobs(replyOf('llamacpp/completions_ppl_prompt_logprobs'));
    const echoed = completions({ pplMethod: 'echo' }).getPromptLogprobs(
      replyOf('llamacpp/completions_ppl_echo_logprobs'),
    );
    expect([prompt, echoed, chat().getPromptLogprobs(replyOf('llamacpp/chat_prompt_logprobs'))]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it.each([{}, { choices: [] }, { choices: [{ prompt_logprobs: 'x' }] }, null])('may be %j', (reply) => {
    expect(completions().getPromptLogprobs(reply)).toEqual([]);
    expect(completions({ pplMethod: 'echo' }).getPromptLogprobs(reply)).toEqual([]);
    expect(chat().getPromptLogprobs(reply)).toEqual([]);
  });

  it('echoed by a server without usage loses just its last, generated token', () => {
    const reply = { choices: [{ logprobs: { token_logprobs: [null, -1, -2, -3] } }] };
    expect(completions({ pplMethod: 'echo' }).getPromptLogprobs(reply)).toEqual([null, -1, -2]);
  });
});
