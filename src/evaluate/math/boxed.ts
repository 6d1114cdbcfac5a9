/** A stretch of a text: what stands in a box, or in dollar signs. */
export interface Stretch {
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The last `\boxed`, else the last `\fbox`, as OpenCompass finds it: up to the brace that closes the first, escapes not minded;
 * nothing where anything stands between the word and its brace, or in an `\fbox`, or where no brace closes it.
 */
export function lastBoxCompat(text: string): Stretch | undefined {
  const boxed = text.lastIndexOf('\\boxed');
  const start = boxed === -1 ? text.lastIndexOf('\\fbox') : boxed;
  if (start === -1) return undefined;
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] !== '}' || --depth !== 0) continue;
    const inside = start + '\\boxed{'.length;
    if (!text.startsWith('\\boxed{', start)) return undefined;
    return { content: text.slice(inside, i), start: inside, end: i };
  }
  return undefined;
}

const BOX = /\\(?:boxed|fbox|framebox)\s*\{/y;

/** Every closed box of a text that is in no other, in order. */
export function boxesOf(text: string): Stretch[] {
  const open: { start: number; isBox: boolean }[] = [];
  const boxes: Stretch[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') {
      BOX.lastIndex = i;
      const box = BOX.exec(text);
      i += box === null ? 1 : box[0].length - 1;
      if (box !== null) open.push({ start: i + 1, isBox: true });
    } else if (text[i] === '{') open.push({ start: i + 1, isBox: false });
    else if (text[i] === '}') {
      const last = open.pop();
      if (last?.isBox !== true) continue;
      while ((boxes.at(-1)?.start ?? 0) > last.start) boxes.pop();
      boxes.push({ content: text.slice(last.start, i), start: last.start, end: i });
    }
  }
  return boxes;
}

const MATH =
  /\$\$([^$]{1,1000})\$\$|(?<![\\$])\$(?![\s$])([^$\n]{1,600})(?<![\s\\])\$(?!\d)|\\\(([\s\S]{1,600}?)\\\)|\\\[([\s\S]{1,1000}?)\\\]/g;

/** Every formula between dollar signs or `\(…\)`, `\[…\]`, in order; `$5 and $6` is money. */
export function formulasOf(text: string): Stretch[] {
  return [...text.matchAll(MATH)].map(({ 0: all, 1: display, 2: inline, 3: round, 4: square, index }) => {
    const content = display ?? inline ?? round ?? square ?? '';
    const start = index + (all.length - content.length) / 2;
    return { content, start, end: start + content.length };
  });
}
