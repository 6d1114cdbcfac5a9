/**
 * When may request `n` (counted from 0) leave, in milliseconds from the start of the load? Pure: the same answer for the same
 * n, whatever was asked before. `undefined`: the load is over.
 */
export type Pacer = (n: number) => number | undefined;

/** Offsets one after the other, milliseconds, never falling; undefined: there are no more. */
export type Offsets = () => number | undefined;

/**
 * A pacer of a sequence that can be begun again: it remembers one number, so that a load of any length needs no memory. To
 * go on is cheap; to ask for an earlier request begins anew.
 */
export function forward(begin: () => Offsets): Pacer {
  let next = begin();
  let at = -1;
  let offset: number | undefined = 0;
  return (n) => {
    if (n < at) {
      next = begin();
      at = -1;
      offset = 0;
    }
    while (at < n && offset !== undefined) {
      offset = next();
      at += 1;
    }
    return at === n ? offset : undefined;
  };
}
