import { writeFileSync } from 'node:fs';
import { toolVersion } from '../../basics/version.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { junitXml } from '../../report/compare/junit.ts';
import { comparisonMarkdown, comparisonTables } from '../../report/compare/tables.ts';
import type { RunComparison } from '../../report/compare/types.ts';
import { comparePage } from '../../report/page/compare-page.ts';
import { pageTemplate, renderPage } from '../../report/page/render.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { compareRuns } from '../../session/compare-runs.ts';
import { type CompareFlags, slosOf } from '../args/flag-values.ts';
import { cannotWrite, terminalOptions } from '../print/output.ts';

/** `ais_bench compare A B…`: finished runs against the first of them, from their folders alone. */
export async function compare(runs: readonly string[], flags: CompareFlags): Promise<number> {
  requireSense(runs, flags);
  const comparisons = await compareRuns(runs, { rules: flags.failIf, slos: slosOf(flags) });
  const shown = flags.full ? Number.MAX_SAFE_INTEGER : undefined;
  for (const comparison of comparisons) {
    const tables = comparisonTables(comparison, shown);
    process.stdout.write(`\n${renderTerminal(tables, comparison.findings, terminalOptions())}`);
  }
  writeFile('--markdown', flags.markdown, () => comparisonMarkdown(comparisons, shown));
  writeFile('--html', flags.html, () => comparisonHtml(comparisons));
  writeFile('--junit', flags.junit, () => junitXml(comparisons));
  const isBroken = comparisons.some((one) => one.rules.some(({ outcome }) => outcome === 'broken'));
  return isBroken ? EXIT.regression : EXIT.ok;
}

/** Writes a file that a flag names; nothing where it was not given. Throws RUN-FILE-001. */
function writeFile(flag: string, path: string | undefined, text: () => string): void {
  if (path === undefined) return;
  try {
    writeFileSync(path, text());
  } catch (cause) {
    throw cannotWrite(`${flag} ${path}`, cause);
  }
}

function comparisonHtml(comparisons: readonly RunComparison[]): string {
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
