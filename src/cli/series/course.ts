/** How a command goes about several runs. */
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

/** What a series that goes on must have kept: all that decides what is measured, without secrets. */
export function settingsOf(flags: Readonly<Record<string, unknown>> | object): Record<string, unknown> {
  const { workDir, debug, full, apiKey, header, ...rest } = flags as Record<string, unknown>;
  return rest;
}
