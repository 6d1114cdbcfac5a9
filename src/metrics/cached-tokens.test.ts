import { describe, expect, it } from 'vitest';
import type { OkRecord } from '../contract/record.ts';
import { sampleAnswer } from '../testing/sample-record.ts';
import { summarize } from './summary.ts';

const answer = (output: number, more: Partial<OkRecord> = {}): OkRecord => ({
  ...sampleAnswer({
    events: [
      ['content', 100],
      ['content', 200],
    ],
    input: 100,
    output,
  }),
  ...more,
});
const summaryOf = (records: readonly OkRecord[]) => summarize(records, { concurrency: 1 });

describe('the prefix cache of the service', () => {
  it('is told in tokens, and as a share of the prompts whose reply says it', async () => {
    const { tokens, notes } = await summaryOf([
      answer(9, { cachedTokens: 80 }),
      answer(9, { cachedTokens: 0 }),
      answer(9),
    ]);
    expect(tokens.cached).toEqual({ answers: 2, tokens: 80, share: 0.4 });
    expect(notes).toEqual([expect.stringMatching(/^cache-assisted: 40\.0 % of the input tokens/)]);
  });

  it('may have helped where prompts came again, which is told while the service is silent', async () => {
    const again = answer(9, { call: { ...answer(9).call, repetition: 1 } });
    const load = { concurrency: 1, isLoadTest: true };
    expect((await summarize([answer(9), again], load)).notes).toEqual([
      expect.stringMatching(/^perhaps cache-assisted: 1 of 2 requests asked what this run had asked before/),
    ]);
    expect((await summarize([answer(9), { ...again, cachedTokens: 0 }], load)).notes).toEqual([]);
    expect((await summaryOf([answer(9), again])).notes).toEqual([]);
    expect((await summarize([answer(9), again], { ...load, servedFromCache: 0 })).notes).toEqual([]);
  });

  it("is told of the service's own metrics where replies are silent", async () => {
    const options = { concurrency: 1, servedFromCache: 0.85 };
    expect((await summarize([answer(9)], options)).notes).toEqual([
      expect.stringMatching(/^cache-assisted: 85\.0 %/),
    ]);
    expect((await summarize([answer(9, { cachedTokens: 0 })], options)).notes).toEqual([]);
  });

  it.each([
    [undefined, undefined],
    [0, 0],
    [1, 0.01],
  ])('%s tokens of 100 are not worth a note', async (cachedTokens, share) => {
    const { tokens, notes } = await summaryOf([
      answer(9, cachedTokens === undefined ? {} : { cachedTokens }),
    ]);
    expect(tokens.cached?.share).toBe(share);
    expect(notes).toEqual([]);
  });
});
