/** How answers were read, and what came of it. */
import { type Judged, VERDICTS } from '../../evaluate/types.ts';

/** Counts in the order of `columns`. */
interface OutcomeRow {
  readonly name: string;
  readonly counts: readonly number[];
}

export interface OutcomesPart {
  readonly verdicts: readonly string[];
  /** A row a rule that found an answer; the row without a name: no rule did. Most frequent first. */
  readonly byRule: readonly OutcomeRow[];
  /** Rows: verdicts under our rules; columns: under AISBench's. Absent where every answer came out alike. */
  readonly byRules?: readonly OutcomeRow[];
}

export function outcomesOf(judged: readonly Judged[]): OutcomesPart {
  const byRule = new Map<string, number[]>();
  const byRules = new Map<string, number[]>();
  for (const { verdict, extraction, fixed, compat } of judged) {
    count(byRule, extraction?.rule ?? '', VERDICTS.indexOf(verdict));
    count(byRules, fixed.verdict, VERDICTS.indexOf(compat.verdict));
  }
  const differs = judged.some(({ fixed, compat }) => fixed.verdict !== compat.verdict);
  const total = ({ counts }: OutcomeRow) => counts.reduce((sum, one) => sum + one, 0);
  return {
    verdicts: VERDICTS,
    byRule: rowsOf(byRule).sort((a, b) => total(b) - total(a)),
    ...(differs
      ? { byRules: VERDICTS.flatMap((name) => rowsOf(byRules).filter((row) => row.name === name)) }
      : {}),
  };
}

function count(rows: Map<string, number[]>, name: string, column: number): void {
  const counts = rows.get(name) ?? VERDICTS.map(() => 0);
  counts[column] = counts[column]! + 1;
  rows.set(name, counts);
}

function rowsOf(rows: ReadonlyMap<string, readonly number[]>): OutcomeRow[] {
  return [...rows].map(([name, counts]) => ({ name, counts }));
}
