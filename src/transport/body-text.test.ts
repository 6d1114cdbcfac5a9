import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BodyText, wholeText } from './sse.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'b', '\n', 'é', '漢', '😀'),
  minLength: 1,
  maxLength: 40,
});
const bytes = fc.oneof(
  { weight: 4, arbitrary: text.map((words) => Buffer.from(words)) },
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((some) => Buffer.from(some)),
);

/** The stretches between the cuts, with other bytes before, between and behind them, as in a buffer that was read. */
function laidOut(
  all: Buffer,
  cuts: readonly number[],
): { buffer: Buffer; bounds: Int32Array; count: number } {
  const sorted = [
    0,
    ...[...new Set(cuts.map((cut) => cut % all.length))].filter(Boolean).sort((a, b) => a - b),
    all.length,
  ];
  const bounds: number[] = [];
  const parts: Buffer[] = [];
  let length = 0;
  for (let n = 1; n < sorted.length; n++) {
    const piece = all.subarray(sorted[n - 1], sorted[n]);
    parts.push(Buffer.from('\r\n5\r\n'), piece);
    bounds.push(length + 5, length + 5 + piece.length);
    length += 5 + piece.length;
  }
  return {
    buffer: Buffer.concat([...parts, Buffer.from('\xe9\r\n', 'latin1')]),
    bounds: Int32Array.from(bounds),
    count: bounds.length / 2,
  };
}

it('gives the text of a body, whatever the reads and stretches it comes in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(bytes, fc.array(fc.nat(), { maxLength: 4 })), { maxLength: 4 }),
      (reads) => {
        const body = new BodyText();
        let seen = '';
        for (const [all, cuts] of reads) {
          const { buffer, bounds, count } = laidOut(all, cuts);
          const only = count === 1 && !body.open ? wholeText(buffer, bounds[0]!, bounds[1]!) : undefined;
          if (only !== undefined) seen += only;
          else
            body.read(buffer, bounds, count, (piece, own) => {
              if (own === undefined) seen += piece;
              else for (let n = 0; n < own.length; n += 2) seen += piece.slice(own[n], own[n + 1]);
            });
        }
        expect(seen + body.end()).toBe(Buffer.concat(reads.map(([all]) => all)).toString('utf8'));
      },
    ),
    { numRuns: 1000 },
  );
});
