/** Text for a terminal: widths in columns (a Chinese character takes two), wrapping, and cleaning of foreign text. */

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /[\p{M}\p{Cf}]/u;
const ANSI = /\x1b\[[0-9;]*m/g;

/** Terminal columns that a text takes; colour codes take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(ANSI, '')) width += characterWidth(character);
  return width;
}

/** The longest beginning of `text` that fits into `width` columns. */
export function clip(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Foreign text on one line, without control characters: a server's message must not steer our terminal. */
export function oneLine(text: string): string {
  return text
    .replace(ANSI, '')
    .replace(/[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim();
}

/** Lines of at most `width` columns: broken at spaces, else after `-`, `_`, `/`, `.`, `,`, else anywhere. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (displayWidth(rest) > width) {
    const head = clip(rest, Math.max(2, width));
    const cut = breakPoint(head, rest);
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}

function breakPoint(head: string, rest: string): number {
  if (rest[head.length] === ' ') return head.length;
  const space = head.lastIndexOf(' ');
  if (space > 0) return space;
  const mark = Math.max(...['-', '_', '/', '.', ','].map((sign) => head.lastIndexOf(sign)));
  return mark > 0 ? mark + 1 : head.length;
}

function characterWidth(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
