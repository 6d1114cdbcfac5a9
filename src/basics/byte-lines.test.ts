import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byteLines } from './byte-lines.ts';

const refuse = (number: number) => new Error(`line ${number}`);

async function linesOf(chunks: readonly Buffer[]) {
  const lines = [];
  for await (const line of byteLines(Readable.from(chunks, { objectMode: true }), refuse)) lines.push(line);
  return lines;
}

it('gives the lines of a text and their places, however it is cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '\u2028', '\r', '\n', '\n') });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(40), { maxLength: 6 }), async (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const places = [
        0,
        ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
        bytes.length,
      ];
      const lines = await linesOf(places.slice(1).map((end, n) => bytes.subarray(places[n], end)));
      const expected = whole.endsWith('\n') ? whole.slice(0, -1).split('\n') : whole.split('\n');
      expect(lines.map((line) => line.bytes.toString())).toEqual(whole === '' ? [] : expected);
      for (const [n, { bytes: own, at, number }] of lines.entries()) {
        expect(number).toBe(n + 1);
        expect(bytes.subarray(at, at + own.length).equals(own)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
