import { AisBenchError } from './errors.ts';

/** One part of a multimodal message, in the form that OpenAI's chat completions take. */
export interface ContentPart {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** One message of a dialogue. */
export interface Message {
  /** `system`, `user`, `assistant`, `tool`, or a role of the service's own. */
  readonly role: string;
  readonly content: string | readonly ContentPart[];
  readonly [key: string]: unknown;
}

/** A dialogue, oldest message first. AISBench's roles HUMAN, BOT and SYSTEM are already the service's by now. */
export type PromptList = readonly Message[];

/** A prompt: plain text, or a dialogue. */
export type PromptType = string | PromptList;

/** Returns the dialogue as chat services take it: plain text becomes one user message. */
export function toMessages(input: PromptType): PromptList {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input;
}

/** Returns the parts of all messages that are not text (images, video, audio), in order. */
export function listMedia(input: PromptType): readonly ContentPart[] {
  if (typeof input === 'string') return [];
  return input.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.filter((part) => typeof part['text'] !== 'string'),
  );
}

/**
 * Returns the dialogue as one text, messages joined by a newline (AISBench §3.3, LMTemplateParser without a meta template). Throws
 * ICLR-PARAM-003 where it has images, video or audio: without them the question would be another one.
 */
export function toText(input: PromptType): string {
  const [medium] = listMedia(input);
  if (medium !== undefined) {
    throw new AisBenchError(
      'ICLR-PARAM-003',
      `a prompt with a part ${medium.type} cannot be sent as one text`,
      {
        where: 'type',
        cure: 'use a model that takes images, video or audio (docs/multimodal.md)',
      },
    );
  }
  return typeof input === 'string' ? input : input.map(({ content }) => joinContent(content)).join('\n');
}

function joinContent(content: string | readonly ContentPart[]): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join('');
}

/** Largest file that goes into a request, bytes: base64 makes it a third larger, and the body is one string in memory. */
export const LARGEST_INLINE_BYTES = 64 * 2 ** 20;

/** Returns the `file:`, `data:` or `http(s):` URL of a part, with or without an object around it; undefined where it has none. */
export function partUrl(part: ContentPart): string | undefined {
  const media: any = part[part.type];
  const url: unknown = media?.url ?? media;
  return typeof url === 'string' ? url : undefined;
}

/** Returns the part with another URL; its other fields (`detail`) stay. */
export function withUrl(part: ContentPart, url: string): ContentPart {
  const media = part[part.type];
  const rest = typeof media === 'object' && media !== null ? media : {};
  return { ...part, [part.type]: { ...rest, url } };
}

/** Whether a text is the URL of a medium, and not a bare path or base64. */
export function isMediaUrl(text: string): boolean {
  return /^(file:\/\/|data:|https?:\/\/)/i.test(text);
}

/**
 * The files of a `file:` URL: one, or the frames of a video, whose URLs are joined by commas (a comma of a path is written
 * `%2C`). Undefined for any other URL.
 */
export function splitFileUrls(url: string): readonly string[] | undefined {
  return /^file:\/\//i.test(url) ? url.split(/,(?=file:\/\/)/i) : undefined;
}

/** The URL of a video that is given as its frames. */
export function framesUrl(files: readonly string[]): string {
  return files.map((file) => file.replaceAll(',', '%2C')).join(',');
}

/**
 * An image that lies inside of a file: bytes `from` to `to` of a text file, which are its base64; or a cell of a Parquet file, its
 * row counted from 0. No service can open such a URL: the request always carries the data itself.
 */
export type FilePiece = { readonly from: number; readonly to: number } | CellPiece;

/** A cell of a Parquet file. */
export interface CellPiece {
  readonly column: string;
  readonly row: number;
}

/** The URL of a piece of a file; `file` is the file's own URL. */
export function pieceUrl(file: string, piece: FilePiece): string {
  const where =
    'column' in piece
      ? `cell=${piece.row}.${encodeURIComponent(piece.column)}`
      : `base64=${piece.from}-${piece.to}`;
  return `${file}#${where}`;
}

/** The piece that a `file:` URL names; undefined for the URL of a whole file. */
export function parsePiece(url: string): FilePiece | undefined {
  const [, from, to, row, column] = /#(?:base64=(\d+)-(\d+)|cell=(\d+)\.([^#,]+))$/.exec(url) ?? [];
  if (from !== undefined) return { from: Number(from), to: Number(to) };
  return column === undefined ? undefined : { column: decodeURIComponent(column), row: Number(row) };
}
