/** What each signal's one listener has to do. */
const LISTS = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `act` when the signal is aborted, unless the returned function was called before. A signal walks through all of its listeners
 * to add one and to take one away, which with thousands of requests in flight costs more than they do: here it has one.
 */
export function whenAborted(signal: AbortSignal, act: () => void): () => void {
  const acts = LISTS.get(signal) ?? listOf(signal);
  acts.add(act);
  return () => acts.delete(act);
}

function listOf(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>();
  LISTS.set(signal, acts);
  signal.addEventListener('abort', () => {
    for (const act of acts) act();
  });
  return acts;
}
