/** A document of an exact number of tokens, made of other texts, with sentences put into it at given depths. */
import type { Tokenizer } from '../../contract/dataset.ts';

/** Cuts a text into what lengths are counted in. */
export interface Cutter {
  cut(text: string): ArrayLike<Token>;
  join(tokens: readonly Token[]): string;
}
type Token = number | string;

/** Tokens of a model; without one, words, and of Chinese the characters. */
export function cutterOf(tokenizer: Tokenizer | undefined): Cutter {
  if (tokenizer === undefined)
    return {
      cut: (text) => text.match(/\s*(?:\p{Script=Han}|[^\s\p{Script=Han}]+)|\s+/gu) ?? [],
      join: (words) => words.join(''),
    };
  return {
    cut: (text) => Uint32Array.from(tokenizer.encode(text)),
    join: (ids) => tokenizer.decode(ids as number[]),
  };
}

/** Texts in the order they are taken in, cut when they are first needed. */
export class Straw {
  readonly cutter: Cutter;
  readonly #cut = new Map<string, ArrayLike<Token>>();

  constructor(cutter: Cutter) {
    this.cutter = cutter;
  }

  /** The first tokens of these texts, `count` if they have so many. */
  take(texts: readonly string[], count: number): Token[] {
    const taken: Token[] = [];
    for (const text of texts) {
      if (taken.length >= count) break;
      const tokens = this.#cut.get(text) ?? this.cutter.cut(text);
      this.#cut.set(text, tokens);
      for (let i = 0; i < tokens.length && taken.length < count; i++) taken.push(tokens[i]!);
    }
    return taken;
  }
}

/** Each needle stands alone in its lines. */
function needlesOf(cutter: Cutter, needles: readonly string[]): Token[][] {
  return needles.map((needle) => Array.from(cutter.cut(`\n${needle}\n`)));
}

export interface Stack {
  readonly texts: readonly string[];
  readonly needles: readonly string[];
  /** Tokens of the whole document. */
  readonly length: number;
}

/** Puts the needles where `places` says, tokens of the straw before each. */
function stacked(
  straw: Straw,
  { texts, needles, length }: Stack,
  places: (straws: number, needles: readonly (readonly Token[])[]) => readonly number[],
): string {
  const { cutter } = straw;
  const cut = needlesOf(cutter, needles);
  const room = length - cut.reduce((sum, tokens) => sum + tokens.length, 0);
  let document: Token[] = straw.take(texts, Math.max(room, 0));
  for (const [i, at] of places(document.length, cut).entries())
    document = [...document.slice(0, at), ...cut[i]!, ...document.slice(at)];
  return cutter.join(document);
}

/** Each needle at its own depth, 0 to 100, in order. */
export function stackedAt(straw: Straw, stack: Stack, depths: readonly number[]): string {
  return stacked(straw, stack, (straws, needles) => {
    let before = 0;
    return needles.map((needle, i) => {
      const at = Math.min(Math.trunc(straws * (depths[i]! / 100)) + before, straws + before);
      before += needle.length;
      return at;
    });
  });
}

/**
 * The first needle at a depth, each further one `step` percent of the straw behind the one before; those for which there is no room stand
 * at the end. AISBench counts the needles before one twice, and so do we.
 */
export function stackedFrom(straw: Straw, stack: Stack, depth: number, step: number): string {
  return stacked(straw, stack, (straws, needles) => {
    const points: number[] = [];
    let before = 0;
    for (const [i, needle] of needles.entries()) {
      const point =
        i === 0
          ? Math.trunc(straws * (depth / 100))
          : Math.trunc(points[i - 1]! + needles[i - 1]!.length + straws * (step / 100));
      points.push(Math.min(point, straws + before));
      before += needle.length;
    }
    let shift = 0;
    return points.map((point, i) => {
      const at = point + shift;
      shift += needles[i]!.length;
      return at;
    });
  });
}
