import { expect, it } from 'vitest';
import { mimeOf } from './media.ts';

it.each([
  ['\x89PNG\r\n\x1a\nrest', 'a.jpg', 'image/png'],
  ['\xff\xd8\xff\xe0', 'a', 'image/jpeg'],
  ['GIF89a', 'a', 'image/gif'],
  ['RIFF\x01\n\x00\x00WEBPVP8 ', 'a', 'image/webp'],
  ['RIFF\x01\x00\x00\x00WAVEfmt ', 'a', 'audio/wav'],
  ['\xff\xfb\x90', 'a', 'audio/mpeg'],
  ['ID3\x04', 'a', 'audio/mpeg'],
  ['fLaC', 'a', 'audio/flac'],
  ['\x00\x00\x00 ftypisom', 'a', 'video/mp4'],
  ['\x00\x00\x00\x14ftypqt  ', 'a', 'video/quicktime'],
  ['\x00\x00\x00\x1cftypM4A ', 'a', 'audio/mp4'],
  ['\x1aE\xdf\xa3', 'a.webm', 'video/webm'],
  ['\x1aE\xdf\xa3', 'a.MKV', 'video/x-matroska'],
  ['<svg', 'a.svg', 'image/svg+xml'],
  ['hello', 'a.txt', 'application/octet-stream'],
  ['', 'a', 'application/octet-stream'],
])('%j in %s is %s', (start, path, mime) => {
  expect(mimeOf(Buffer.from(start, 'latin1'), path)).toBe(mime);
});
