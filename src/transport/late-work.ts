/**
 * Keeps what all streams of the process have read until it is parsed: late, a little at a time, and the reads of one stream one after
 * the other. Late, so that neither a slow parser nor a burst delays a stamp. One stream after the other, because what belongs to a
 * stream has left the processor's caches when its next event comes, and fetching it costs more than parsing. All of it lies in two
 * arrays that the garbage collector does not move: an object for each read would let a burst stop the process the longer, and
 * the burst grow.
 */
import { MOST_STRETCHES } from './failure.ts';

/** Receives its reads when their turn comes. */
export interface LateReader {
  /** Number under which its reads wait; the queue sets it, and it begins as `NOTHING_WAITS`. */
  waitsAs: number;
  /** One read: `count` stretches of `bytes`, starts and ends in `bounds`, valid only during the call. */
  takeRead(bytes: Buffer, bounds: Int32Array, count: number, at: number, sharedRead: boolean): void;
}

/** Number of a stream of which no read waits. */
export const NOTHING_WAITS = -1;

/** A read waits between one and two ticks, ms; less once `ENOUGH_BYTES` wait. */
const TICK_MS = 40;
const ENOUGH_BYTES = 1024 * 1024;
/** Longest parsing before the sockets are polled again, ms; bytes parsed between two looks at the clock. */
const READS_SLICE_MS = 0.2;
const CLOCK_EVERY = 1024;
/** Bytes that may wait, counting what is noted beside a read; of more, half is parsed on the spot. */
const MOST_BYTES = 4 * 1024 * 1024;

/** What is noted of a read, as numbers: where its bytes are, … */
const AT = 0;
const SHARED_READ = 1;
const BYTES = 2;
const COUNT = 3;
/** … whose it is, or `TAKEN`; the place of the next read of the same stream, or `LAST`; … */
const READER = 4;
const NEXT = 5;
/** … and then the start and end of each stretch, counted from the start of the first. */
const BOUNDS = 6;
const TAKEN = -1;
const LAST = -1;

/** Of one read. One for all: it is filled and read within one call. */
const bounds = new Int32Array(2 * MOST_STRETCHES);

class LateReads {
  readonly #bytes = new Shelf((length) => Buffer.allocUnsafeSlow(length), 64 * 1024);
  readonly #notes = new Shelf((length) => new Float64Array(length), 4096);
  /** By number: a stream of which something waits, and the places of its first and last read. */
  readonly #readers: (LateReader | undefined)[] = [];
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  readonly #freeNumbers: number[] = [];
  /** Reads that were noted before this place are to be parsed; those before the other one will be at the next tick. */
  #due = 0;
  #nextDue = 0;
  #ticks = false;
  #timer: NodeJS.Timeout | undefined;
  #sliceIsComing = false;

  /** Keeps a copy of a read until it is its reader's turn. */
  add(
    reader: LateReader,
    bytes: Buffer,
    stretches: Int32Array,
    count: number,
    at: number,
    sharedRead: boolean,
  ): void {
    const from = count === 0 ? 0 : stretches[0]!;
    const length = count === 0 ? 0 : stretches[2 * count - 1]! - from;
    const place = this.#bytes.place(length);
    if (length > 0) this.#bytes.items.set(bytes.subarray(from, from + length), this.#bytes.index(place));
    const note = this.#notes.place(BOUNDS + 2 * count);
    const notes = this.#notes.items;
    const n = this.#notes.index(note);
    notes[n + AT] = at;
    notes[n + SHARED_READ] = sharedRead ? 1 : 0;
    notes[n + BYTES] = place;
    notes[n + COUNT] = count;
    notes[n + READER] = this.#append(reader, note);
    notes[n + NEXT] = LAST;
    for (let k = 0; k < 2 * count; k++) notes[n + BOUNDS + k] = stretches[k]! - from;
    const waiting = this.#waiting;
    if (waiting > MOST_BYTES) this.#takeDownTo(MOST_BYTES / 2);
    else if (waiting > ENOUGH_BYTES && !this.#sliceIsComing) this.#allIsDue();
    else if (!this.#ticks) this.#tickLater();
  }

  /** Delivers all waiting reads of one stream. */
  takeAllOf(reader: LateReader): void {
    if (reader.waitsAs !== NOTHING_WAITS) this.#takeChain(reader.waitsAs);
    this.#dropTaken();
  }

  get #waiting(): number {
    const notes = this.#notes.end - this.#notes.start;
    return this.#bytes.end - this.#bytes.start + notes * Float64Array.BYTES_PER_ELEMENT;
  }

  /** Puts a read behind the others of its stream; returns the stream's number. */
  #append(reader: LateReader, note: number): number {
    let number = reader.waitsAs;
    if (number !== NOTHING_WAITS) this.#notes.items[this.#notes.index(this.#last[number]!) + NEXT] = note;
    else {
      number = this.#freeNumbers.pop() ?? this.#readers.length;
      reader.waitsAs = number;
      this.#readers[number] = reader;
      this.#first[number] = note;
    }
    this.#last[number] = note;
    return number;
  }

