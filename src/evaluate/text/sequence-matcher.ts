/** How alike two texts are, as Python's `difflib.SequenceMatcher` tells it, and `fuzzywuzzy` after it. */

/** Where two texts agree: from `a`, from `b`, how long. */
interface Block {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

/** From how many characters of the second text on its frequent ones are passed over (`autojunk`). */
const LONG = 200;

/** `SequenceMatcher(None, a, b).ratio()`: twice what agrees over what there is, 0 to 1. The order of the two can matter. */
export function similarity(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const total = left.length + right.length;
  return total === 0 ? 1 : (2 * matching(left, right)) / total;
}

/**
 * `fuzz.ratio(a, b)` of fuzzywuzzy without python-Levenshtein, 0 to 100: the same in whole percent, halves to the even
 * neighbour; 0 where a text is empty and the other is not.
 */
export function fuzzRatio(a: string, b: string): number {
  if (a === b) return 100;
  if (a === '' || b === '') return 0;
  const percent = 100 * similarity(a, b);
  const below = Math.floor(percent);
  const isUp = percent - below > 0.5 || (percent - below === 0.5 && below % 2 === 1);
  return isUp ? below + 1 : below;
}

/** How many characters agree: the longest block, then what is left and right of it, and so on. */
function matching(a: readonly string[], b: readonly string[]): number {
  const places = placesIn(b);
  const rest: (readonly [aFrom: number, aTo: number, bFrom: number, bTo: number])[] = [
    [0, a.length, 0, b.length],
  ];
  let sum = 0;
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    const [aFrom, aTo, bFrom, bTo] = part;
    const found = longest(a, b, places, part);
    if (found.size === 0) continue;
    sum += found.size;
    if (aFrom < found.a && bFrom < found.b) rest.push([aFrom, found.a, bFrom, found.b]);
    const [aNext, bNext] = [found.a + found.size, found.b + found.size];
    if (aNext < aTo && bNext < bTo) rest.push([aNext, aTo, bNext, bTo]);
  }
  return sum;
}

/** Where each character stands in the second text, those left out that are more than one in a hundred of a long one. */
function placesIn(b: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, char] of b.entries()) {
    const known = places.get(char);
    if (known === undefined) places.set(char, [index]);
    else known.push(index);
  }
  const most = Math.floor(b.length / 100) + 1;
  if (b.length >= LONG) for (const [char, where] of places) if (where.length > most) places.delete(char);
  return places;
}

/** The first of the longest blocks within a part; characters that were left out can only make it longer. */
function longest(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  [aFrom, aTo, bFrom, bTo]: readonly [number, number, number, number],
): Block {
  let best: Block = { a: aFrom, b: bFrom, size: 0 };
  let ending = new Map<number, number>();
  for (let i = aFrom; i < aTo; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i]!) ?? []) {
      if (j < bFrom) continue;
      if (j >= bTo) break;
      const size = (ending.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    ending = next;
  }
  return widened(a, b, best, [aFrom, aTo, bFrom, bTo]);
}

function widened(
  a: readonly string[],
  b: readonly string[],
  block: Block,
  [aFrom, aTo, bFrom, bTo]: readonly [number, number, number, number],
): Block {
  let before = 0;
  while (
    block.a - before > aFrom &&
    block.b - before > bFrom &&
    a[block.a - before - 1] === b[block.b - before - 1]
  )
    before++;
  let after = block.size;
  while (block.a + after < aTo && block.b + after < bTo && a[block.a + after] === b[block.b + after]) after++;
  return { a: block.a - before, b: block.b - before, size: before + after };
}
