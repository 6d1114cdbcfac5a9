import { AisBenchError } from '../contract/errors.ts';
import type { Task } from './prepare.ts';
import { caseAt, caseCount } from './shape.ts';

/**
 * What is scored under load must be known to have a score before the load begins. Throws DSET-PARAM-003 for a dataset without
 * `eval_cfg`, with a judge model, or with a row that has no reference.
 */
export function checkReferences({ dataset, source }: Pick<Task, 'dataset' | 'source'>): void {
  if (dataset.config.eval_cfg === undefined && dataset.judge === undefined)
    throw refuse(dataset.abbr, 'it has no eval_cfg, so nothing says what is right', USE_PERF);
  if (dataset.judge !== undefined)
    throw refuse(
      dataset.abbr,
      'a judge model scores its answers, and asking it is no part of the load',
      'measure it with --mode perf, and score it with --mode all',
    );
  for (let n = 0; n < caseCount(source); n++) {
    const { ref, first } = caseAt(source, n);
    if (first.gold === undefined || first.gold === null)
      throw refuse(
        `${dataset.abbr}, row ${ref.index}`,
        'there is no reference to score its answer by',
        USE_PERF,
      );
  }
}

const USE_PERF = 'use --mode perf, or a dataset config with references and eval_cfg';

function refuse(where: string, why: string, cure: string): AisBenchError {
  return new AisBenchError('DSET-PARAM-003', `--mode all+perf scores what it measures: ${why}`, {
    where,
    cure,
  });
}
