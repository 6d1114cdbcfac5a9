import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FilePiece,
  framesUrl,
  isMediaUrl,
  listMedia,
  parsePiece,
  partUrl,
  pieceUrl,
  splitFileUrls,
  toText,
  withUrl,
} from './prompt-list.ts';

const image = { type: 'image_url', image_url: { url: 'file:///a.png', detail: 'low' } };
const asked = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: [image, { type: 'text', text: 'What is it?' }] },
];

describe('a part', () => {
  it('has its URL in an object, or bare', () => {
    expect(partUrl(image)).toBe('file:///a.png');
    expect(partUrl({ type: 'image_url', image_url: 'https://host/a' })).toBe('https://host/a');
    expect(partUrl({ type: 'text', text: 'x' })).toBe('x');
    expect(partUrl({ type: 'image_url' })).toBeUndefined();
  });

  it('keeps what else it says when its URL changes', () => {
    expect(withUrl(image, 'data:,')).toEqual({
      type: 'image_url',
      image_url: { url: 'data:,', detail: 'low' },
    });
  });
});

it.each([
  ['file:///a', true],
  ['data:image/png;base64,AA', true],
  ['HTTPS://host/a', true],
  ['/a.png', false],
  ['iVBORw0KGgo', false],
])('%s is a URL: %s', (text, expected) => {
  expect(isMediaUrl(text)).toBe(expected);
});

it('frames come apart as they were joined, whatever their paths hold', () => {
  const file = fc.stringMatching(/^[a-z ,:/]*$/).map((text) => `file:///${encodeURI(text)}`);
  fc.assert(
    fc.property(fc.array(file, { minLength: 1 }), (files) => {
      const apart = splitFileUrls(framesUrl(files))!;
      expect(apart.map((one) => new URL(one).href)).toEqual(
        files.map((one) => new URL(one.replaceAll(',', '%2C')).href),
      );
    }),
  );
  expect(splitFileUrls('https://host/a,file:///b')).toBeUndefined();
});

it('a piece of a file is told by its URL, whatever the column is called', () => {
  const place = fc.record({ from: fc.nat(), to: fc.nat() });
  const cell = fc.record({ column: fc.string({ minLength: 1, unit: 'binary' }), row: fc.nat() });
  const file = fc.constantFrom('file:///a.tsv', 'file:///a%23b%2Cc.parquet');
  fc.assert(
    fc.property(file, fc.oneof<fc.Arbitrary<FilePiece>[]>(place, cell), (url, piece) => {
      const whole = pieceUrl(url, piece);
      expect(parsePiece(whole)).toEqual(piece);
      expect(splitFileUrls(whole)).toEqual([whole]);
      expect(new URL(whole).pathname).toBe(new URL(url).pathname);
    }),
  );
  expect(parsePiece('file:///a.png')).toBeUndefined();
  expect(parsePiece('file:///a.png#page=2')).toBeUndefined();
});

describe('a dialogue with an image as one text', () => {
  it('is refused', () => {
    expect(() => toText(asked)).toThrow(expect.objectContaining({ code: 'ICLR-PARAM-003' }));
    expect(toText([{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }])).toBe('Hi');
  });

  it('has media', () => {
    expect(listMedia(asked)).toEqual([image]);
    expect(listMedia('text')).toEqual([]);
  });
});
