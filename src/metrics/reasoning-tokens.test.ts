import { expect, it } from 'vitest';
import { type SampleEvent, sampleAnswer } from '../../test/support/sample-record.ts';
import type { OkRecord } from '../contract/record.ts';
import { summarize } from './summary.ts';

/** Six events of reasoning and two of the answer, a token each or as many as are told. */
const events: SampleEvent[] = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [n > 6 ? 'content' : 'reasoning', 100 * n]);
const thinking = (more: Partial<OkRecord> = {}): OkRecord => ({
  ...sampleAnswer({ events, input: 1, output: 16 }),
  ...more,
});
const plain = sampleAnswer({
  events: [
    ['content', 100],
    ['content', 200],
  ],
  input: 1,
  output: 2,
});
const reasoningOf = async (...records: OkRecord[]) =>
  (await summarize(records, { concurrency: 1 })).tokens.reasoning;

it('is what the server says, as a part of the output', async () => {
  expect(await reasoningOf(thinking({ reasoningTokens: 13 }), plain)).toEqual({
    answers: 1,
    tokens: 13,
    output: 16,
    told: 1,
  });
});

it('is counted by its events where the server says nothing, or 0', async () => {
  const counted = { answers: 1, tokens: 12, output: 16, told: 0 };
  expect(await reasoningOf(thinking())).toEqual(counted);
  expect(await reasoningOf(thinking({ reasoningTokens: 0 }))).toEqual(counted);
});

it('is never more than there is, and absent where nobody thought', async () => {
  expect(await reasoningOf(thinking({ reasoningTokens: 99 }))).toMatchObject({ tokens: 16, output: 16 });
  expect(await reasoningOf(plain)).toBeUndefined();
});

it('that is all there is has TTFT and no first answer token', async () => {
  const only = sampleAnswer({ events: events.slice(0, 6), input: 1, output: 6 });
  const { rows, further, tokens } = await summarize([only], { concurrency: 1 });
  expect(tokens.reasoning).toMatchObject({ tokens: 6, output: 6 });
  expect(rows.find(({ name }) => name === 'TTFT')?.stats?.median).toBe(100);
  expect(further.find(({ name }) => name === 'TTFAT')?.stats).toBeUndefined();
});
