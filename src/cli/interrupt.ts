import type { RunControl } from '../run/control.ts';

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
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  };
}
