import { createHash } from 'node:crypto';
import type { AdapterPlan } from '../config/connection-plan.ts';
import type { CallRef } from '../contract/record.ts';

type CaseOf = Pick<CallRef, 'index' | 'repetition'>;

/**
 * The adapter (or other model) that a case asks for; undefined = the model itself. The choice depends on nothing but the
 * plan, the row and its repetition, so every turn of a dialogue and every later run makes the same one.
 */
export function adapterPicker(plan: AdapterPlan | undefined): (ref: CaseOf) => string | undefined {
  if (plan === undefined) return () => undefined;
  if (plan.kind === 'rows') return ({ index }) => named(plan.names[index]);
  const total = plan.shares.reduce((sum, { weight }) => sum + weight, 0);
  return ({ index, repetition }) => {
    let left = total * fraction(`${plan.seed}:${index}:${repetition}`);
    const share = plan.shares.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return named((share ?? plan.shares.at(-1))?.name);
  };
}

function named(name: string | undefined): string | undefined {
  return name === '' ? undefined : name;
}

/** A number in [0, 1) that the text decides, spread evenly over texts. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}
