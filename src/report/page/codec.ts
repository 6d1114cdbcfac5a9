/**
 * Plain data with long columns of numbers in it, as bytes that deflate well: `[length of the JSON, u32 LE][JSON][columns]`. In the
 * JSON a column is `{"$column":[offset, bytes, count, step, delta]}`; its numbers are whole steps, varints, 0 for NaN.
 *
 * Both sides are here, in plain ECMAScript: the page is read by the code that has been tested against what wrote it.
 */

/** Numbers that are kept to the nearest multiple of `step`; what is not finite comes back as NaN. */
export class Column {
  readonly values: ArrayLike<number>;
  readonly step: number;

  constructor(values: ArrayLike<number>, step = 1) {
    this.values = values;
    this.step = step;
  }

  /** `digits` significant digits at the median of what is finite, and never finer than a microsecond's 0.001. */
  static precise(values: ArrayLike<number>, digits = 4): Column {
    const sizes = Float64Array.from(values, Math.abs).filter(Number.isFinite).sort();
    const median = sizes[sizes.length >> 1] ?? 0;
    const power = median > 0 ? Math.floor(Math.log10(median)) + 1 - digits : 0;
    return new Column(values, power <= -3 ? 0.001 : 10 ** power);
  }
}

/** What a page reads where a `Column` was written. */
export type Unpacked<T> = T extends Column
  ? Float64Array
  : T extends object
    ? { readonly [Key in keyof T]: Unpacked<T[Key]> }
    : T;

type ColumnPlace = readonly [offset: number, bytes: number, count: number, step: number, delta: 0 | 1];

const KEY = '$column';

/** `mask` is applied to every text. */
export function packed(value: unknown, mask: (text: string) => string = (text) => text): Uint8Array {
  const columns: Uint8Array[] = [];
  let size = 0;
  const json = JSON.stringify(value, (_name, inner: unknown) => {
    if (typeof inner === 'string') return mask(inner);
    if (!(inner instanceof Column)) return inner;
    const { bytes, delta } = encoded(inner);
    columns.push(bytes);
    const place: ColumnPlace = [size, bytes.length, inner.values.length, inner.step, delta];
    size += bytes.length;
    return { [KEY]: place };
  });
  const text = new TextEncoder().encode(json);
  const whole = new Uint8Array(4 + text.length + size);
  new DataView(whole.buffer).setUint32(0, text.length, true);
  whole.set(text, 4);
  let at = 4 + text.length;
  for (const bytes of columns) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

/** What `packed` made; columns are `Float64Array`s. */
export function unpacked(bytes: Uint8Array): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const columns = bytes.subarray(4 + length);
  const json = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  return JSON.parse(json, (_name, inner: unknown) => {
    const place = (inner as { [KEY]?: ColumnPlace } | null)?.[KEY];
    return Array.isArray(place) ? decoded(columns, place as ColumnPlace) : inner;
  });
}

/** As differences or as they are, whichever numbers are smaller. */
function encoded({ values, step }: Column): { bytes: Uint8Array; delta: 0 | 1 } {
  const steps = Float64Array.from(values, (value) => Math.round(value / step));
  const delta = sumOfSizes(steps, true) < sumOfSizes(steps, false) ? 1 : 0;
  const bytes = new Uint8Array(9 * steps.length);
  let at = 0;
  let previous = 0;
  for (const whole of steps) {
    let rest = 0;
    if (Number.isFinite(whole)) {
      const number = whole - (delta === 1 ? previous : 0);
      rest = (number < 0 ? -2 * number - 1 : 2 * number) + 1;
      previous = whole;
    }
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) + 128;
    bytes[at++] = rest;
  }
  return { bytes: bytes.slice(0, at), delta };
}

function sumOfSizes(steps: Float64Array, delta: boolean): number {
  let sum = 0;
  let previous = 0;
  for (const whole of steps) {
    if (!Number.isFinite(whole)) continue;
    sum += Math.log2(1 + Math.abs(delta ? whole - previous : whole));
    previous = whole;
  }
  return sum;
}

function decoded(columns: Uint8Array, [offset, , count, step, delta]: ColumnPlace): Float64Array {
  const values = new Float64Array(count);
  // 1/step is a whole number for steps below 1: dividing by it rounds better than multiplying.
  const [times, over] = step < 1 ? [1, Math.round(1 / step)] : [step, 1];
  let at = offset;
  let previous = 0;
  for (let n = 0; n < count; n++) {
    let rest = 0;
    let scale = 1;
    let byte = columns[at++]!;
    for (; byte >= 128; byte = columns[at++]!) {
      rest += (byte - 128) * scale;
      scale *= 128;
    }
    rest += byte * scale;
    if (rest === 0) {
      values[n] = Number.NaN;
      continue;
    }
    const number = rest % 2 === 1 ? (rest - 1) / 2 : -rest / 2;
    previous = delta === 1 ? previous + number : number;
    values[n] = (previous * times) / over;
  }
  return values;
}
