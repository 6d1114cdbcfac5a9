import type { Pacer } from './forward.ts';

/** What a load waits for before it sends the next request. */
export interface LoadLoop {
  /** When the next request is due, ms from the start. Infinity: when a slot is freed; undefined: the load is over. */
  due(): number | undefined;
  /** The request that was due is sent. */
  take(): void;
  /** A slot became free, ms from the start. */
  freed(at: number): void;
  /** The load takes no more slots. */
  left?(): void;
  /** Is called where a slot became free that another load had. */
  onFreed?: () => void;
}

/** Requests leave by a schedule, whether others have ended or not. */
export function openLoop(pacer: Pacer): LoadLoop {
  let n = 0;
  return {
    // What is never due waits for nothing that could end.
    due: () => {
      const due = pacer(n);
      return due === Number.POSITIVE_INFINITY ? undefined : due;
    },
    take: () => {
      n += 1;
    },
    freed: () => {},
  };
}

/** A request leaves when its slot is free: when the slot is opened (`opening`, by slot number), then when its request ends. */
export function closedLoop(slots: number, opening: Pacer): LoadLoop {
  let opened = 0;
  let taken = 0;
  const freedAt: number[] = [];
  const nextOpening = () =>
    opened < slots ? (opening(opened) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  return {
    due: () => {
      const due = Math.min(nextOpening(), freedAt[0] ?? Number.POSITIVE_INFINITY);
      return due === Number.POSITIVE_INFINITY && taken === 0 ? undefined : due;
    },
    take: () => {
      taken += 1;
      if (nextOpening() <= (freedAt[0] ?? Number.POSITIVE_INFINITY)) opened += 1;
      else freedAt.shift();
    },
    freed: (at) => {
      taken -= 1;
      freedAt.push(at);
    },
  };
}
