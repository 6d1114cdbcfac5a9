/** A clock that moves only when it is told to; call it to read it. Milliseconds, from 0. */
export interface FakeClock {
  (): number;
  set(milliseconds: number): void;
  advance(milliseconds: number): void;
}

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
