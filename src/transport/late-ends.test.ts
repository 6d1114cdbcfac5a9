import { expect, it } from 'vitest';
import { lateEnds } from './late-work.ts';

function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

it('an end alone has its turn at once', async () => {
  let turns = 0;
  const counted = setImmediate(() => (turns += 1));
  await lateEnds.turn();
  expect(turns).toBe(0);
  clearImmediate(counted);
});

it('sockets are looked at between ends that take long, which keep their order', async () => {
  const order: number[] = [];
  const seenBetween: number[] = [];
  const ends = Array.from({ length: 10 }, async (_, n) => {
    await lateEnds.turn();
    // What an end sets going in microtasks counts, however many awaits it takes.
    await null;
    busy(2);
    order.push(n);
  });
  while (order.length < 10) {
    await new Promise((resolve) => setImmediate(resolve));
    seenBetween.push(order.length);
  }
  await Promise.all(ends);
  expect(order).toEqual(ends.map((_, n) => n));
  expect(new Set(seenBetween).size).toBeGreaterThanOrEqual(9);
});

it('short ends follow one another without a look at the sockets', async () => {
  let turns = 0;
  const count = () => {
    turns += 1;
    immediate = setImmediate(count);
  };
  let immediate = setImmediate(count);
  await Promise.all(Array.from({ length: 20 }, () => lateEnds.turn()));
  clearImmediate(immediate);
  expect(turns).toBeLessThan(10);
});
