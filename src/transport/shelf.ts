type Items = Uint8Array | Float64Array;

/**
 * Items that wait in one typed array, first in, first out. Their places are counted on from the first that was ever placed, so they
 * stay the same while the array is moved, grown and filled again; `index` says where in `items` a place is now.
 */
export class Shelf<A extends Items> {
  items: A;
  readonly #make: (length: number) => A;
  readonly #length: number;
  /** Place of the first item of the array. */
  #origin = 0;
  #start = 0;
  #end = 0;

  constructor(make: (length: number) => A, length: number) {
    this.#make = make;
    this.#length = length;
    this.items = make(length);
  }

  /** Place of the oldest item. */
  get start(): number {
    return this.#start;
  }

  /** Place behind the newest item. */
  get end(): number {
    return this.#end;
  }

  index(place: number): number {
    return place - this.#origin;
  }

  /** Makes room for so many items at the end; returns the place where it begins. `items` may be another array now. */
  place(length: number): number {
    const place = this.#end;
    if (place + length - this.#origin > this.items.length) this.#makeRoom(length);
    this.#end = place + length;
    return place;
  }

  /** Forgets so many of the oldest items. */
  drop(length: number): void {
    this.#start += length;
    if (this.#start === this.#end) this.#origin = this.#end;
  }

  /** Gives back what it has grown by, where little of it is used. */
  shrink(): void {
    const used = this.#end - this.#start;
    const room = this.#roomFor(2 * used);
    if (4 * room <= this.items.length) this.#moveTo(this.#make(room));
  }

  /** Moving happens at most once for every half of the array that was dropped, and growing doubles it. */
  #makeRoom(length: number): void {
    const needed = this.#end - this.#start + length;
    const isRoomy = needed <= this.items.length / 2;
    this.#moveTo(isRoomy ? this.items : this.#make(this.#roomFor(Math.max(needed, 2 * this.items.length))));
  }

  /** The first length, doubled until so many items fit. */
  #roomFor(items: number): number {
    let room = this.#length;
    while (room < items) room *= 2;
    return room;
  }

  #moveTo(items: A): void {
    items.set(this.items.subarray(this.#start - this.#origin, this.#end - this.#origin));
    this.items = items;
    this.#origin = this.#start;
  }
}
