import { describe, expect, it } from 'vitest';
import { said } from '../../test/support/said.ts';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import type { OkRecord } from '../contract/record.ts';
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
    const { tokens, findings } = await summaryOf([
      answer(9, { cachedTokens: 80 }),
      answer(9, { cachedTokens: 0 }),
      answer(9),
    ]);
    expect(tokens.cached).toEqual({ answers: 2, tokens: 80, share: 0.4 });
    expect(said(findings)).toEqual([
      expect.stringMatching(/^CACHE-ASSISTED: cache-assisted: 40 % of the input tokens/),
    ]);
  });

  it('may have helped where prompts came again, which is told while the service is silent', async () => {
    const again = answer(9, { call: { ...answer(9).call, repetition: 1 } });
    const load = { concurrency: 1, isLoadTest: true };
    expect(said((await summarize([answer(9), again], load)).findings)).toEqual([
      expect.stringMatching(
        /^CACHE-POSSIBLE: perhaps cache-assisted: 1 of 2 requests repeated a prompt of this run/,
      ),
    ]);
    expect((await summarize([answer(9), { ...again, cachedTokens: 0 }], load)).findings).toEqual([]);
    expect((await summaryOf([answer(9), again])).findings).toEqual([]);
    expect((await summarize([answer(9), again], { ...load, servedFromCache: 0 })).findings).toEqual([]);
  });

  it("is told of the service's own metrics where replies are silent", async () => {
    const options = { concurrency: 1, servedFromCache: 0.85 };
    expect(said((await summarize([answer(9)], options)).findings)).toEqual([
      expect.stringMatching(/^CACHE-ASSISTED: cache-assisted: 85 %/),
    ]);
    expect((await summarize([answer(9, { cachedTokens: 0 })], options)).findings).toEqual([]);
  });

  it.each([
    [undefined, undefined],
    [0, 0],
    [1, 0.01],
  ])('%s tokens of 100 are not worth a note', async (cachedTokens, share) => {
    const { tokens, findings } = await summaryOf([
      answer(9, cachedTokens === undefined ? {} : { cachedTokens }),
    ]);
    expect(tokens.cached?.share).toBe(share);
    expect(findings).toEqual([]);
  });
});
