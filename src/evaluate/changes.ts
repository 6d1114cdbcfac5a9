import type { Judged, Verdict } from './types.ts';

/** An answer whose verdict is another one than before. */
export interface VerdictChange {
  readonly before: Judged;
  readonly after: Judged;
}

/** What was right and is no longer, then what is right now, then all others; within each in the order of the rows. */
export function verdictChanges(before: readonly Judged[], after: readonly Judged[]): VerdictChange[] {
  const known = new Map(before.map((one) => [keyOf(one), one]));
  const changes = after.flatMap((now) => {
    const then = known.get(keyOf(now));
    return then === undefined || then.verdict === now.verdict ? [] : [{ before: then, after: now }];
  });
  return changes.sort((a, b) => rankOf(a) - rankOf(b) || byPlace(a.after, b.after));
}

function rankOf({ before, after }: VerdictChange): number {
  const correct: Verdict = 'correct';
  if (before.verdict === correct) return 0;
  return after.verdict === correct ? 1 : 2;
}

function byPlace(a: Judged, b: Judged): number {
  return a.index - b.index || a.repetition - b.repetition || (a.turn ?? 0) - (b.turn ?? 0);
}

function keyOf({ id, turn }: Judged): string {
  return `${id} ${turn ?? ''}`;
}
