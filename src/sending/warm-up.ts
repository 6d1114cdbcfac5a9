import type { ServiceModelPlan } from '../config/plan.ts';
import { withoutCredentials } from '../contract/base-api-model.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { FailedRecord } from '../contract/record.ts';
import { addressCure, isRefusedKey, keyCure } from './discover.ts';

/** Results of the requests before the measured ones. */
export interface Warmup {
  /** Requests that succeeded. */
  readonly answered: number;
  readonly failures: readonly Pick<FailedRecord, 'failure' | 'server'>[];
}

export const NO_WARMUP: Warmup = { answered: 0, failures: [] };

/** Throws TINFER-RUNTIME-001 where every request of a warm-up failed: whatever would be measured would fail too. */
export function requireAnswer({ answered, failures }: Warmup, plan: ServiceModelPlan): void {
  const [first] = failures;
  if (first === undefined || answered > 0) return;
  const { failure, server = withoutCredentials(plan.connection.servers[0]!) } = first;
  const all =
    failures.length === 1 ? 'the warm-up request' : `each of the ${failures.length} warm-up requests`;
  throw new AisBenchError('TINFER-RUNTIME-001', `${all} failed: ${failure.message}`, {
    where: `${plan.abbr}, ${server}`,
    cure: `${cureOf(first, plan)}; --num-warmups 0 runs without a warm-up`,
    cause: failure.bodyExcerpt,
  });
}

function cureOf({ failure: { kind, status } }: Warmup['failures'][number], plan: ServiceModelPlan): string {
  if (kind === 'connect') return addressCure;
  if (kind === 'timeout')
    return 'check whether the service is stuck or still loads its model, or allow more time (timeouts)';
  if (kind === 'model-bug')
    return 'correct the class: --debug shows where it threw, ais_bench check what it makes of a reply';
  if (isRefusedKey(status)) return keyCure(plan);
  if (status === 404) return 'correct the address (--host-ip/--host-port/--url) or the name (--model)';
  return 'correct what the service complains of';
}
