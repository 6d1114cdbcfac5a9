/** Loads of a sweep as a person writes them. */

export type LoadKind = 'concurrency' | 'rate';

/** Points of a range without a count: each twice the one before. */
const DOUBLING = 2;
const MOST_POINTS = 100;

/**
 * Reads `1,2,4,8`, `1..64` (doubling, the end included) or `1..64:10` (that many points, each the same factor above the one before).
 * Ascending, each once. Throws an Error that says what is wrong.
 */
export function parseLoads(text: string, kind: LoadKind): number[] {
  const range = /^([\d.]+)\.\.([\d.]+?)(?::(\d+))?$/.exec(text.trim());
  const loads = range === null ? text.split(',').map(numberOf) : rangeOf(range);
  const rounded = loads.map((load) => (kind === 'concurrency' && range !== null ? Math.round(load) : load));
  const distinct = [...new Set(rounded)].sort((a, b) => a - b);
  if (kind === 'concurrency' && !distinct.every((load) => Number.isInteger(load)))
    throw new Error('requests in flight are whole numbers, e.g. 1,2,4,8');
  if (distinct.length > MOST_POINTS)
    throw new Error(`it has ${distinct.length} points, at most ${MOST_POINTS}`);
  return distinct;
}

function rangeOf([, from, to, count]: RegExpExecArray): number[] {
  const [low, high] = [numberOf(from!), numberOf(to!)];
  if (low >= high) throw new Error(`a range rises: ${high}..${low}`);
  if (count === undefined) {
    const loads: number[] = [];
    for (let load = low; load < high; load *= DOUBLING) loads.push(load);
    return [...loads, high];
  }
  const points = Number(count);
  if (points < 2 || points > MOST_POINTS) throw new Error(`a range has 2 to ${MOST_POINTS} points`);
  // Four digits are as exact as a load needs to be, and can be typed again.
  return Array.from({ length: points }, (_, i) =>
    i === 0
      ? low
      : i === points - 1
        ? high
        : Number((low * (high / low) ** (i / (points - 1))).toPrecision(4)),
  );
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new Error(`${JSON.stringify(text)} is not a number above 0; write 1,2,4,8 or 1..64 or 1..64:10`);
}
