/** What the classes of questions about images share: options, and the words and images of a question as one text of segments. */

import type { LoadOptions } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { contentOf, type Segment } from '../../prompt/media.ts';
import type { ImageRow } from '../image-tsv.ts';

const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Letter → text. */
export type Choices = Readonly<Record<string, string>>;

/** The options of a row that has a column for each. */
export function choicesIn({ row }: ImageRow): Choices {
  return Object.fromEntries(
    CAPITALS.flatMap((letter) => (row[letter] === undefined ? [] : [[letter, row[letter]]])),
  );
}

/** The options of a list under letters. */
export function lettered(options: readonly string[]): Choices {
  return Object.fromEntries(options.map((option, i) => [CAPITALS[i] ?? String(i - 25), option]));
}

/** A line an option, as `A. text`; `mark` stands behind the letter. */
export function optionLines(choices: Choices, mark = '.'): string {
  return Object.entries(choices)
    .map(([letter, text]) => `${letter}${mark} ${text}`)
    .join('\n');
}

/** The images, then the words. */
export function imagesFirst(images: readonly string[], words: string): string {
  return contentOf([...images.map(image), { kind: 'text', value: words }]);
}

/** Where the words say `<image 2>` (or `<image_2>`). */
const PLACE = /<image[_ ](\d+)>/g;

/**
 * The words with each image in its place, counted from 1; what is only space between two images is left out, a place whose image is not
 * there too. Words without any place stand behind all images.
 */
export function imagesInPlace(images: ReadonlyMap<number, string>, words: string): string {
  const places = [...words.matchAll(PLACE)];
  if (places.length === 0) return imagesFirst([...images.values()], words);
  const segments: Segment[] = [];
  let from = 0;
  const say = (text: string) => {
    if (text.trim() !== '') segments.push({ kind: 'text', value: text });
  };
  for (const { 0: all, 1: number, index } of places) {
    say(words.slice(from, index));
    const url = images.get(Number(number));
    if (url !== undefined) segments.push(image(url));
    from = index + all.length;
  }
  say(words.slice(from));
  return contentOf(segments);
}

function image(value: string): Segment {
  return { kind: 'image', value };
}

/** Images of a list, counted from 1. */
export function numbered(images: readonly string[]): ReadonlyMap<number, string> {
  return new Map(images.map((url, i) => [i + 1, url]));
}

/** The question of a row with its hint, where it has one. */
export function hinted({ row }: ImageRow, question: string): string {
  return row['hint'] === undefined ? question : `Hint: ${row['hint']}\n${question}`;
}

/** A prompt of a config, its places filled as Python's `format` does: a brace is written twice. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (all, name: string | undefined) =>
    name === undefined ? all[0]! : (values[name] ?? all),
  );
}

/** A prompt of the config, with `{question}` in it; `otherwise` where it has none. Throws UTILS-CFG-002. */
export function promptIn({ params }: Pick<LoadOptions, 'params'>, key: string, otherwise: string): string {
  const value = params[key] ?? otherwise;
  if (typeof value === 'string' && value.includes('{question}')) return value;
  throw badValue(key, value, 'a text with {question} in it');
}

/** UTILS-CFG-002 for a key of the dataset config. */
export function badValue(key: string, value: unknown, wanted: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `${key} is ${JSON.stringify(value)}`, {
    where: key,
    cure: `give ${wanted}`,
  });
}
