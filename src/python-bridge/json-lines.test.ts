import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonLines } from './messages.ts';

describe('JsonLines', () => {
  it('finds the same objects wherever the bytes are cut', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 });
    fc.assert(
      fc.property(objects, fc.array(fc.nat(40)), (sent, cuts) => {
        const bytes = Buffer.from(sent.map((one) => `${JSON.stringify(one)}\n`).join(''));
        const lines = new JsonLines();
        const found: unknown[] = [];
        let from = 0;
        for (const cut of [...cuts, bytes.length]) {
          found.push(...lines.push(bytes.subarray(from, from + cut)));
          from += cut;
        }
        expect(found).toEqual(sent.map((one) => JSON.parse(JSON.stringify(one))));
      }),
    );
  });

  it.each(['no JSON', '7', '[]', 'null', '{'])('quotes a line that is no object: %s', (line) => {
    const objects = new JsonLines().push(Buffer.from(`{"a":1}\n${line}\n`));
    expect(objects.next().value).toEqual({ a: 1 });
    expect(() => objects.next()).toThrow(JSON.stringify(line));
  });
});
