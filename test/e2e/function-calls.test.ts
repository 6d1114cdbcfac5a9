/** BFCL: the same questions with functions as tools and in the prompt, scored by their calls. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { aisBench, chatServer, emptyFolder, json, latest } from './support.ts';

const data = fileURLToPath(new URL('../fixtures/bfcl', import.meta.url));

/** Boils and rings as asked for the first question; the second gets no call. */
const CALLS = [
  { type: 'function', id: '1', function: { name: 'kitchen_boil', arguments: '{"litres": 2}' } },
  {
    type: 'function',
    id: '2',
    function: { name: 'set_timer', arguments: '{"minutes": 9, "labels": ["pasta", "peas"]}' },
  },
];
const TEXT = "[kitchen.boil(litres=2.0), set_timer(minutes=9, labels=['pasta', 'peas'])]";

describe.each([
  ['tools', 'vllm_api_function_call_chat', 'vllm-api-function-call-chat'],
  ['text', 'vllm_api_general_chat', 'vllm-api-general-chat'],
])('functions as %s', (how, config, abbr) => {
  it('are called, and the calls are scored', async () => {
    const server = await chatServer(({ body }) => {
      const { messages, tools } = JSON.parse(String(body));
      expect(tools === undefined).toBe(how === 'text');
      expect(messages[0].role === 'system').toBe(how === 'text' || messages.length > 1);
      const isFirst = String(messages.at(-1).content).startsWith('Boil');
      const called = how === 'tools' ? { content: null, tool_calls: CALLS } : { content: TEXT };
      const message = isFirst ? called : { content: 'I cannot ring.' };
      return json({ choices: [{ index: 0, message, finish_reason: 'stop' }] });
    });
    const cwd = emptyFolder();
    const args = ['--datasets', 'BFCL_gen_parallel_multiple', '--set', `datasets.0.path=${data}`];
    const { code, stdout, stderr } = await aisBench(cwd, '--models', config, '--url', server.url, ...args);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(new RegExp(`^BFCL-v3-parallel_multiple +accuracy +${abbr} +50\\.00 `, 'm'));
    const file = join(latest(cwd), 'results', abbr, 'BFCL-v3-parallel_multiple.json');
    expect(readFileSync(file, 'utf8')).toContain(
      how === 'tools' ? 'a text and no tool call' : 'ast_decoder:decoder_failed',
    );
  });
});
