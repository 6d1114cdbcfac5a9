import type { Balance } from '../config/connection-plan.ts';

/** Chooses one of several servers for a case, until the case releases it. */
export function balancer<T>(
  servers: readonly T[],
  balance: Balance,
): () => { readonly server: T; readonly release: () => void } {
  const inFlight = servers.map(() => 0);
  let next = 0;
  return () => {
    const index = balance === 'round_robin' ? next : leastBusy(inFlight, next);
    next = (index + 1) % servers.length;
    inFlight[index]! += 1;
    let held = true;
    const release = () => {
      if (held) inFlight[index]! -= 1;
      held = false;
    };
    return { server: servers[index]!, release };
  };
}

/** Equals take turns, or a light load would all go to the first server. */
function leastBusy(inFlight: readonly number[], from: number): number {
  let best = from;
  for (let step = 1; step < inFlight.length; step++) {
    const index = (from + step) % inFlight.length;
    if (inFlight[index]! < inFlight[best]!) best = index;
  }
  return best;
}
