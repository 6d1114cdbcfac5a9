import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LateReader, lateReads, NOTHING_WAITS } from './late-work.ts';

interface Taken {
  readonly pieces: readonly string[];
  readonly at: number;
  readonly sharedRead: boolean;
}

/** Keeps what it is given. */
class Collector implements LateReader {
  waitsAs = NOTHING_WAITS;
  readonly taken: Taken[] = [];
  readonly #onTake: () => void;

  constructor(onTake: () => void = () => {}) {
    this.#onTake = onTake;
  }

  takeRead(bytes: Buffer, bounds: Int32Array, count: number, at: number, sharedRead: boolean): void {
    this.taken.push({ pieces: piecesOf(bytes, bounds, count), at, sharedRead });
    this.#onTake();
  }

  get order(): number[] {
    return this.taken.map(({ at }) => at);
  }
}

function piecesOf(bytes: Buffer, bounds: Int32Array, count: number): string[] {
  return Array.from({ length: count }, (_, n) => bytes.toString('latin1', bounds[2 * n], bounds[2 * n + 1]));
}

/** Adds a read of one stretch. */
function add(reader: LateReader, length: number, at = 0): void {
  lateReads.add(reader, Buffer.alloc(length), Int32Array.of(0, length), 1, at, false);
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('late reads', () => {
  it('are parsed not on the spot but soon, those of a stream in order', async () => {
    const readers = [new Collector(), new Collector(), new Collector()];
    for (const n of numbers(300)) add(readers[n % 3]!, 100, n);
    expect(readers.map(({ taken }) => taken.length)).toEqual([0, 0, 0]);
    await expect.poll(() => readers.flatMap(({ taken }) => taken).length).toBe(300);
    for (const [n, { order }] of readers.entries()) {
      expect(order).toEqual(numbers(100).map((k) => 3 * k + n));
    }
  });

  it('are what was read, though the buffer was filled anew, in whatever order streams end', () => {
    const read = fc.record({
      stream: fc.nat(4),
      text: fc.string({ maxLength: 300 }),
      cuts: fc.array(fc.nat(300), { maxLength: 6 }),
      at: fc.double({ noNaN: true }),
      sharedRead: fc.boolean(),
    });
    const step = fc.oneof(
      { weight: 4, arbitrary: read },
      fc.nat(4).map((end) => ({ end })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const readers = numbers(5).map(() => new Collector());
        const sent: Taken[][] = readers.map(() => []);
        const buffer = Buffer.alloc(2000);
        for (const one of steps) {
          if ('end' in one) {
            lateReads.takeAllOf(readers[one.end]!);
            expect(readers[one.end]!.taken).toEqual(sent[one.end]);
            continue;
          }
          const { stream, text, cuts, at, sharedRead } = one;
          const length = 7 + buffer.fill(0).write(text, 7);
          const inside = [...new Set(cuts)].filter((cut) => cut > 7 && cut < length).sort((a, b) => a - b);
          // Between two stretches lies a byte that belongs to neither.
          const bounds = Int32Array.of(7, ...inside.flatMap((cut) => [cut - 1, cut]), length);
          const count = bounds.length / 2;
          sent[stream]!.push({ pieces: piecesOf(buffer, bounds, count), at, sharedRead });
          lateReads.add(readers[stream]!, buffer, bounds, count, at, sharedRead);
          buffer.fill(1);
        }
        for (const reader of readers) lateReads.takeAllOf(reader);
        expect(readers.map(({ taken }) => taken)).toEqual(sent);
      }),
    );
  });

  it.each([
    ['ten streams', 10],
    ['one stream', 1],
  ])('let sockets be looked at between slow parsers of %s', async (_, streams) => {
    let parsed = 0;
    const seenBetween: number[] = [];
    const slow = () => {
      const end = performance.now() + 2;
      while (performance.now() < end);
      parsed += 1;
    };
    const readers = numbers(streams).map(() => new Collector(slow));
    for (const n of numbers(10)) add(readers[n % streams]!, 2000);
    while (parsed < 10) {
      await new Promise((resolve) => setImmediate(resolve));
      seenBetween.push(parsed);
    }
    // A slice is over after each of them.
    expect(new Set(seenBetween).size).toBeGreaterThanOrEqual(9);
  });

  it('are parsed on the spot where memory should not hold them, oldest first', async () => {
    const order: number[] = [];
    for (const n of numbers(20)) add(new Collector(() => order.push(n)), 1024 * 1024);
    expect(order.length).toBeGreaterThanOrEqual(14);
    expect(order).toEqual(numbers(order.length));
    await expect.poll(() => order.length).toBe(20);
  });

  it('may come while others are parsed', async () => {
    const second = new Collector();
    add(new Collector(() => add(second, 1)), 1);
    await expect.poll(() => second.taken.length).toBe(1);
  });
});
