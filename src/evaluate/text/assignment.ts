/**
 * The greatest sum of scores when every row gets a column of its own and no column two rows: the Hungarian method, with
 * potentials, in rows² · columns steps. `scores[row][column]` must be finite; rows of one length.
 */
export function bestAssignment(scores: readonly (readonly number[])[]): number {
  const columns = scores[0]?.length ?? 0;
  if (columns === 0) return 0;
  const costs = scores.length <= columns ? scores : transposed(scores);
  return assigned(costs);
}

function transposed(scores: readonly (readonly number[])[]): number[][] {
  return scores[0]!.map((_, column) => scores.map((row) => row[column]!));
}

/** Rows and columns are counted from 1: 0 stands for none. */
function assigned(scores: readonly (readonly number[])[]): number {
  const columns = scores[0]!.length;
  const ofRow = new Float64Array(scores.length + 1);
  const ofColumn = new Float64Array(columns + 1);
  /** Which row a column is given to. */
  const rowOf = new Int32Array(columns + 1);
  const reduced = (row: number, column: number) =>
    -scores[row - 1]![column - 1]! - ofRow[row]! - ofColumn[column]!;
  for (let row = 1; row <= scores.length; row++) {
    rowOf[0] = row;
    place(rowOf, ofRow, ofColumn, reduced);
  }
  let sum = 0;
  for (let column = 1; column <= columns; column++) {
    if (rowOf[column] !== 0) sum += scores[rowOf[column]! - 1]![column - 1]!;
  }
  return sum;
}

/** Finds the cheapest chain of exchanges that ends at a free column, for the row at column 0, and carries it out. */
function place(
  rowOf: Int32Array,
  ofRow: Float64Array,
  ofColumn: Float64Array,
  reduced: (row: number, column: number) => number,
): void {
  const least = new Float64Array(rowOf.length).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(rowOf.length);
  const seen = new Uint8Array(rowOf.length);
  let at = 0;
  do {
    seen[at] = 1;
    const row = rowOf[at]!;
    let next = 0;
    let step = Number.POSITIVE_INFINITY;
    for (let column = 1; column < rowOf.length; column++) {
      if (seen[column] === 1) continue;
      const cost = reduced(row, column);
      if (cost < least[column]!) {
        least[column] = cost;
        before[column] = at;
      }
      if (least[column]! < step) [step, next] = [least[column]!, column];
    }
    for (let column = 0; column < rowOf.length; column++) {
      if (seen[column] === 1) {
        ofRow[rowOf[column]!]! += step;
        ofColumn[column]! -= step;
      } else least[column]! -= step;
    }
    at = next;
  } while (rowOf[at] !== 0);
  while (at !== 0) {
    rowOf[at] = rowOf[before[at]!]!;
    at = before[at]!;
  }
}
