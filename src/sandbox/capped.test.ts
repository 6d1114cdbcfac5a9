import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cappedText } from './open-sandbox.ts';

it('keeps the first bytes, however they come, and reads the rest', async () => {
  const chunk = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1 });
  const chunks = fc.array(chunk, { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.nat(20), async (texts, most) => {
      const stream = Readable.from(texts.map((text) => Buffer.from(text)));
      expect(await cappedText(stream, most)).toBe(texts.join('').slice(0, most));
      expect(stream.readableEnded).toBe(true);
    }),
    { numRuns: 60 },
  );
});
