/**
 * A lane for each request, so that no two of a lane overlap: the lowest that is free when it is sent. There are as many lanes as
 * requests were ever in flight at once. `sent` ascends; a request that has taken no time frees its lane at once.
 */
export function lanesOf(
  sent: Float64Array,
  end: Float64Array,
): { readonly lane: Uint32Array; readonly count: number } {
  const lane = new Uint32Array(sent.length);
  const free = new Heap();
  const busy = new Heap();
  let count = 0;
  for (let n = 0; n < sent.length; n++) {
    while (busy.size > 0 && busy.least <= sent[n]!) {
      const ended = busy.take();
      free.put(ended, ended);
    }
    const own = free.size > 0 ? free.take() : count++;
    lane[n] = own;
    busy.put(end[n]!, own);
  }
  return { lane, count };
}

/** A binary heap of numbers by their keys. */
class Heap {
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  get size(): number {
    return this.#keys.length;
  }

  get least(): number {
    return this.#keys[0]!;
  }

  put(key: number, value: number): void {
    let at = this.#keys.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#keys[parent]! <= key) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#keys[at] = key;
    this.#values[at] = value;
  }

  /** The value with the least key. */
  take(): number {
    const taken = this.#values[0]!;
    const key = this.#keys.pop()!;
    const value = this.#values.pop()!;
    const { length } = this.#keys;
    if (length === 0) return taken;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && this.#keys[child + 1]! < this.#keys[child]!) child += 1;
      if (this.#keys[child]! >= key) break;
      this.#move(child, at);
      at = child;
    }
    this.#keys[at] = key;
    this.#values[at] = value;
    return taken;
  }

  #move(from: number, to: number): void {
    this.#keys[to] = this.#keys[from]!;
    this.#values[to] = this.#values[from]!;
  }
}
