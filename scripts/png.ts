/** As much of PNG as our own pictures need: eight bits each of red, green and blue, no interlacing. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

export interface Picture {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Red, green, blue for each pixel, row by row from the top. */
  readonly rgb: Uint8Array;
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const CHANNELS = 3;

export function encodePng({ width, height, rgb }: Picture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const stride = width * CHANNELS;
  const lines = Array.from({ length: height }, (_, y) => [0, ...rgb.subarray(y * stride, (y + 1) * stride)]);
  const pixels = deflateSync(Buffer.from(lines.flat()), { level: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Reads what `encodePng` wrote. Throws an Error for any other PNG. */
export function decodePng(file: Buffer): Picture {
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new Error('this is no PNG');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const data = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
    chunks.set(file.toString('latin1', at + 4, at + 8), data);
  }
  const header = chunks.get('IHDR')!;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const lines = inflateSync(chunks.get('IDAT')!);
  const stride = width * CHANNELS;
  const rgb = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    if (lines[from] !== 0) throw new Error('this PNG has filtered lines');
    rgb.set(lines.subarray(from + 1, from + 1 + stride), y * stride);
  }
  return { width, height, rgb };
}
