import { describe, expect, it } from 'vitest';
import { lateParsing } from './late-parsing.ts';

const nextTurns = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('late parsing', () => {
  it('parses nothing on the spot, and everything in order soon after', async () => {
    const parsed: number[] = [];
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    for (const n of numbers) lateParsing.add({ parseNext: () => parsed.push(n) }, 100);
    expect(parsed).toEqual([]);
    await expect.poll(() => parsed.length).toBe(300);
    expect(parsed).toEqual(numbers);
  });

  it('lets sockets be looked at between slow parsers', async () => {
    let parsed = 0;
    const seenBetween: number[] = [];
    const slow = () => {
      const end = performance.now() + 2;
      while (performance.now() < end);
      parsed += 1;
    };
    for (let n = 0; n < 10; n++) lateParsing.add({ parseNext: slow }, 100_000);
    while (parsed < 10) {
      await new Promise((resolve) => setImmediate(resolve));
      seenBetween.push(parsed);
    }
    // A slice is over after each of them.
    expect(new Set(seenBetween).size).toBeGreaterThanOrEqual(9);
  });

  it('parses on the spot what memory should not hold, oldest first', async () => {
    const parsed: number[] = [];
    for (let n = 0; n < 20; n++) lateParsing.add({ parseNext: () => parsed.push(n) }, 1024 * 1024);
    expect(parsed.length).toBeGreaterThanOrEqual(8);
    expect(parsed).toEqual(parsed.map((_, n) => n));
    await expect.poll(() => parsed.length).toBe(20);
  });

  it('takes what is added while it parses', async () => {
    const parsed: string[] = [];
    lateParsing.add(
      {
        parseNext: () => {
          parsed.push('first');
          lateParsing.add({ parseNext: () => parsed.push('second') }, 1);
        },
      },
      1,
    );
    await nextTurns(20);
    await expect.poll(() => parsed).toEqual(['first', 'second']);
  });
});
