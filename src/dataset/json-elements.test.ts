import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonElements } from './read.ts';

async function elementsOf(chunks: readonly Buffer[]): Promise<string[]> {
  const found: string[] = [];
  const refuse = (what: string) => new Error(what);
  for await (const bytes of jsonElements(Readable.from(chunks, { objectMode: true }), refuse))
    found.push(bytes.toString('utf8'));
  return found;
}

/** Cut into pieces of so many bytes. */
function pieces(text: string, size: number): Buffer[] {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

describe('the elements of a JSON list', () => {
  it('are what JSON.parse finds, however the text is cut and spaced', async () => {
    const quoted = fc.string({ unit: fc.constantFrom('\\', '"', '[', '}', ',', 'é') });
    const spaces = fc.constantFrom('', ' ', '\n\t', '\r\n');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.jsonValue(), quoted), { maxLength: 6 }),
        fc.nat(3),
        spaces,
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        async (values, indent, space, size, hasMark) => {
          const text = `${hasMark ? '\ufeff' : ''}${space}${JSON.stringify(values, null, indent)}${space}`;
          const elements = await elementsOf(pieces(text, size));
          expect(elements.map((one) => JSON.parse(one))).toEqual(JSON.parse(JSON.stringify(values)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['', 'is no JSON list'],
    ['{"a": [1]}', 'is no JSON list'],
    ['\ufeff\ufeff[1]', 'is no JSON list'],
    ['[1', 'ends within its list'],
    ['[{"a": "]"}', 'ends within its list'],
    ['["\\"]', 'ends within its list'],
    ['[1,]', 'has a comma without an element'],
    ['[,1]', 'has a comma without an element'],
    ['[1] 2', 'goes on behind its list'],
    ['[1][2]', 'goes on behind its list'],
  ])('%j is refused: it %s', async (text, what) => {
    for (const size of [1, 100]) await expect(elementsOf(pieces(text, size))).rejects.toThrow(what);
  });
});
