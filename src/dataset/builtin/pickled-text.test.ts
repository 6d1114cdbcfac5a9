import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickledText } from './code.ts';

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

/** Pickles each text under each protocol, as Python does it; long ones are a text and how often. */
const PICKLE = `
import base64, json, pickle, sys
made = [[base64.b64encode(pickle.dumps(text * times, protocol)).decode() for protocol in (2, 3, 4, 5)]
        for text, times in json.load(sys.stdin)]
print(json.dumps(made))
`;

describe.skipIf(!hasPython)('a text that CPython pickled (skipped without python3)', () => {
  it('is read under every protocol, whatever its length', () => {
    const some = fc.sample(fc.string({ unit: 'grapheme', maxLength: 80 }), { numRuns: 100, seed: 3 });
    const lengths = [255, 256, 65_534, 65_535, 65_536, 70_000, 200_000];
    const texts = [...some.map((text) => [text, 1] as const), ...lengths.map((n) => ['é', n] as const)];
    const { stdout } = spawnSync('python3', ['-c', PICKLE], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const pickles: string[][] = JSON.parse(stdout);
    for (const [n, [text, times]] of texts.entries())
      for (const pickle of pickles[n]!)
        expect(pickledText(Buffer.from(pickle, 'base64')).toString('utf8')).toBe(text.repeat(times));
  });

  it.each(['[1]', 'b"bytes"', '("a", "b")', 'print', 'None', '1', '{"a": "b"}', 'Evil()'])(
    'is not %s',
    (value) => {
      const made = `import os, pickle, sys\nclass Evil:\n    def __reduce__(self): return os.system, ("exit 3",)\nsys.stdout.buffer.write(pickle.dumps(${value}))`;
      const { stdout } = spawnSync('python3', ['-c', made]);
      expect(stdout.length).toBeGreaterThan(3);
      expect(() => pickledText(stdout)).toThrow(/where a text should be|where its end should be/);
    },
  );
});

const made = Buffer.concat([Buffer.from([0x80, 4, 0x8c, 2]), Buffer.from('ab'), Buffer.from([0x94, 0x2e])]);

describe('what is no pickle of a text', () => {
  it.each([
    ['', 'does not begin'],
    ['80', 'does not begin'],
    ['8001', 'does not begin'],
    ['8006', 'does not begin'],
    ['8004', 'nothing where a text'],
    ['80045d2e', 'opcode 0x5d where a text'],
    ['800458ff', 'ends within the length'],
    ['80048c05' + '6161', 'ends within its text'],
    ['80048dffffffffffffffff61', 'ends within its text'],
    ['80048c0161', 'nothing where its end'],
    ['80048c01618c01622e', 'opcode 0x8c where its end'],
    ['80048c01612e2e', 'where its end'],
    ['80048c016194522e', 'opcode 0x52 where its end'],
  ])('%s is refused: %s', (hex, why) => {
    expect(() => pickledText(Buffer.from(hex, 'hex'))).toThrow(why);
  });

  it('throws Error and nothing else, and reads nothing but the text that is there', () => {
    expect(pickledText(made).toString()).toBe('ab');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(made.length), (bytes, keep) => {
        const changed = Buffer.concat([made.subarray(0, keep), Buffer.from(bytes)]);
        try {
          expect(changed.includes(pickledText(changed))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
