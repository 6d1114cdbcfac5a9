import { extname } from 'node:path';

/** First bytes of the formats, as Latin-1; `.` is any byte. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF....WEBP/s, 'image/webp'],
  [/^BM/, 'image/bmp'],
  [/^RIFF....WAVE/s, 'audio/wav'],
  [/^RIFF....AVI /s, 'video/x-msvideo'],
  [/^fLaC/, 'audio/flac'],
  [/^OggS/, 'audio/ogg'],
  [/^ID3/, 'audio/mpeg'],
  [/^\xff[\xe2-\xff]/, 'audio/mpeg'],
  [/^....ftypM4A/s, 'audio/mp4'],
  [/^....ftypqt/s, 'video/quicktime'],
  [/^....ftyp/s, 'video/mp4'],
  [/^\x1aE\xdf\xa3/, 'video/webm'],
];

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.mkv': 'video/x-matroska',
  '.svg': 'image/svg+xml',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.mpg': 'video/mpeg',
  '.mpeg': 'video/mpeg',
};

/** What a file is: by its extension where that tells more than the bytes, else by its first bytes. */
export function mimeOf(bytes: Buffer, path: string): string {
  const start = bytes.toString('latin1', 0, 16);
  const told = BY_EXTENSION[extname(path).toLowerCase()];
  return told ?? SIGNATURES.find(([form]) => form.test(start))?.[1] ?? 'application/octet-stream';
}
