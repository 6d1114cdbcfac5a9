/**
 * The requests that were sent to real servers, sent to the embedded service: what comes back has the status, the keys and
 * the kinds of events that the real servers sent. Texts and numbers differ, as another model answers.
 */
import { describe, expect, it } from 'vitest';
import { objectsIn } from '../../../test/support/recordings.ts';
import { ask, askStream, FAST, keysOf, post, simService } from '../../../test/support/sim-service.ts';
import { readRecordedReply } from '../../testing/index.ts';

const recorded = (name: string) => readRecordedReply(`test/fixtures/${name}`);
const service = (model = 'smollm2') => simService({ engine: { ...FAST, model } });

const WHOLE = [
  'triton/generate',
  'triton/generate_versioned',
  'triton/generate_with_id',
  'triton/generate_with_parameters_obj',
  'triton/aisbench_body_generate',
  'triton/generate_stream_true_on_generate',
  'tgi/generate',
  'tgi/generate_details',
  'tgi/generate_details_decoder_input_details',
  'tgi/generate_return_full_text',
  'tgi/generate_sample_seed',
  'llamacpp/native_completion',
  'ollama/live_chat',
  'ollama/live_generate',
  'vllm-tools/messages_anthropic',
  'vllm-tools/messages_length',
  'vllm-tools/responses',
  'vllm-tools/responses_length',
  'vllm-tools/tools_named',
  'vllm-tools/tools_required',
  'vllm/completions_ppl_echo_logprobs',
  'vllm/completions_ppl_echo_logprobs_max1',
  'vllm/completions_ppl_prompt_logprobs',
  'vllm/chat_prompt_logprobs',
];

const STREAMED = [
  'triton/generate_stream',
  'triton/generate_stream_stream_false',
  'triton/aisbench_body_generate_stream',
  'tgi/generate_stream',
  'tgi/generate_stream_details',
  'llamacpp/native_completion_stream',
  'vllm-tools/messages_anthropic_stream',
  'vllm-tools/responses_stream',
  'vllm-tools/responses_stream_length',
  'vllm-tools/tools_named_stream',
  'vllm-tools/tools_required_stream',
];

const REFUSED = [
  'ollama/live_err_no_model',
  'triton/err_unknown_model',
  'triton/err_unknown_model_stream',
  'triton/err_bad_json',
  'triton/err_bad_type',
  'tgi/err_bad_json',
  'tgi/err_empty_inputs',
  'tgi/err_missing_inputs',
  'tgi/err_wrong_type',
  'tgi/err_max_new_tokens_zero',
  'tgi/err_stop_too_many',
  'tgi/err_temperature_zero',
  'tgi/err_top_p_2',
  'tgi/generate_stream_best_of_err',
  'tgi/generate_stream_decoder_input_details',
  'vllm-tools/messages_err_model',
  'vllm-tools/responses_err_model',
];

/** The request of a recording, for the model that answers here. */
function requestOf(name: string, model: string): { path: string; body: any } {
  const { path, body } = recorded(name).request!;
  const hasModel = typeof body === 'object' && body !== null && 'model' in body;
  // Recorded where the model was done before its limit: ours says more.
  const limit = /responses(_stream)?$/.test(name) ? { max_output_tokens: 1000 } : {};
  return { path: path.slice(1), body: hasModel ? { ...body, ...limit, model } : body };
}

describe('whole replies', () => {
  it.each(WHOLE)('%s', async (name) => {
    const { path, body } = requestOf(name, 'smollm2');
    const ours = await ask(await service(), path, body);
    const [theirs] = objectsIn(recorded(name));
    const first = Array.isArray(theirs) ? theirs[0] : theirs;
    expect(generalised(keysOf(Array.isArray(ours) ? ours[0] : ours))).toEqual(generalised(keysOf(first)));
  });
});

/** Keys without those that are tokens: they are the model's. */
function generalised(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => !/top_logprobs\.|prompt_logprobs\.\d/.test(key));
}

describe('streams', () => {
  it.each(STREAMED)('%s', async (name) => {
    const { path, body } = requestOf(name, 'smollm2');
    const kinds = (events: readonly any[]) => [
      ...new Set(events.filter((event) => event !== '[DONE]').map((event) => keysOf(event).join(' '))),
    ];
    const ours = kinds(await askStream(await service(), path, body));
    expect(ours).toEqual(kinds(objectsIn(recorded(name))));
  });
});

describe('streams of JSON lines', () => {
  it.each(['ollama/live_chat_stream', 'ollama/live_generate_stream'])('%s', async (name) => {
    const real = recorded(name);
    const { path, body } = requestOf(name, 'smollm2');
    const response = await post(await service(), path, body);
    expect([response.status, response.headers.get('content-type')]).toEqual([real.status, real.contentType]);
    const lines = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const [ours, theirs] = [lines(await response.text()), lines(Buffer.from(real.body).toString('utf8'))];
    expect(ours.length).toBeGreaterThan(1);
    for (const at of [0, -1]) expect(keysOf(ours.at(at))).toEqual(keysOf(theirs.at(at)));
  });
});

describe('refusals', () => {
  it.each(REFUSED)('%s', async (name) => {
    const real = recorded(name);
    const { path, body } = requestOf(name, 'nope');
    const response = await post(await service(), path, body);
    expect(response.status).toBe(real.status);
    expect(response.headers.get('content-type')).toBe(real.contentType);
    const text = await response.text();
    const theirs = Buffer.from(real.body).toString('utf8');
    expect(keysIn(text)).toEqual(keysIn(theirs));
  });
});

function keysIn(text: string): readonly string[] | string {
  const json = text.replace(/^data: /, '');
  return json.startsWith('{') ? keysOf(JSON.parse(json)) : text.split(':')[0]!;
}
