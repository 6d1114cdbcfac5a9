/** The code that the models of a plan are made of: whether a worker on another host holds the same. */
import { toolVersion } from '../basics/version.ts';
import type { Plan } from '../config/plan.ts';

/** The code of a model of the plan, which every host that sends for it must hold. */
export interface ClassCode {
  /** Of the model. */
  readonly abbr: string;
  readonly className: string;
  /** The tool's version, and the shipped class or the hash of the user's code. */
  readonly hash: string;
}

/** Returns the code of each model of a plan. */
export function listCode({ models }: Pick<Plan, 'models'>): ClassCode[] {
  return models.map(({ abbr, modelClass: { name, code = name } }) => ({
    abbr,
    className: name,
    hash: `ais_bench ${toolVersion()} ${code}`,
  }));
}
