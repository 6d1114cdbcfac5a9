/** How a command goes about several runs. */
import { createHash } from 'node:crypto';
import type { LoadKind } from '../../search/load-points.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Does the work; it asks from time to time whether it is to end. Returns whether the user wanted that. */
export async function untilInterrupted(work: (isOver: () => boolean) => Promise<void>): Promise<boolean> {
  let over = false;
  // The run that is going on hears of it by itself and ends; between two runs nobody else does.
  const onSignal = (): void => {
    over = true;
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await work(() => over);
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
  return over;
}

/** `rate_2.5` */
export function pointName(kind: LoadKind, load: number): string {
  return `${kind}_${load}`;
}

/** What changes nothing that is measured. */
const NO_SETTINGS: ReadonlySet<string> = new Set(['workDir', 'debug', 'full', 'strict', 'maxErrorRate']);

/** What a series that goes on must have kept, by name: hashes, because a URL or a `--set` may hold a secret. */
export function settingsOf(flags: object): Record<string, string> {
  const told = Object.entries(flags).filter(([name, value]) => value !== undefined && !NO_SETTINGS.has(name));
  return Object.fromEntries(
    told.map(([name, value]) => [
      name,
      createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16),
    ]),
  );
}
