/** UTF-16 units that the first piece makes room for; the room doubles whenever it is full. */
const FIRST_ROOM = 128;

/**
 * Texts that were set so often are made one piece: V8 would keep every `+=` as an object of its own, which the collector has to move
 * about. A long text is joined less often, so that joining writes no more than 64 characters a change.
 */
const JOIN_EVERY = 32;
const JOIN_SHARE = 1 / 64;

/**
 * A text that comes piece by piece. Pieces are kept as numbers outside of the garbage collector's reach until somebody asks for
 * the text: with hundreds of streams the pieces of all replies are most of what it would move about, and while it does, stamps
 * are late (`bench/load stamps`).
 */
export class GrowingText {
  #text = '';
  /** UTF-16 units of the pieces that follow `#text`. */
  #units: Uint16Array | undefined;
  #used = 0;
  /** All these units or-ed together: whether they are Latin-1. */
  #bits = 0;
  #sets = 0;
  #joinAt = JOIN_EVERY;
  #changes = 0;

  /** How often it became another text that is not empty. */
  get changes(): number {
    return this.#changes;
  }

  add(piece: string): void {
    const { length } = piece;
    if (length === 0) return;
    const used = this.#used;
    const units = this.#roomFor(used + length);
    let bits = this.#bits;
    for (let n = 0; n < length; n++) {
      const unit = piece.charCodeAt(n);
      bits |= unit;
      units[used + n] = unit;
    }
    this.#bits = bits;
    this.#used = used + length;
    this.#changes += 1;
  }

  get(): string {
    if (this.#used > 0) this.#fold();
    return this.#text;
  }

  set(text: string): void {
    if (this.get() !== text && text !== '') this.#changes += 1;
    this.#text = text;
    if (++this.#sets === this.#joinAt) this.#join();
  }

  #roomFor(length: number): Uint16Array {
    const units = this.#units;
    if (units !== undefined && length <= units.length) return units;
    const larger = new Uint16Array(Math.max(length, 2 * (units?.length ?? FIRST_ROOM / 2)));
    if (units !== undefined) larger.set(units);
    this.#units = larger;
    return larger;
  }

  #fold(): void {
    const units = this.#units!.subarray(0, this.#used);
    const added =
      this.#bits < 0x100
        ? Buffer.from(units).toString('latin1')
        : Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le');
    this.#text = this.#text === '' ? added : this.#text + added;
    this.#used = 0;
    this.#bits = 0;
  }

  /** Looking at a character makes V8 write a text that was put together out of pieces into one. */
  #join(): void {
    this.#text.charCodeAt(0);
    this.#joinAt += Math.max(JOIN_EVERY, Math.floor(this.#text.length * JOIN_SHARE));
  }
}
