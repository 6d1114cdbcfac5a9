import { StringDecoder } from 'node:string_decoder';

/** Takes a text, or the stretches of it that `bounds` holds (starts and ends). */
export type TakeText = (text: string, bounds: Int32Array | undefined) => void;

/** The text of a stretch that begins a character; undefined where it may end inside of one. */
export function wholeText(bytes: Buffer, start: number, end: number): string | undefined {
  return bytes[end - 1]! >= 0x80 ? undefined : bytes.toString('utf8', start, end);
}

/** UTF-8 of a body that comes in stretches, cut anywhere. */
export class BodyText {
  /** Only a stream that was cut inside a character needs one. */
  #decoder: StringDecoder | undefined;

  /** Whether a character was cut: what comes next goes on with it. */
  get open(): boolean {
    return this.#decoder !== undefined;
  }

  /** The text of the stretches of one read; `take` may be called for each of them. */
  read(bytes: Buffer, bounds: Int32Array, count: number, take: TakeText): void {
    const whole = this.#decoder === undefined && endsOfCharacters(bytes, bounds, count);
    if (whole && this.#asOne(bytes, bounds, count, take)) return;
    for (let n = 0; n < count; n++) {
      const start = bounds[2 * n]!;
      const end = bounds[2 * n + 1]!;
      const text = whole ? bytes.toString('utf8', start, end) : this.#cut(bytes.subarray(start, end));
      if (text !== '') take(text, undefined);
    }
  }

  /** What was left of a cut character, as its replacement. */
  end(): string {
    return this.#decoder?.end() ?? '';
  }

  /** Decoding costs less by the read than by the stretch; ASCII keeps the places. */
  #asOne(bytes: Buffer, bounds: Int32Array, count: number, take: TakeText): boolean {
    const first = bounds[0]!;
    const last = bounds[2 * count - 1]!;
    const text = bytes.toString('utf8', first, last);
    if (text.length !== last - first) return false;
    const own = bounds.slice(0, 2 * count);
    for (let n = 0; n < own.length; n++) own[n] = own[n]! - first;
    take(text, own);
    return true;
  }

  #cut(bytes: Buffer): string {
    this.#decoder ??= new StringDecoder('utf8');
    const text = this.#decoder.write(bytes);
    // A stretch that ends in ASCII leaves nothing open.
    if (bytes.length > 0 && bytes[bytes.length - 1]! < 0x80) this.#decoder = undefined;
    return text;
  }
}

/** Whether every stretch ends in an ASCII byte: then none of them ends inside a character. */
function endsOfCharacters(bytes: Buffer, bounds: Int32Array, count: number): boolean {
  for (let n = 0; n < count; n++) if (bytes[bounds[2 * n + 1]! - 1]! >= 0x80) return false;
  return true;
}
