import { describe, expect, it } from 'vitest';
import { ask, askStream, post, simService } from '../../../test/support/sim-service.ts';

const path = 'v1/chat/completions';
const MESSAGES = [{ role: 'user', content: 'What is the weather in Paris tomorrow?' }];

function tool(name: string, properties: object): object {
  const parameters = { type: 'object', properties, required: Object.keys(properties) };
  return { type: 'function', function: { name, description: 'A function', parameters } };
}

const TOOLS = [
  tool('get_weather', { city: { type: 'string', maxLength: 12 }, days: { type: 'integer', minimum: 1 } }),
  tool('get_time', { zone: { type: 'string', enum: ['UTC', 'CET'] } }),
];

describe('tool calls of the simulated engine', () => {
  it('are made with required, fit the schema, and are the same whole and streamed', async () => {
    const sim = await simService();
    const body = { messages: MESSAGES, tools: TOOLS, tool_choice: 'required' };
    const { choices, usage } = await ask(sim, path, body);
    const [call] = choices[0].message.tool_calls;
    expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: '' } });
    expect(['get_weather', 'get_time']).toContain(call.function.name);
    const args = JSON.parse(call.function.arguments);
    expect(Object.keys(args)).toEqual(call.function.name === 'get_time' ? ['zone'] : ['city', 'days']);

    const stream_options = { include_usage: true };
    const events = await askStream(sim, path, { ...body, stream: true, stream_options });
    const deltas = events.slice(0, -1).flatMap((event) => event.choices[0]?.delta.tool_calls ?? []);
    expect(deltas[0]).toMatchObject({ index: 0, type: 'function', function: { name: call.function.name } });
    const streamed = deltas.map((delta) => delta.function.arguments ?? '').join('');
    expect(streamed).toBe(call.function.arguments);
    expect(deltas.length).toBeGreaterThan(2);
    expect(events.at(-2).usage.completion_tokens).toBe(usage.completion_tokens);
    expect(events.at(-3).choices[0]).toMatchObject({ delta: {}, finish_reason: 'tool_calls' });
  });

  it('are of the named function, and end with stop as in vLLM', async () => {
    const tool_choice = { type: 'function', function: { name: 'get_time' } };
    const { choices } = await ask(await simService(), path, {
      messages: MESSAGES,
      tools: TOOLS,
      tool_choice,
    });
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { tool_calls: [{ function: { name: 'get_time' } }] },
    });
    const { zone } = JSON.parse(choices[0].message.tool_calls[0].function.arguments);
    expect(['UTC', 'CET']).toContain(zone);
  });

  it('are made when left to the model for a question, and not for a function’s result', async () => {
    const sim = await simService();
    const asked = await ask(sim, path, { messages: MESSAGES, tools: TOOLS });
    expect(asked.choices[0].message.tool_calls).toHaveLength(1);
    const result = { role: 'tool', tool_call_id: 'x', content: '18 degrees' };
    const messages = [...MESSAGES, { role: 'assistant', content: null, tool_calls: [] }, result];
    const told = await ask(sim, path, { messages, tools: TOOLS });
    expect(told.choices[0].message.tool_calls).toBeUndefined();
  });

  it('are not made with none', async () => {
    const body = { messages: MESSAGES, tools: TOOLS, tool_choice: 'none' };
    const { choices } = await ask(await simService(), path, body);
    expect(choices[0].message.tool_calls).toBeUndefined();
    expect(choices[0].message.content).not.toBe('');
  });

  it('say when they were cut', async () => {
    const body = { messages: MESSAGES, tools: TOOLS, tool_choice: 'required', max_tokens: 2 };
    const { choices } = await ask(await simService(), path, body);
    expect(choices[0].finish_reason).toBe('length');
  });

  it('end at their end, whatever ignore_eos says', async () => {
    const body = { messages: MESSAGES, tools: TOOLS, tool_choice: 'required', ignore_eos: true };
    const { choices } = await ask(await simService(), path, body);
    expect(() => JSON.parse(choices[0].message.tool_calls[0].function.arguments)).not.toThrow();
  });

  it('of a function that is not there are refused', async () => {
    const tool_choice = { type: 'function', function: { name: 'nope' } };
    const response = await post(await simService(), path, { messages: MESSAGES, tools: TOOLS, tool_choice });
    expect(response.status).toBe(400);
  });
});
