/** Longest common subsequences of words. */

/** Lengths for each beginning of `a` (rows) and of `b` (columns). */
export interface LcsTable {
  readonly width: number;
  readonly lengths: Uint32Array;
}

export function lcsTable(a: readonly string[], b: readonly string[]): LcsTable {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const here = i * width + j;
      lengths[here] =
        a[i - 1] === b[j - 1]
          ? lengths[here - width - 1]! + 1
          : Math.max(lengths[here - width]!, lengths[here - 1]!);
    }
  }
  return { width, lengths };
}

/** The length for the first `i` of the one and the first `j` of the other. */
export function lengthAt({ width, lengths }: LcsTable, i: number, j: number): number {
  return lengths[i * width + j]!;
}

interface Walk {
  /** Places in `a` of one longest common subsequence, in order. */
  readonly places: readonly number[];
  /** How many steps the way back through the table took. */
  readonly steps: number;
}

/** One of the longest; where two ways are as long, a word of `a` (true) or of `b` is passed over first. */
export function walkBack(a: readonly string[], b: readonly string[], passesAFirst: boolean): Walk {
  const table = lcsTable(a, b);
  const places: number[] = [];
  let [i, j, steps] = [a.length, b.length, 0];
  for (; i > 0 && j > 0; steps++) {
    const [withoutA, withoutB] = [lengthAt(table, i - 1, j), lengthAt(table, i, j - 1)];
    if (a[i - 1] === b[j - 1]) {
      places.push(i - 1);
      i--;
      j--;
    } else if (passesAFirst ? withoutA >= withoutB : withoutA > withoutB) i--;
    else j--;
  }
  return { places: places.reverse(), steps };
}