  #allIsDue(): void {
    this.#due = this.#notes.end;
    this.#sliceSoon();
  }

  /** One timer at a time, which always runs out: setting one for every read would cost more than it saves. */
  #tickLater(): void {
    this.#ticks = true;
    if (this.#timer === undefined) this.#timer = setTimeout(this.#tick, TICK_MS).unref();
    else this.#timer.refresh();
  }

  readonly #tick = (): void => {
    this.#ticks = false;
    this.#due = Math.max(this.#due, this.#nextDue);
    this.#nextDue = this.#notes.end;
    if (this.#notes.start < this.#notes.end) this.#tickLater();
    this.#bytes.shrink();
    this.#notes.shrink();
    if (!this.#sliceIsComing) this.#slice();
  };

  #sliceSoon(): void {
    this.#sliceIsComing = true;
    setImmediate(this.#slice);
  }

  readonly #slice = (): void => {
    this.#sliceIsComing = false;
    const end = performance.now() + READS_SLICE_MS;
    while (this.#notes.start < this.#due) {
      this.#takeOldest(end);
      if (performance.now() < end) continue;
      if (!this.#sliceIsComing) this.#sliceSoon();
      return;
    }
  };

  #takeDownTo(limit: number): void {
    while (this.#waiting > limit) this.#takeOldest();
  }

  /** Takes the stream whose read has waited longest. */
  #takeOldest(end?: number): void {
    this.#takeChain(this.#notes.items[this.#notes.index(this.#notes.start) + READER]!, end);
    this.#dropTaken();
  }

  /** The reads of one stream, or as many of them as there is time for. */
  #takeChain(number: number, end = Number.POSITIVE_INFINITY): void {
    const reader = this.#readers[number]!;
    let unclocked = 0;
    while (this.#first[number] !== LAST) {
      unclocked += this.#takeFirst(reader, number);
      if (unclocked < CLOCK_EVERY) continue;
      unclocked = 0;
      if (performance.now() >= end) break;
    }
    if (this.#first[number] !== LAST) return;
    this.#readers[number] = undefined;
    this.#freeNumbers.push(number);
    reader.waitsAs = NOTHING_WAITS;
  }

  /** Returns how many bytes it had. */
  #takeFirst(reader: LateReader, number: number): number {
    const note = this.#first[number]!;
    const notes = this.#notes.items;
    const n = this.#notes.index(note);
    const count = notes[n + COUNT]!;
    const start = this.#bytes.index(notes[n + BYTES]!);
    for (let k = 0; k < 2 * count; k++) bounds[k] = start + notes[n + BOUNDS + k]!;
    const length = readLength(notes, n);
    notes[n + READER] = TAKEN;
    reader.takeRead(this.#bytes.items, bounds, count, notes[n + AT]!, notes[n + SHARED_READ] === 1);
    // Looked up only now, and again: a parser may have taken its time, and another read of the same stream may have arrived.
    this.#first[number] = this.#notes.items[this.#notes.index(note) + NEXT]!;
    return length;
  }

  #dropTaken(): void {
    while (this.#notes.start < this.#notes.end) {
      const notes = this.#notes.items;
      const n = this.#notes.index(this.#notes.start);
      if (notes[n + READER] !== TAKEN) return;
      this.#bytes.drop(readLength(notes, n));
      this.#notes.drop(BOUNDS + 2 * notes[n + COUNT]!);
    }
  }
}

function readLength(notes: Float64Array, n: number): number {
  const count = notes[n + COUNT]!;
  return count === 0 ? 0 : notes[n + BOUNDS + 2 * count - 1]!;
}

type ShelfArray = Uint8Array | Float64Array;

/**
 * A queue of numbers in one typed array. Places are counted from the first that was ever taken, so they
 * stay the same while the array is moved, grown and reused; `index` returns where in `items` a place is now.
 */
export class Shelf<A extends ShelfArray> {
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

/** Longest run of ends within one turn of the event loop, ms; then the sockets are polled. */
const ENDS_SLICE_MS = 1;

/**
 * The ends of all replies of the process take turns. What an end brings with it (the rest of the reply to parse, its record, the
 * next request) takes longer than many reads: where hundreds end together, the other streams' stamps would wait for all of them.
 */
class LateEnds {
  readonly #waiting: (() => void)[] = [];
  /** When the slice of this turn ends; 0 before it begins. */
  #sliceEnd = 0;
  #isBusy = false;

  /** Resolves at once, or in a later turn of the event loop once this one has handled enough ends. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#isBusy) return;
      if (this.#sliceEnd === 0) this.#begin();
      else if (performance.now() < this.#sliceEnd) this.#one();
    });
  }

  #begin(): void {
    this.#sliceEnd = performance.now() + ENDS_SLICE_MS;
    setImmediate(this.#nextTurn);
    this.#one();
  }

  readonly #nextTurn = (): void => {
    this.#sliceEnd = 0;
    if (this.#waiting.length > 0) this.#begin();
  };

  #one(): void {
    this.#isBusy = true;
    this.#waiting.shift()!();
    queueMicrotask(this.#afterMicrotasks);
  }

  /** A tick scheduled by a microtask runs after everything that the end started: only then is it known how long that took. */
  readonly #afterMicrotasks = (): void => process.nextTick(this.#afterOne);

  readonly #afterOne = (): void => {
    this.#isBusy = false;
    if (this.#waiting.length > 0 && performance.now() < this.#sliceEnd) this.#one();
  };
}

/** Replies share the event loop, so their ends share the queue. */
export const lateEnds = new LateEnds();

/** Streams share the event loop, so they share the queue. */
export const lateReads = new LateReads();
