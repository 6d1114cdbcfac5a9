import { secretsIn } from '../store/redact.ts';
import type { ModelPlan } from './plan.ts';

/** Every value of a model's plan that may be written nowhere: what a redactor has to know. */
export function secretsOf(model: ModelPlan): string[] {
  const own = secretsIn(model.options);
  return model.attr === 'local' ? own : [...own, ...model.connection.secrets];
}
