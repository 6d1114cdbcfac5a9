import { plural } from '../../basics/plural.ts';
import { hasStep, isLoadTest } from '../../config/modes.ts';
import { EXIT, toExitCode } from '../../contract/errors.ts';
import { finding, findingText } from '../../contract/finding.ts';
import { commonValue } from '../../metrics/by-id.ts';
import type { CommonMetricId } from '../../metrics/definitions.ts';
import type { Summary } from '../../metrics/types.ts';
import { accuracyTables } from '../../report/accuracy.ts';
import { changeTables } from '../../report/changes.ts';
import { type FindingRule, judgeFindings } from '../../report/compare/rules.ts';
import { degradedTable, taskNotes } from '../../report/degraded.ts';
import { isSingle, matrixTables } from '../../report/matrix.ts';
import { performanceTables } from '../../report/performance.ts';
import { groupScoreTables } from '../../report/summary-groups.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { underLoadTables } from '../../report/under-load.ts';
import { furtherFiles } from '../../session/report-run.ts';
import type { RunResult, TaskReport } from '../../session/result.ts';
import { openRunFolder } from '../../store/run-folder.ts';
import { terminalOptions } from './output.ts';

/** Prints the tables of a run, where its files are, and how to go on with it. */
export function printRun(result: RunResult, { full = false }: { readonly full?: boolean | undefined }): void {
  const { plan, scores, changes, degraded, folder, page } = result;
  const options = terminalOptions();
  const write = (text: string) => process.stdout.write(`\n${text}`);
  const files = furtherFiles(openRunFolder(folder, (text) => text));
  const shown = result.tasks.filter(({ isJudge }) => !isJudge);
  const accuracy = shown.flatMap((task) => task.accuracy ?? []);
  const ofJudges = result.tasks.filter(({ isJudge }) => isJudge).flatMap((task) => task.accuracy ?? []);
  const scored = [...accuracy, ...ofJudges];
  if (scored.length > 0) {
    const { matrix, groups } = scores;
    const tables = [
      ...(isSingle(matrix) ? [] : matrixTables(matrix, options.width ?? 80)),
      ...groupScoreTables(groups),
      ...accuracyTables(scored),
      ...underLoadTables(scored),
    ];
    const findings = scored.some(({ simulated }) => simulated) ? [finding('SIMULATED', {})] : [];
    write(renderTerminal(tables, findings, options));
  }
  if (changes.length > 0) write(renderTerminal(changeTables(changes, files.changes), [], options));
  // Scoring again measures nothing new.
  const isScoringAgain = plan.mode === 'eval' || plan.mode === 'judge';
  for (const { performance } of isScoringAgain ? [] : shown)
    write(
      renderTerminal(performanceTables(performance, { full }), taskNotes(performance, degraded), options),
    );
  const lost = degradedTable(degraded, files.degraded);
  if (lost !== undefined) write(renderTerminal([lost], [], options));
  const report = page === undefined ? '' : `Report: ${page}\n`;
  write(`Results: ${folder}\n${report}${howToGoOn(result)}`);
}

/** A load test keeps its failures: only requests that it was stopped before are left of it. */
function howToGoOn({ plan: { mode }, tasks, stopped, name }: RunResult): string {
  const failed =
    !isLoadTest(mode) &&
    tasks.some(({ isJudge, performance }) => !isJudge && performance.summary.failures.length > 0);
  if (!hasStep(mode, 'ask') || !(stopped || failed)) return '';
  return `To send what has no answer: the same command with --reuse ${name}\n`;
}

/** Gates of a run, and where what they find is said. */
interface ExitOptions {
  readonly strict?: boolean | undefined;
  readonly failIf?: readonly FindingRule[] | undefined;
  readonly warn: (text: string) => void;
}

/** Returns what a run's result means to the shell, and warns of what the tables do not say. */
export function exitCode(
  { plan, tasks, broken, stopped, findings }: RunResult,
  { strict = false, failIf = [], warn }: ExitOptions,
): number {
  if (broken.length > 0) return toExitCode(broken[0]!.error);
  // What the user stopped did not fail.
  const cancelled = sum(tasks, ({ failures }) =>
    failures.reduce((all, { kind, count }) => all + (kind === 'cancelled' ? count : 0), 0),
  );
  const total = sumOfMetric(tasks, 'total_requests') - cancelled;
  const failed = sumOfMetric(tasks, 'failed_requests') - cancelled;
  if (total > 0 && failed / total > plan.maxErrorRate) {
    const share = (rate: number) => `${Number((rate * 100).toFixed(2))} %`;
    warn(
      `${failed} of ${plural(total, 'request')} failed (${share(failed / total)}), more than --max-error-rate ${share(plan.maxErrorRate)}`,
    );
    return EXIT.failed;
  }
  if (stopped) return EXIT.interrupted;
  const invalid = strict ? tasks.filter(({ validity }) => validity && validity.verdict !== 'VALID') : [];
  for (const { model, dataset, validity } of invalid)
    warn(`${model} × ${dataset}: --strict, and the verdict is ${validity!.verdict}`);
  if (invalid.length > 0) return EXIT.notValid;
  const gates = failIf.filter((rule) => judgeFindings(rule, findings).outcome === 'broken');
  for (const rule of gates) warn(`--fail-if ${rule.text}: ${findingText(judgeFindings(rule, findings).why)}`);
  if (gates.length > 0) return EXIT.regression;
  const isRefused = findings.some(({ code }) => code === 'PAIR-REFUSED');
  return isRefused || tasks.some(({ lost }) => lost) ? EXIT.failed : EXIT.ok;
}

function sum(tasks: readonly TaskReport[], valueIn: (summary: Summary) => number): number {
  return tasks.reduce((all, { performance }) => all + valueIn(performance.summary), 0);
}

function sumOfMetric(tasks: readonly TaskReport[], id: CommonMetricId): number {
  return sum(tasks, (summary) => commonValue(summary, id) ?? 0);
}
