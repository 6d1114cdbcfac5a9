import { resolve } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { readRaw } from '../../config/raw.ts';
import { EXIT, messageOf } from '../../contract/errors.ts';
import { distinctFindings, type Finding, finding } from '../../contract/finding.ts';
import { type ImportResult, importRun } from '../../import/report-import.ts';
import { findConfig } from '../../import/source.ts';
import { accuracyTables } from '../../report/accuracy.ts';
import { matrixOf, matrixTables } from '../../report/matrix.ts';
import { performanceTables } from '../../report/performance.ts';
import { phrase } from '../../report/phrase.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { say, type Text } from '../../report/words.ts';
import { secretsIn } from '../../store/redact.ts';
import { configRoots, loadContext } from '../places.ts';
import { maskToo } from '../print/exit.ts';
import { terminalOptions } from '../print/output.ts';

interface ImportFlags {
  readonly workDir?: string;
  readonly datasets?: readonly string[];
  readonly configDir: string;
}

type ConfigValues = Readonly<Record<string, unknown>>;

/** `ais_bench import DIR`: a finished run of AISBench as a run of ours, and its numbers. */
export async function importCommand(source: string, flags: ImportFlags): Promise<number> {
  const evaluations = await readEvaluations(flags);
  const { config, notes } = await readConfig(resolve(source));
  maskToo(secretsIn(config ?? {}));
  const result = await importRun(source, {
    folder: flags.workDir ?? 'outputs/default',
    config,
    evaluations,
  });
  const findings = [...notes.map((text) => finding('NOTE', { text })), ...result.findings];
  print({ ...result, findings });
  const report = result.page === undefined ? '' : `Report: ${result.page}\n`;
  process.stdout.write(`\nResults: ${result.folder}\n${report}`);
  return EXIT.ok;
}

function print({ performance, scored, results, findings }: ImportResult): void {
  const options = terminalOptions();
  const write = (text: string) => process.stdout.write(`\n${text}`);
  const matrix = results.length === 0 ? [] : matrixTables(matrixOf(results), options.width ?? 80);
  const tables = [
    ...matrix.map((table) => ({ ...table, title: `${say(table.title)}, as AISBench counted` })),
    ...accuracyTables(scored.map(({ report }) => report)),
  ];
  if (tables.length > 0 || findings.length > 0)
    write(renderTerminal(tables, distinctFindings(findings).map(withScope), options));
  for (const report of performance)
    write(renderTerminal(performanceTables(report), report.summary.findings, options));
}

/** One that is about a task names it. */
function withScope(one: Finding): Text {
  const { model, dataset } = one.scope;
  return model === undefined
    ? one
    : phrase('{names}: {reason}', { names: `${model} × ${dataset}`, reason: one });
}

/** The config that the run wrote down is data like the rest of it: one that cannot be read takes nothing but its own facts. */
async function readConfig(source: string): Promise<{ config?: ConfigValues; notes: string[] }> {
  const path = findConfig(source);
  if (path === undefined) return { notes: [] };
  try {
    return { config: (await loadConfig(path, loadContext)).values, notes: [] };
  } catch (error) {
    return { notes: [`the config of the run cannot be read: ${messageOf(error)}`] };
  }
}

/** `eval_cfg` by the abbr of the dataset, of the configs that the user names. */
async function readEvaluations({ datasets = [], configDir }: ImportFlags): Promise<Map<string, unknown>> {
  if (datasets.length === 0) return new Map();
  const flags = {
    models: [],
    datasets,
    mode: 'all' as const,
    configDir,
    numWarmups: 0,
    maxErrorRate: 0,
    set: [],
  };
  const raw = await readRaw(flags, configRoots(configDir), loadContext);
  return new Map(raw.datasets.map(({ values }) => [String(values['abbr']), values['eval_cfg']]));
}
