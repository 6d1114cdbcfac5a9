/** What a load asks of the data: timestamps for a trace, enough rows for the steps. */

import type { LoadSettings } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { type CaseSource, caseCount, type PickedRow } from './shape.ts';

/**
 * The rows of a trace in the order of their column `timestamp`, so that each is bound to its own; another source as it is.
 * Throws TINFER-PARAM-006 for a row without a timestamp.
 */
export function inTraceOrder(source: CaseSource, dataset: string): CaseSource {
  const { model, rows } = source;
  if (model.arrival.kind !== 'trace') return source;
  const timed = rows.map((picked) => ({ picked, at: timestampOf(picked, dataset) }));
  timed.sort((a, b) => a.at - b.at);
  return {
    ...source,
    rows: timed.map(({ picked }) => picked),
    timestamps: Float64Array.from(timed, ({ at }) => at),
  };
}

/** Milliseconds. */
function timestampOf({ index, row }: PickedRow, dataset: string): number {
  const value = row['timestamp'];
  const at = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof at === 'number' && at >= 0 && Number.isFinite(at)) return at;
  const given = value === undefined ? 'has no timestamp' : `has the timestamp ${JSON.stringify(value)}`;
  throw new AisBenchError('TINFER-PARAM-006', `row ${index} of ${dataset} ${given}`, {
    where: `${dataset}: column timestamp`,
    cure: 'give every row its time in milliseconds, or set use_timestamp: false',
  });
}

/** Finds what the plan and the data together make of a load that a user may not expect. */
export function loadFindings(source: CaseSource, { cycle, pressure }: LoadSettings): Finding[] {
  const { arrival } = source.model;
  const findings: Finding[] = [];
  if (arrival.kind !== 'trace' && source.rows[0]?.row['timestamp'] !== undefined)
    findings.push(finding('TIMESTAMPS-UNUSED', {}));
  if (arrival.kind === 'paced' && arrival.rates.shape === 'steps' && !cycle && !pressure) {
    const wanted = arrival.rates.steps.reduce((sum, { perSecond, seconds }) => sum + perSecond * seconds, 0);
    const cases = caseCount(source);
    if (wanted > cases) findings.push(finding('STEPS-EXCEED-DATA', { wanted: Math.round(wanted), cases }));
  }
  return findings;
}
