import type { RunControl } from '../sending/control.ts';

/** What asks a run to end: Ctrl-C, a supervisor, a terminal that is gone. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C once lets what is in flight finish and reports; twice gives that up too. Returns how to stop listening. */
export function listenForInterrupts(control: RunControl, say: (text: string) => void): () => void {
  const onSignal = () => {
    if (control.interrupted) {
      say('stopping now: requests in flight are given up');
      control.abort();
    } else {
      say('finishing the requests in flight, then reporting; interrupt again to stop at once');
      control.drain();
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  };
}
