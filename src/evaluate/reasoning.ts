/**
 * Thinking is no answer. Whatever reasoning a model left in its content is taken out here, once, for every scorer; text of
 * the reasoning channel never gets here.
 */

/** Stretches of the original text that are kept, in order: first character, and the one after the last. */
type KeptSpan = readonly [start: number, end: number];

export interface AnswerText {
  readonly text: string;
  /** Where the characters of `text` stand in the original. */
  readonly pieces: readonly KeptSpan[];
}

const TAG = /<\/?think>/g;

/**
 * The text without reasoning: between `<think>` and `</think>`, before a `</think>` that nothing opened (the chat template
 * did), and after a `<think>` that nothing closes. Space around the rest goes too; a text without tags stays as it is.
 */
export function stripReasoning(text: string): AnswerText {
  const pieces = piecesOutsideTags(text);
  if (pieces === undefined) return { text, pieces: [[0, text.length]] };
  const kept = trimPieces(text, pieces);
  return { text: kept.map(([start, end]) => text.slice(start, end)).join(''), pieces: kept };
}

/** A span of the answer as a span of the original text. */
export function originalSpan({ pieces }: AnswerText, [start, end]: KeptSpan): [start: number, end: number] {
  if (start === end) return [originalPosition(pieces, start), originalPosition(pieces, start)];
  return [originalPosition(pieces, start), originalPosition(pieces, end - 1) + 1];
}

function piecesOutsideTags(text: string): KeptSpan[] | undefined {
  const tags = [...text.matchAll(TAG)];
  if (tags.length === 0) return undefined;
  let pieces: KeptSpan[] = [];
  let keepFrom: number | undefined = 0;
  for (const { 0: tag, index } of tags) {
    if (tag === '<think>') {
      if (keepFrom !== undefined) pieces.push([keepFrom, index]);
      keepFrom = undefined;
    } else {
      if (keepFrom !== undefined) pieces = [];
      keepFrom = index + tag.length;
    }
  }
  if (keepFrom !== undefined) pieces.push([keepFrom, text.length]);
  return pieces;
}

function trimPieces(text: string, pieces: readonly KeptSpan[]): KeptSpan[] {
  const isBlank = ([start, end]: KeptSpan) => text.slice(start, end).trim() === '';
  const first = pieces.findIndex((piece) => !isBlank(piece));
  if (first === -1) return [];
  const last = pieces.findLastIndex((piece) => !isBlank(piece));
  return pieces.slice(first, last + 1).map(([start, end], i) => {
    const part = text.slice(start, end);
    const lead = i === 0 ? part.length - part.trimStart().length : 0;
    const tail = i === last - first ? part.length - part.trimEnd().length : 0;
    return [start + lead, end - tail];
  });
}

function originalPosition(pieces: readonly KeptSpan[], position: number): number {
  let before = 0;
  for (const [start, end] of pieces) {
    if (position < before + end - start) return start + position - before;
    before += end - start;
  }
  return pieces.at(-1)?.[1] ?? 0;
}
