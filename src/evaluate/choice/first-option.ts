/**
 * The option that AISBench's `first_option_postprocess` finds: the first of some fifty Chinese and English turns of phrase
 * that stands anywhere in the text decides, in this order, whatever comes later in the text.
 */
import { pythonRegex } from '../python-regex.ts';
import { PYTHON_SPACE, strippedSpan } from '../python-text.ts';
import type { Extraction, Extractor } from '../types.ts';

/**
 * One a line, in Python's syntax with `.` for any character: `@` is one of the options, captured; `#` the same, not captured;
 * `…` anything up to the next place where the rest fits; `~` a word, up to its last 。 or the end of the text.
 *
 * `故选` and `只有` are one line because a comma is missing where they should be two, in AISBench and in OpenCompass.
 */
const TURNS: readonly string[] = String.raw`
答案是?\s*@
答案是?\s*：\s*@
答案是?\s*:\s*@
答案选项应?该?是\s*@
答案选项应?该?为\s*@
答案应该?是\s*@
答案应该?选\s*@
答案选项为?\s*：\s*@
答案选项为?\s+\(?\*?\*?@\*?\*?\)?
答案选项是?\s*:\s*@
答案为\s*@
答案选\s*@
选择?\s*@
故选?\s*@只有选?项?\s?@\s?是?对
只有选?项?\s?@\s?是?错
只有选?项?\s?@\s?不?正确
只有选?项?\s?@\s?错误
说法不?对选?项?的?是\s?@
说法不?正确选?项?的?是\s?@
说法错误选?项?的?是\s?@
@\s?是正确的
@\s?是正确答案
选项\s?@\s?正确
所以答\s?@
所以\s?(#[.。$]?$)
所有\s?(#[.。$]?$)
[\s，：:,]@[。，,\.]?$
[\s，,：:][故即]@[。\.]?$
[\s，,：:]因此@[。\.]?$
[是为。]\s?@[。\.]?$
因此\s?@[。\.]?$
显然\s?@[。\.]?$
答案是~
答案应该是~
答案为~
(?i)ANSWER\s*:\s*@
[Tt]he answer is:?\s+\(?@\)?
[Tt]he answer is:?\s+\(?\*?\*?@\*?\*?\)?
[Tt]he answer is option:?\s+\(?@\)?
[Tt]he correct answer is:?\s+\(?@\)?
[Tt]he correct answer is option:?\s+\(?@\)?
[Tt]he correct answer is:?…boxed{@}
[Tt]he correct option is:?…boxed{@}
[Tt]he correct answer option is:?…boxed{@}
[Tt]he answer to the question is:?\s+\(?@\)?
^选项\s?@
^@\s?选?项
(\s|^)#[\s。，,：:\.$]
1.\s?(.*?)$
1.\s?@[.。$]?$
`
  .trim()
  .split('\n');

/** Tried after the others, unless told not to: any option with a colon, any option. */
const CUSHION: readonly string[] = ['@:', '@'];

type Span = readonly [start: number, end: number];
/** What a turn captures, or the whole of it where that is empty. */
type Find = (text: string) => Span | undefined;

/** The patterns as Python writes them, for a check against Python itself. */
export function firstOptionPatterns(letters: string, cushion: boolean): string[] {
  return turns(cushion).map((turn) =>
    filled(turn.replace('…', '.*?').replace('~', String.raw`\s?(\S+)(?:。|$)`), letters),
  );
}

/**
 * The first letter, in the order of `letters`, that stands in what the first matching turn captured; where none does, the
 * next turn is tried. `cushion: false` leaves out the last two turns.
 */
export function firstOption(
  letters: string,
  { cushion = true }: { readonly cushion?: boolean } = {},
): Extractor {
  const rules = turns(cushion).map((turn) => ({
    rule: `first-option ${turn}`,
    find: finderOf(turn, letters),
  }));
  return (original) => {
    const [lead, end] = strippedSpan(original);
    const text = original.slice(lead, end);
    for (const { rule, find } of rules) {
      const found = find(text);
      const letter = found && letterIn(text.slice(...found), letters);
      if (letter !== undefined) return extraction(letter, rule, lead + found![0] + letter.at);
    }
    return undefined;
  };
}

function turns(cushion: boolean): readonly string[] {
  return cushion ? [...TURNS, ...CUSHION] : TURNS;
}

function filled(turn: string, letters: string): string {
  return turn.replaceAll('@', `([${letters}])`).replaceAll('#', `[${letters}]`);
}

function letterIn(
  part: string,
  letters: string,
): { readonly letter: string; readonly at: number } | undefined {
  const letter = [...letters].find((one) => part.includes(one));
  return letter === undefined ? undefined : { letter, at: part.indexOf(letter) };
}

function extraction({ letter }: { readonly letter: string }, rule: string, start: number): Extraction {
  return { answer: letter, rule, span: [start, start + 1] };
}

function finderOf(turn: string, letters: string): Find {
  const [before = '', after] = turn.split('…');
  if (after !== undefined) return laterBox(before, filled(after, letters));
  if (turn.endsWith('~')) return wordAfter(turn.slice(0, -1));
  const pattern = pythonRegex(filled(turn, letters), { dotAll: true });
  return (text) => capturedBy(pattern, text);
}

function capturedBy(pattern: RegExp, text: string): Span | undefined {
  const [whole, captured] = pattern.exec(text)?.indices ?? [];
  return captured !== undefined && captured[1] > captured[0] ? captured : whole;
}

/**
 * `before.*?after`: the first place of `after` behind the first of `before`. As one expression it would look through the
 * rest of the text again from each `before`.
 */
function laterBox(before: string, after: string): Find {
  const first = pythonRegex(before);
  const next = pythonRegex(after, { flags: 'g' });
  return (text) => {
    const start = first.exec(text)?.indices?.[0]?.[1];
    if (start === undefined) return undefined;
    next.lastIndex = start;
    return capturedBy(next, text);
  };
}

const SPACE_OR_END = new RegExp(`[${PYTHON_SPACE}]|$`, 'g');

/** `prefix\s?(\S+)(?:。|$)` in one pass: a run of characters without space is looked at once, however often it has the prefix. */
function wordAfter(prefix: string): Find {
  return (text) => {
    for (let at = text.indexOf(prefix); at !== -1; ) {
      const behind = at + prefix.length;
      const start = runEnd(text, behind) === behind ? behind + 1 : behind;
      const end = runEnd(text, start);
      if (end === text.length && end > start) return [start, end];
      const stop = text.slice(start, end).lastIndexOf('。');
      if (stop > 0) return [start, start + stop];
      at = text.indexOf(prefix, Math.max(behind, end - prefix.length));
    }
    return undefined;
  };
}

/** Where the characters without space that begin at a position end. */
function runEnd(text: string, start: number): number {
  if (start >= text.length) return text.length;
  SPACE_OR_END.lastIndex = start;
  return SPACE_OR_END.exec(text)?.index ?? text.length;
}
