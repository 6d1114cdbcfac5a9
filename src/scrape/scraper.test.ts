import { describe, expect, it, vi } from 'vitest';
import { type FetchPages, startScraping } from './scraper.ts';
import type { TimedReading } from './summary.ts';

const page = (running: number) => [`vllm:num_requests_running ${running}\n`];

/** A scraper on a clock of its own; `pages` are what its looks find, the last of them again and again. */
async function started(...pages: readonly (Awaited<ReturnType<FetchPages>> | Error)[]) {
  vi.useFakeTimers({ now: 0 });
  const taken: TimedReading[] = [];
  let n = 0;
  const fetchPages: FetchPages = async () => {
    const found = pages[Math.min(n++, pages.length - 1)]!;
    await vi.advanceTimersByTimeAsync(10);
    if (found instanceof Error) throw found;
    return found;
  };
  const scraping = await startScraping({
    fetchPages,
    clock: () => Date.now(),
    take: (one) => taken.push(one),
  });
  return { scraping, taken, looks: () => n };
}

describe('scraping', () => {
  it('looks before, every second and after; a reading stands in the middle of its round trip', async () => {
    const { scraping, taken } = await started(page(0), page(3), page(0));
    if ('refused' in scraping) throw new Error(scraping.refused);
    await vi.advanceTimersByTimeAsync(1005);
    const counts = await scraping.stop();
    expect(taken.map(({ phase, at, gauges }) => [phase, at, gauges.running])).toEqual([
      ['before', 5, 0],
      ['during', 1015, 3],
      ['after', expect.any(Number), 0],
    ]);
    expect(counts).toEqual({ readings: 3, failures: 0 });
    vi.useRealTimers();
  });

  it('refuses a service without numbers, and one with others, at once', async () => {
    for (const [found, why] of [
      [{ failure: 'HTTP 404' }, 'HTTP 404'],
      [['python_info 1\n'], 'it shows no numbers of vLLM, TGI, Triton or MindIE'],
      [new Error('broken'), 'broken'],
    ] as const) {
      const { scraping, looks } = await started(found);
      expect(scraping).toEqual({ refused: why });
      await vi.advanceTimersByTimeAsync(10_000);
      expect(looks()).toBe(1);
      vi.useRealTimers();
    }
  });

  it('goes on after looks that fail, and counts them', async () => {
    const { scraping, taken } = await started(page(1), { failure: 'late' }, new Error('gone'), page(2));
    if ('refused' in scraping) throw new Error(scraping.refused);
    await vi.advanceTimersByTimeAsync(3500);
    expect(await scraping.stop()).toEqual({ readings: 3, failures: 2 });
    expect(taken.map(({ gauges }) => gauges.running)).toEqual([1, 2, 2]);
    vi.useRealTimers();
  });

  it('looks no more once it is stopped, and ever more rarely while it goes', async () => {
    const { scraping, taken, looks } = await started(page(1));
    if ('refused' in scraping) throw new Error(scraping.refused);
    await vi.advanceTimersByTimeAsync(4 * 3600 * 1000);
    // 1,000 in the first 1,000 s, then 1,000 · ln(14.4) in the rest, less the round trips.
    expect(looks()).toBeGreaterThan(3400);
    expect(looks()).toBeLessThan(3680);
    await scraping.stop();
    const after = looks();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(looks()).toBe(after);
    expect(taken.at(-1)!.phase).toBe('after');
    vi.useRealTimers();
  });
});
