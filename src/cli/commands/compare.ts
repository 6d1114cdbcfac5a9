import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { compareRuns } from '../../report/compare/compare-runs.ts';
import { junitXml } from '../../report/compare/junit.ts';
import { comparisonMarkdown } from '../../report/compare/markdown.ts';
import { USUAL_PERCENTILES } from '../../report/compare/numbers-of.ts';
import { isFindingRule, numberOf, type Rule } from '../../report/compare/rules.ts';
import { comparisonTables } from '../../report/compare/tables.ts';
import type { RunComparison } from '../../report/compare/types.ts';
import { comparePage } from '../../report/page/compare-page.ts';
import { renderPage } from '../../report/page/render.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { readRun, wasImported } from '../compare/read-run.ts';
import { writeAsked } from '../compare/write-asked.ts';
import type { CompareFlags } from '../compare-flags.ts';
import { pageTemplate } from '../page-template.ts';
import { readingRuns } from '../reading-runs.ts';
import { slosIn } from '../report-flags.ts';
import { terminalOptions } from '../terminal-options.ts';
import { toolVersion } from '../version.ts';

/** `ais_bench compare A B…`: finished runs against the first of them, from their folders alone. */
export function compare(runs: readonly string[], flags: CompareFlags): Promise<number> {
  return readingRuns(runs, () => compareThem(runs, flags));
}

async function compareThem(runs: readonly string[], flags: CompareFlags): Promise<number> {
  requireSense(runs, flags);
  const { failIf: rules } = flags;
  const percentiles = percentilesOf(rules);
  const wanted = { percentiles, slos: slosIn(flags), asAisbench: runs.some(wasImported) };
  const read = [];
  for (const [n, run] of runs.entries()) read.push(await readRun(run, letterOf(n), wanted));
  const [before, ...others] = read;
  const comparisons = compareRuns(before!, others, { rules, percentiles });
  for (const comparison of comparisons) requireJudged(rules, comparison);
  const shown = flags.full ? Number.MAX_SAFE_INTEGER : undefined;
  for (const comparison of comparisons) {
    const tables = comparisonTables(comparison, shown);
    process.stdout.write(`\n${renderTerminal(tables, comparison.findings, terminalOptions())}`);
  }
  writeAsked('--markdown', flags.markdown, () => comparisonMarkdown(comparisons, shown));
  writeAsked('--html', flags.html, () => htmlOf(comparisons));
  writeAsked('--junit', flags.junit, () => junitXml(comparisons));
  const isBroken = comparisons.some((one) => one.rules.some(({ outcome }) => outcome === 'broken'));
  return isBroken ? EXIT.regression : EXIT.ok;
}

function htmlOf(comparisons: readonly RunComparison[]): string {
  const template = pageTemplate();
  if (template === undefined)
    throw new AisBenchError('UTILS-DEPENDENCY-001', 'the viewer of report pages is not built', {
      where: '--html',
      cure: 'build it (npm run build), or use --markdown',
    });
  const payload = comparePage(comparisons, toolVersion());
  const [first] = comparisons;
  const names = [...comparisons.map(({ after }) => after.name), first!.before.name];
  return renderPage(template, { kind: 'compare', title: `ais_bench compare ${names.join(' ')}`, payload });
}

function requireSense(runs: readonly string[], { failIf, junit }: CompareFlags): void {
  if (runs.length < 2)
    throw new AisBenchError('TMAN-CMD-001', 'a comparison needs two runs', {
      where: 'ais_bench compare',
      cure: 'name the folders of two runs, the one to compare with first: ais_bench compare before after',
    });
  if (junit !== undefined && failIf.length === 0)
    throw new AisBenchError('TMAN-CMD-001', 'a JUnit file holds the gates, and there is none', {
      where: '--junit',
      cure: "give a gate, e.g. --fail-if 'ttft.p99 > +5%'",
    });
}

/** `A`, `B`, … `Z`, `A1`, …: more runs than letters are compared seldom. */
function letterOf(n: number): string {
  const letter = String.fromCharCode(65 + (n % 26));
  return n < 26 ? letter : `${letter}${Math.floor(n / 26)}`;
}

function percentilesOf(rules: readonly Rule[]): number[] {
  const asked = rules.flatMap((rule) =>
    !isFindingRule(rule) && rule.stat?.startsWith('p') ? [Number(rule.stat.slice(1))] : [],
  );
  return [...new Set([...USUAL_PERCENTILES, ...asked])].sort((a, b) => a - b);
}

/** A gate that looks at nothing must not pass in silence. */
function requireJudged(rules: readonly Rule[], { rules: judged, after }: RunComparison): void {
  const lost = rules.find((rule) => !judged.some((one) => one.rule === rule));
  if (lost === undefined || isFindingRule(lost)) return;
  throw new AisBenchError('TMAN-CMD-002', `no task that both runs have has a number ${numberOf(lost)}`, {
    where: `--fail-if '${lost.text}', ${after.path}`,
    cure: 'compare runs that measured it, or leave the rule out (goodput needs --goodput)',
  });
}
