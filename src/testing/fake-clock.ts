/** A clock that only `set` and `advance` move; call it to read it. Milliseconds. */
export interface FakeClock {
  (): number;
  set(milliseconds: number): void;
  advance(milliseconds: number): void;
}

/** Makes a clock for tests. */
export function fakeClock(start = 0): FakeClock {
  let now = start;
  return Object.assign(() => now, {
    set: (milliseconds: number) => {
      now = milliseconds;
    },
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  });
}
