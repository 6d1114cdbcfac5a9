import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { SampleResult } from '../sending/pull-task.ts';
import type { ResultPiece } from './protocol.ts';

const compress = promisify(gzip);
const uncompress = promisify(gunzip);

/** Results are many and alike: speed before size. */
const LEVEL = 1;

/** A sample that was delivered so often without a result that it is not tried again. */
export interface Refused {
  readonly n: number;
  readonly deliveries: number;
}

/** Returns a result as compressed bytes, cut into pieces that a message can hold. */
export async function piecesOf(result: SampleResult | Refused, mostBytes: number): Promise<Buffer[]> {
  const bytes = await compress(JSON.stringify(result), { level: LEVEL });
  const count = Math.ceil(bytes.length / mostBytes);
  return Array.from({ length: count }, (_, part) => bytes.subarray(part * mostBytes, (part + 1) * mostBytes));
}

/** Joins results from their pieces, in whatever order these arrive. */
export class PieceTable<Message> {
  readonly #open = new Map<
    string,
    { readonly pieces: Map<number, { data: Uint8Array; message: Message }> }
  >();

  /** Adds a piece. Returns the result that it completes, with the messages that carried it; undefined while pieces are missing. */
  async add(
    { id, part, parts }: ResultPiece,
    data: Uint8Array,
    message: Message,
  ): Promise<{ result: SampleResult | Refused; messages: Message[] } | undefined> {
    const entry = this.#open.get(id) ?? { pieces: new Map() };
    this.#open.set(id, entry);
    entry.pieces.set(part, { data, message });
    if (entry.pieces.size < parts) return undefined;
    this.#open.delete(id);
    const inOrder = Array.from({ length: parts }, (_, place) => entry.pieces.get(place)!);
    const text = (await uncompress(Buffer.concat(inOrder.map((piece) => piece.data)))).toString('utf8');
    return { result: JSON.parse(text), messages: inOrder.map((piece) => piece.message) };
  }
}
