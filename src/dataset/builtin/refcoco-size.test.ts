import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FOLDER, nameOf } from '../../../scripts/draw-shapes.ts';
import { imageSize } from './image-questions.ts';

const bytesOf = (...parts: (readonly number[])[]) => Uint8Array.from(parts.flat());
const START = [0xff, 0xd8];
const APP0 = [0xff, 0xe0, 0, 4, 1, 2];
const TABLE = [0xff, 0xc4, 0, 3, 9];
const frame = (marker: number) => [0xff, marker, 0, 17, 8, 0x01, 0xe0, 0x02, 0x80, 3, 0, 0];

it('reads the header of a PNG', () => {
  const drawn = readFileSync(join(FOLDER, nameOf(0)));
  const [width, height] = [drawn.readUInt32BE(16), drawn.readUInt32BE(20)];
  expect(imageSize(drawn)).toEqual({ width, height });
  expect(width).toBeGreaterThan(0);
});

it.each([
  ['baseline', bytesOf(START, APP0, TABLE, frame(0xc0))],
  ['progressive, behind fill bytes', bytesOf(START, APP0, [0xff, 0xff], frame(0xc2))],
])('reads the frame of a JPEG: %s', (_, bytes) => {
  expect(imageSize(bytes)).toEqual({ width: 640, height: 480 });
});

it.each([
  ['a JPEG without a frame', bytesOf(START, APP0)],
  ['a GIF', Buffer.from('GIF89a______________________')],
  ['nothing', new Uint8Array()],
])('knows no size of %s', (_, bytes) => expect(imageSize(bytes)).toBeUndefined());

it('ends on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => {
      imageSize(bytesOf(START, [...tail]));
    }),
    { numRuns: 200 },
  );
});
