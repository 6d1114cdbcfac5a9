import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { CaseAnswer } from '../sending/pull-task.ts';
import type { Piece } from './queue-names.ts';

const compress = promisify(gzip);
const uncompress = promisify(gunzip);

/** Answers are many and alike: speed before size. */
const LEVEL = 1;

/** What was handed out so often, and never answered, that nobody should try again. */
export interface Refused {
  readonly n: number;
  readonly deliveries: number;
}

/** An answer as compressed bytes, cut into pieces that a message can hold. */
export async function piecesOf(answer: CaseAnswer | Refused, mostBytes: number): Promise<Buffer[]> {
  const bytes = await compress(JSON.stringify(answer), { level: LEVEL });
  const count = Math.ceil(bytes.length / mostBytes);
  return Array.from({ length: count }, (_, part) => bytes.subarray(part * mostBytes, (part + 1) * mostBytes));
}

/** Puts answers together from their pieces, whatever order these come in. */
export class PieceTable<Message> {
  readonly #open = new Map<
    string,
    { readonly pieces: Map<number, { data: Uint8Array; message: Message }> }
  >();

  /** The answer that this piece completes, with the messages that brought it; undefined while pieces are missing. */
  async add(
    { id, part, parts }: Piece,
    data: Uint8Array,
    message: Message,
  ): Promise<{ answer: CaseAnswer | Refused; messages: Message[] } | undefined> {
    const entry = this.#open.get(id) ?? { pieces: new Map() };
    this.#open.set(id, entry);
    entry.pieces.set(part, { data, message });
    if (entry.pieces.size < parts) return undefined;
    this.#open.delete(id);
    const inOrder = Array.from({ length: parts }, (_, place) => entry.pieces.get(place)!);
    const text = (await uncompress(Buffer.concat(inOrder.map((piece) => piece.data)))).toString('utf8');
    return { answer: JSON.parse(text), messages: inOrder.map((piece) => piece.message) };
  }
}
