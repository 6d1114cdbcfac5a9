import { AisBenchError, EXIT } from '../../errors.ts';
import { compareRuns } from '../../report/compare/compare-runs.ts';
import { USUAL_PERCENTILES } from '../../report/compare/numbers-of.ts';
import { numberOf, type Rule } from '../../report/compare/rules.ts';
import { comparisonTables } from '../../report/compare/tables.ts';
import type { RunComparison } from '../../report/compare/types.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { readRun } from '../compare/read-run.ts';
import type { CompareFlags } from '../compare-flags.ts';
import { slosIn } from '../report-flags.ts';
import { terminalOptions } from '../terminal-options.ts';

/** `ais_bench compare A B…`: finished runs against the first of them, from their folders alone. */
export async function compare(runs: readonly string[], flags: CompareFlags): Promise<number> {
  if (runs.length < 2)
    throw new AisBenchError('TMAN-CMD-001', 'a comparison needs two runs', {
      where: 'ais_bench compare',
      cure: 'name the folders of two runs, the one to compare with first: ais_bench compare before after',
    });
  const { failIf: rules } = flags;
  const percentiles = percentilesOf(rules);
  const wanted = { percentiles, slos: slosIn(flags) };
  const [first, ...others] = runs;
  const before = await readRun(first!, 'A', wanted);
  const comparisons: RunComparison[] = [];
  for (const [n, run] of others.entries()) {
    const after = await readRun(run, letterOf(n + 1), wanted);
    comparisons.push(compareRuns(before, after, { rules, percentiles }));
  }
  for (const comparison of comparisons) requireJudged(rules, comparison);
  for (const comparison of comparisons) {
    const tables = comparisonTables(
      comparison,
      'the output of --full',
      flags.full ? Number.MAX_SAFE_INTEGER : undefined,
    );
    process.stdout.write(`\n${renderTerminal(tables, comparison.notes, terminalOptions())}`);
  }
  const isBroken = comparisons.some((one) => one.rules.some(({ outcome }) => outcome === 'broken'));
  return isBroken ? EXIT.regression : EXIT.ok;
}

/** `A`, `B`, … `Z`, `A1`, …: more runs than letters are compared seldom. */
function letterOf(n: number): string {
  const letter = String.fromCharCode(65 + (n % 26));
  return n < 26 ? letter : `${letter}${Math.floor(n / 26)}`;
}

function percentilesOf(rules: readonly Rule[]): number[] {
  const asked = rules.flatMap(({ stat }) => (stat?.startsWith('p') ? [Number(stat.slice(1))] : []));
  return [...new Set([...USUAL_PERCENTILES, ...asked])].sort((a, b) => a - b);
}

/** A gate that looks at nothing must not pass in silence. */
function requireJudged(rules: readonly Rule[], { rules: judged, after }: RunComparison): void {
  const lost = rules.find((rule) => !judged.some((one) => one.rule === rule));
  if (lost === undefined) return;
  throw new AisBenchError('TMAN-CMD-002', `no task that both runs have has a number ${numberOf(lost)}`, {
    where: `--fail-if '${lost.text}', ${after.path}`,
    cure: 'compare runs that measured it, or leave the rule out (goodput needs --goodput)',
  });
}
