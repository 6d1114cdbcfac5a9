/** The program of an answer to a problem of LiveCodeBench. */
import type { RuleSet } from '../types.ts';
import { fencedBlocks } from './fenced.ts';

/** AISBench's two extractors: what stands between the first two lines with three backticks, or between the last two. */
export type ExtractorVersion = 'v1' | 'v2';

/**
 * The program; undefined where there is none. `compat` takes what stands between two lines with a fence, whatever else they hold.
 * `fixed` takes the last code block, one that is called Python before any other, one that was cut too; and without a block the whole
 * text.
 */
export function lcbProgram(text: string, rules: RuleSet, version: ExtractorVersion): string | undefined {
  const program = rules === 'compat' ? betweenFences(text, version) : lastBlock(text);
  return program === undefined || program.trim() === '' ? undefined : program;
}

function betweenFences(text: string, version: ExtractorVersion): string | undefined {
  const lines = text.split('\n');
  const fences = [...lines.keys()].filter((n) => lines[n]!.includes('```'));
  const [from, to] = version === 'v1' ? fences : fences.slice(-2);
  return to === undefined ? undefined : lines.slice(from! + 1, to).join('\n');
}

function lastBlock(text: string): string {
  const blocks = fencedBlocks(text).filter(({ start, end }) => text.slice(start, end).trim() !== '');
  const isPython = ({ start }: { readonly start: number }) =>
    /[`~][ \t]*(?:python\d?|py)[ \t]*\n$/i.test(text.slice(Math.max(0, start - 40), start));
  const block = blocks.findLast(isPython) ?? blocks.at(-1);
  return block === undefined ? text : text.slice(block.start, block.end);
}
