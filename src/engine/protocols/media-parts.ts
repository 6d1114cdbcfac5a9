/** Images, video and audio of a message. A simulated model has no eyes: of a medium it takes the number of its tokens, no more. */
import type { Body } from '../fields.ts';
import type { Engine } from '../types.ts';
import { badRequest, OPENAI_WORDS } from './openai-errors.ts';

/** A token of Qwen2-VL covers this many pixels in each direction. */
const PATCH = 28;

/** What is counted where the size is not looked at: a JPEG, a URL of elsewhere, a frame, a video or sound as a whole. */
const TOKENS_OF_ANYTHING = 256;

/** A piece of its own for the counter, and nothing that a question is known by. */
const TOKEN = '□';

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const IMAGES = [/^\x89PNG\r\n/, /^\xff\xd8\xff/, /^GIF8/, /^RIFF....WEBP/s, /^BM/];

/**
 * A line of the prompt that counts as many tokens as the part; undefined for a part that is no image, video or sound.
 * Throws HttpError in vLLM's words for a file, which a service does not open, and for what is no image.
 */
export function mediaLine(part: Body, { contextLength }: Engine): string | undefined {
  const url = urlOf(part);
  if (url === undefined) return undefined;
  if (/^file:/i.test(url)) {
    throw OPENAI_WORDS.broken('Cannot load local files without `--allowed-local-media-path`.');
  }
  return TOKEN.repeat(Math.min(tokensOf(url), contextLength + 1));
}

/** In OpenAI's forms, `image_url`, `video_url`, `audio_url` and `input_image`, or Anthropic's `image` with its `source`. */
function urlOf(part: Body): string | undefined {
  const { type, source }: any = part;
  if (type === 'image' && typeof source?.data === 'string') {
    return `data:${source.media_type};base64,${source.data}`;
  }
  if (type === 'image') return typeof source?.url === 'string' ? source.url : undefined;
  const medium: any = type === 'input_image' ? part['image_url'] : part[type];
  const url: unknown = medium?.url ?? medium;
  return /^(image|video|audio)_url$|^input_image$/.test(type) && typeof url === 'string' ? url : undefined;
}

/** One for each patch of 28 × 28 pixels of a PNG, begun ones too; 256 for anything else, and for each frame of a video. */
function tokensOf(url: string): number {
  const [, mime, data] = /^data:([^;,]*);base64,(.*)$/s.exec(url) ?? [];
  if (mime === undefined || data === undefined) return TOKENS_OF_ANYTHING;
  if (!mime.startsWith('image/')) return data.split(',').length * TOKENS_OF_ANYTHING;
  const start = Buffer.from(data.slice(0, 44), 'base64');
  if (!IMAGES.some((form) => form.test(start.toString('latin1')))) {
    throw badRequest('Failed to load image: cannot identify image file');
  }
  if (!start.subarray(0, PNG.length).equals(PNG) || start.length < 24) return TOKENS_OF_ANYTHING;
  return Math.ceil(start.readUInt32BE(16) / PATCH) * Math.ceil(start.readUInt32BE(20) / PATCH);
}
