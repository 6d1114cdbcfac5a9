import { EVENT_KINDS, type RunRecord } from '../../contract/record.ts';
import { AISBENCH_POINTS } from './aisbench.ts';
import { instants } from './common.ts';

const CONTENT = EVENT_KINDS.indexOf('content');

/**
 * The record as AISBench saw it: every event but an error brought something. Our formulas then give its TTFT, TPOT, ITL and E2EL,
 * so that a run of ours and one that was imported are measured alike.
 */
export function everyEventCounts(record: RunRecord): RunRecord {
  if (record.outcome === 'failed' || !record.streamed) return record;
  const at = instants(record.times.events, AISBENCH_POINTS);
  const events = {
    at,
    kind: new Uint8Array(at.length).fill(CONTENT),
    tokens: new Uint16Array(at.length).fill(1),
    sharedRead: new Uint8Array(at.length),
  };
  return { ...record, times: { ...record.times, events } };
}
