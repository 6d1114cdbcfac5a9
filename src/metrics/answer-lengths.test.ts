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

describe('lengths of answers', () => {
  it('that are as asked are counted, and nothing is noted', async () => {
    const { lengths, findings } = await summaryOf([answer(64, { exactLength: 64 }), answer(9)]);
    expect(lengths).toEqual({ wanted: 1, exact: 1, meanAsked: 64, meanGot: 64, tooLong: 0 });
    expect(said(findings)).toEqual([]);
  });

  it('that are not as asked are told, with what came instead', async () => {
    const short = answer(371, { exactLength: 2048 });
    const { findings } = await summaryOf([short, short, short, answer(2048, { exactLength: 2048 })]);
    expect(said(findings)).toEqual([
      'LENGTH-IGNORED: 1 of 4 answers (25 %) have the requested length, 790.3 tokens on average of 2048: the service ignores ignore_eos or min_tokens as they are sent',
    ]);
  });

  it('that nobody but us counted are not held against the service', async () => {
    const uncounted = answer(3, { exactLength: 64, outputTokens: { value: 3, source: 'chunks' } });
    expect((await summaryOf([uncounted])).lengths).toBeUndefined();
  });

  it('beyond the limit are told', async () => {
    const { findings } = await summaryOf([answer(900, { lengthLimit: 512 }), answer(9)]);
    expect(said(findings)).toEqual([
      expect.stringContaining('TOO-LONG: 1 answer with more tokens than max_out_len allows'),
    ]);
  });
});
