import type { Extraction, Extractor, PredPostprocessor } from '../types.ts';

/** A part of a text, by its place. */
export interface TextPiece {
  readonly start: number;
  readonly end: number;
}

/** A line that opens or closes a block: at least three backticks or tildes, then at most a language and its attributes. */
const FENCE = /^[ \t]*(`{3,}|~{3,})[^`\n]*$/gm;

/**
 * Contents of the fenced code blocks of a Markdown text, in order. A block that is never closed goes on to the end, as in an
 * answer that was cut; a fence on the line of other words counts for nothing.
 */
export function fencedBlocks(text: string): readonly TextPiece[] {
  const blocks: TextPiece[] = [];
  let open: { readonly mark: string; readonly start: number } | undefined;
  for (const { 0: line, 1: mark = '', index } of text.matchAll(FENCE)) {
    if (open === undefined) {
      open = { mark, start: Math.min(text.length, index + line.length + 1) };
    } else if (mark.startsWith(open.mark) && line.trim() === mark) {
      blocks.push({ start: open.start, end: Math.max(open.start, index) });
      open = undefined;
    }
  }
  return open === undefined ? blocks : [...blocks, { start: open.start, end: text.length }];
}

/** The block to run: the first that defines something, else the first that is not empty. */
export function codeBlock(text: string): TextPiece | undefined {
  const blocks = fencedBlocks(text).filter(({ start, end }) => text.slice(start, end).trim() !== '');
  return blocks.find((block) => isDefinition(text, block)) ?? blocks[0];
}

function isDefinition(text: string, { start, end }: TextPiece): boolean {
  return /^[ \t]*(?:async[ \t]+)?(?:def|class)\s/m.test(text.slice(start, end));
}

/** An extraction of this part of a text. */
export function pieceOf(text: string, { start, end }: TextPiece, rule: string): Extraction {
  return { answer: text.slice(start, end), rule, span: [start, end] };
}

const wholeText = (text: string): Extraction | undefined =>
  text.trim() === '' ? undefined : pieceOf(text, { start: 0, end: text.length }, 'whole-text');

/** A fence on a line of its own with at most a word behind it; Python's `\w` knows the letters of all scripts. */
const COMPAT_BLOCK = /```[\p{L}\p{N}\p{M}_]*\n(.*?)```/su;

const extractCompat: Extractor = (text) => {
  const found = COMPAT_BLOCK.exec(text);
  if (found === null) return wholeText(text);
  const content = found[1] ?? '';
  const end = found.index + found[0].length - 3;
  return pieceOf(text, { start: end - content.length, end }, 'code-block');
};

const extractFixed: Extractor = (text) => {
  const block = codeBlock(text);
  if (block === undefined) return wholeText(text);
  const body = bodyBefore(text);
  return body === undefined || isDefinition(text, block)
    ? pieceOf(text, block, 'code-block')
    : pieceOf(text, body, 'before-fence');
};

/**
 * The rest of a function that a text begins with, up to the first fence, which closes what the prompt opened: what comes behind
 * it is no code of the answer.
 */
function bodyBefore(text: string): TextPiece | undefined {
  if (!/^(?:[ \t]*\n)*(?:\t| {2,})(?![-*+>#]|\d+[.)])\S/.test(text)) return undefined;
  return { start: 0, end: text.search(FENCE) };
}

/**
 * The code of an answer (`humaneval_postprocess`). `compat` is AISBench's: the first block, whatever is in it, that is
 * closed. `fixed` prefers the block with a definition, takes one that was cut, and of a text that begins with the rest of a
 * function what comes before its first fence. Without a block both take the whole text, indentation included.
 */
export const humanevalPostprocess: PredPostprocessor = {
  name: 'humaneval_postprocess',
  compat: extractCompat,
  fixed: extractFixed,
  none: '',
};
