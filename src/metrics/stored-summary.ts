import { defined } from '../basics/defined.ts';
import { readFinding } from '../contract/finding.ts';
import { COMMON_IDS, METRIC_IDS } from './definitions.ts';
import type { Summary } from './types.ts';

type Stored = Readonly<Record<string, any>>;

/**
 * Reads the summary of a performance report from its JSON. Files of before there were findings have sentences in their place (`notes`,
 * `reasons`) and rows without ids.
 */
export function readSummary(stored: Stored): Summary {
  const { notes, findings = notes, validity, steady, goodput, conversations, ...rest } = stored;
  const { reasons, findings: found = reasons, ...judged } = validity ?? {};
  return {
    ...rest,
    ...defined({
      validity: validity && { ...judged, findings: readAll(found) },
      steady: steady && { ...steady, reasons: readAll(steady.reasons) },
      goodput: goodput && withReason(goodput),
      conversations: conversations && {
        ...conversations,
        rows: readRows(conversations.rows, METRIC_IDS),
        turns: list(conversations.turns).map((turn: Stored) => ({
          ...turn,
          rows: readRows(turn['rows'], METRIC_IDS),
        })),
      },
    }),
    rows: readRows(rest['rows'], METRIC_IDS),
    further: readRows(rest['further'], METRIC_IDS),
    common: readRows(rest['common'], COMMON_IDS),
    findings: readAll(findings),
  } as unknown as Summary;
}

function list(value: unknown): readonly Stored[] {
  return Array.isArray(value) ? value : [];
}

function readAll(stored: unknown) {
  return list(stored).map(readFinding);
}

function readRows(rows: unknown, ids: Readonly<Record<string, string>>) {
  return list(rows).map((row) => ({ ...withReason(row), id: row['id'] ?? ids[row['name']] }));
}

function withReason({ reason, ...row }: Stored): Stored {
  return reason === undefined ? row : { ...row, reason: readFinding(reason) };
}
