/**
 * Messages with images, video and audio (AISBench §4.2, App. A.8). A row brings them in one text, its column `content`:
 * segments that are joined by a tag, each with the tag of its kind before it. They become a list of parts, in order.
 */
import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type ContentPart, isMediaUrl, partUrl, withUrl } from '../contract/prompt-list.ts';
import { placesIn } from './template.ts';
import type { MediaKind, MediaTemplate } from './types.ts';

const CONTENT_TAG = '<AIS_CONTENT_TAG>';

const START_TAGS: Readonly<Record<MediaKind, string>> = {
  text: '<AIS_TEXT_START>',
  image: '<AIS_IMAGE_START>',
  video: '<AIS_VIDEO_START>',
  audio: '<AIS_AUDIO_START>',
};

const KINDS = Object.keys(START_TAGS) as readonly MediaKind[];

/** What a part template calls the segment that it is filled with. */
const PLACES: Readonly<Record<MediaKind, string>> = {
  text: 'question',
  image: 'image',
  video: 'video',
  audio: 'audio',
};

export interface Segment {
  readonly kind: MediaKind;
  /** Text, or whatever tells the medium: a URL, a path, base64. */
  readonly value: string;
}

/** Puts the columns of a row into a text. */
export type FillText = (text: string, row: Row) => string;

/** Segments as the one text that a row's `content` holds. */
export function contentOf(segments: readonly Segment[]): string {
  return segments.map(({ kind, value }) => START_TAGS[kind] + value).join(CONTENT_TAG);
}

/** The segments of a row's `content`. Throws DSET-DATA-002 for a piece whose kind is not told. */
export function segmentsOf(content: string): readonly Segment[] {
  const pieces = content.split(CONTENT_TAG).filter((piece) => piece !== '');
  return pieces.map((piece) => {
    const kind = KINDS.find((one) => piece.startsWith(START_TAGS[one]));
    if (kind !== undefined) return { kind, value: piece.slice(START_TAGS[kind].length) };
    throw new AisBenchError('DSET-DATA-002', "a segment of a row's column 'content' has no kind", {
      where: piece.slice(0, 200),
      cure: `begin each segment with one of: ${Object.values(START_TAGS).join(', ')}`,
    });
  });
}

/** Checks a `prompt_mm`; `where` is its key path. Throws ICLR-PARAM-003. */
export function readMedia(value: unknown, where: string): MediaTemplate {
  if (Array.isArray(value)) return value.map((part, index) => readPart(part, `${where}[${index}]`));
  if (typeof value !== 'object' || value === null) throw mediaError('prompt_mm is no object', where);
  const parts = Object.entries(value).map(([kind, part]) => {
    if (!KINDS.includes(kind as MediaKind)) throw mediaError(`prompt_mm has a part '${kind}'`, where);
    return [kind, readPart(part, `${where}.${kind}`)] as const;
  });
  return Object.fromEntries(parts);
}

/** All texts of a template in which columns may be named; the places of segments are none. */
export function mediaTexts(template: MediaTemplate | undefined): string[] {
  if (template === undefined) return [];
  if (isList(template)) return template.flatMap(textsIn);
  return KINDS.flatMap((kind) =>
    textsIn(template[kind]).map((text) => text.replaceAll(`{${PLACES[kind]}}`, '')),
  );
}

/**
 * The parts that a row makes of a template. A value that is a URL already (`file://`, `data:`, `http(s)://`) is taken as it
 * is, whatever the template writes around its place. Throws ICLR-TYPE-001 for a row without `content`, ICLR-PARAM-003 for a
 * segment whose kind has no template.
 */
export function fillMedia(template: MediaTemplate, row: Row, fill: FillText): ContentPart[] {
  if (isList(template)) {
    return template.flatMap((part) => rowsFor(part, row).map((one) => fillPart(part, one, fill)));
  }
  const { content } = row;
  if (typeof content !== 'string') {
    throw new AisBenchError('ICLR-TYPE-001', "the row has no text in its column 'content'", {
      where: `its columns are ${Object.keys(row).join(', ')}`,
      cure: 'join its segments there, or write prompt_mm as a list of parts (docs/multimodal.md)',
    });
  }
  return segmentsOf(content).map(({ kind, value }) => {
    const part = template[kind];
    if (part === undefined)
      throw mediaError(`a row has ${kind}, but prompt_mm has no '${kind}'`, 'prompt_mm');
    return fillPart(part, { ...row, [PLACES[kind]]: value }, fill);
  });
}

export function mediaError(why: string, where: string): AisBenchError {
  return new AisBenchError('ICLR-PARAM-003', `malformed multimodal template: ${why}`, {
    where,
    cure: "write round: [{ role: 'HUMAN', prompt_mm: { text: { type: 'text', text: '{question}' }, image: { type: 'image_url', image_url: { url: '{image}' } } } }]",
  });
}

function isList(template: MediaTemplate): template is readonly ContentPart[] {
  return Array.isArray(template);
}

function readPart(part: unknown, where: string): ContentPart {
  const type: unknown = (part as ContentPart | null)?.type;
  const told = part as ContentPart;
  const isWhole =
    typeof type === 'string' &&
    (type === 'text' ? typeof told['text'] === 'string' : partUrl(told) !== undefined);
  if (isWhole) return told;
  throw mediaError(
    "a part is neither { type: 'text', text } nor { type: 'image_url', image_url: { url } }",
    where,
  );
}

function textsIn(part: ContentPart | undefined): string[] {
  if (part === undefined) return [];
  const { text } = part;
  return [typeof text === 'string' ? text : (partUrl(part) ?? '')];
}

/** A column that holds a list makes a part of each element; an empty one makes none. */
function rowsFor(part: ContentPart, row: Row): readonly Row[] {
  const [place] = part.type === 'text' ? [] : placesIn(textsIn(part));
  if (place === undefined) return [row];
  const value = row[place];
  if (value === null || value === '') return [];
  return Array.isArray(value) ? value.map((one: unknown) => ({ ...row, [place]: one })) : [row];
}

function fillPart(part: ContentPart, row: Row, fill: FillText): ContentPart {
  const { text } = part;
  if (typeof text === 'string') return { ...part, text: fill(text, row) };
  const template = partUrl(part) ?? '';
  const whole = placesIn([template])
    .map((place) => row[place])
    .find((value): value is string => typeof value === 'string' && isMediaUrl(value));
  return withUrl(part, whole ?? fill(template, row));
}
