/**
 * Reads the one thing that LiveCodeBench pickles: a text. A pickle is a program, and running one can do anything, so nothing is run
 * here: of the opcodes those are known that write a text down, and whatever else is met is refused.
 */

const PROTO = 0x80;
const FRAME = 0x95;
const STOP = 0x2e;
/** Opcode of a text → bytes of the length before it. */
const TEXTS: ReadonlyMap<number, number> = new Map([
  [0x8c, 1],
  [0x58, 4],
  [0x8d, 8],
]);
/** Opcode that remembers the text, for nobody here → bytes of its argument. */
const MEMOS: ReadonlyMap<number, number> = new Map([
  [0x94, 0],
  [0x71, 1],
  [0x72, 4],
]);
const FRAME_HEAD = 9;
const PROTOCOLS = { first: 2, last: 5 };

/** The bytes of the text, UTF-8, in a pickle of protocol 2 to 5. Throws Error that says what is there instead. */
export function pickledText(pickle: Buffer): Buffer {
  const [proto, version = 0] = pickle;
  if (proto !== PROTO || version < PROTOCOLS.first || version > PROTOCOLS.last)
    throw new Error('it does not begin as a pickle of protocol 2 to 5');
  let at = throughFrames(pickle, 2);
  const width = TEXTS.get(pickle[at] ?? -1);
  if (width === undefined) throw unexpected(pickle, at, 'a text');
  const start = at + 1 + width;
  if (start > pickle.length) throw new Error('it ends within the length of its text');
  const length = lengthAt(pickle, at + 1, width);
  if (length > pickle.length - start) throw new Error('it ends within its text');
  at = throughFrames(pickle, start + length);
  const memo = MEMOS.get(pickle[at] ?? -1);
  if (memo !== undefined) at = throughFrames(pickle, at + 1 + memo);
  if (pickle[at] !== STOP || at !== pickle.length - 1) throw unexpected(pickle, at, 'its end');
  return pickle.subarray(start, start + length);
}

/** Frames only tell how much is read at a time. */
function throughFrames(pickle: Buffer, from: number): number {
  let at = from;
  while (pickle[at] === FRAME) at += FRAME_HEAD;
  return at;
}

function lengthAt(pickle: Buffer, at: number, width: number): number {
  return width === 8 ? Number(pickle.readBigUInt64LE(at)) : pickle.readUIntLE(at, width);
}

function unexpected(pickle: Buffer, at: number, wanted: string): Error {
  const byte = pickle[at];
  const found = byte === undefined ? 'nothing' : `opcode 0x${byte.toString(16).padStart(2, '0')}`;
  return new Error(`at byte ${at} of the pickle is ${found} where ${wanted} should be`);
}
