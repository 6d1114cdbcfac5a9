/**
 * NumPy's file format (.npy, versions 1 to 3): magic, version, length of the header, a header that is a Python literal, then
 * the values. AISBench keeps a request's time points so: one dimension of float64, seconds.
 */

const MAGIC = '\x93NUMPY';

/** The values of a one-dimensional array of float64. Throws an Error that says what the bytes are instead. */
export function readNpy(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || textOf(bytes.subarray(0, MAGIC.length)) !== MAGIC)
    throw new Error('it is no .npy array');
  const start = endOfHeader(view);
  const header = textOf(bytes.subarray(view.getUint8(6) === 1 ? 10 : 12, start));
  const { littleEndian, length } = layoutOf(header);
  if (bytes.length - start !== 8 * length) {
    throw new Error(`it has ${bytes.length - start} bytes of values, its header says ${8 * length}`);
  }
  return Float64Array.from({ length }, (_, n) => view.getFloat64(start + 8 * n, littleEndian));
}

function endOfHeader(view: DataView): number {
  const version = view.getUint8(6);
  if (version < 1 || version > 3) throw new Error(`it is a .npy array of version ${version}`);
  if (version > 1 && view.byteLength < 12) throw new Error('it ends within its header');
  const end = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (end > view.byteLength) throw new Error('it ends within its header');
  return end;
}

function layoutOf(header: string): { littleEndian: boolean; length: number } {
  const [, order, kind] = /'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d+)'/.exec(header) ?? [];
  if (kind !== 'f8' || order === '|') {
    throw new Error(`its values are ${kind === undefined ? 'of an unknown type' : kind}, not float64 (f8)`);
  }
  const length = /'shape'\s*:\s*\(\s*(\d+)\s*,\s*\)/.exec(header)?.[1];
  if (length === undefined) throw new Error('it has not exactly one dimension');
  return { littleEndian: order !== '>', length: Number(length) };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
