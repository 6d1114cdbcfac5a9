/** Plugins on the command line: their list, and the exporters that they bring. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { nearest } from '../../basics/nearest.ts';
import { configAtPath, listConfigs } from '../../config/find.ts';
import { loadConfig } from '../../config/load.ts';
import {
  EXPORT_FORMATS,
  type LoadedPlugin,
  loadPlugins,
  PLUGIN_KINDS,
  pluginParts,
} from '../../config/plugins.ts';
import { originOf } from '../../config/python-plugins.ts';
import { pluginsIn } from '../../config/raw.ts';
import { AisBenchError, EXIT, messageOf } from '../../contract/errors.ts';
import type { ExportedFiles, Exporter } from '../../plugin.ts';
import { listPythonPlugins, type PythonPlugin } from '../../python-bridge/plugins.ts';
import { left, nameColumn } from '../../report/table.ts';
import { renderTable } from '../../report/terminal.ts';
import { flaggedPlugins, SHIPPED } from '../../resolve.ts';
import type { StoredRun } from '../../session/open-run.ts';
import { loadContext } from '../places.ts';
import { cannotWrite, terminalOptions, withOutput } from '../print/output.ts';

interface PluginFlags {
  readonly plugin?: readonly string[];
  readonly python?: string;
}

/** `ais_bench plugins [config]`: prints the plugins that flags and a config name, and what each brings. */
export async function listPlugins(
  config: string | undefined,
  { plugin, python }: PluginFlags,
): Promise<number> {
  const cwd = process.cwd();
  const named = flaggedPlugins(plugin, cwd);
  if (config !== undefined) {
    const { path } = configAtPath('models', config, cwd);
    named.push(...pluginsIn(await loadConfig(path, loadContext), cwd));
  }
  const plugins = await loadPlugins(named, loadContext);
  pluginParts(plugins, SHIPPED);
  const ofPython = await inPython(python);
  const rows = [...plugins.flatMap(rowsOf), ...ofPython.plugins.flatMap(pythonRows)];
  if (rows.length === 0) process.stdout.write(`${[NONE, ...ofPython.notes].join('\n')}\n`);
  else
    process.stdout.write(
      `${renderTable(
        {
          title: 'Plugins',
          columns: [nameColumn('Plugin'), left('Origin'), left('Kind'), left('Names')],
          rows,
          footnotes: [
            ...plugins.map(({ name, file, by }) => `${name}: ${file}, named by ${by}`),
            ...ofPython.plugins.map(({ name }) => `${name}: a Python entry point`),
            ...ofPython.notes,
          ],
        },
        terminalOptions(),
      )}\n`,
    );
  return EXIT.ok;
}

const NONE =
  'There are no plugins: name one with --plugin or in `plugins` of a config, or install a Python package that is one.';

interface PythonList {
  readonly plugins: readonly PythonPlugin[];
  readonly notes: readonly string[];
}

/** Lists the plugins of the Python that runs local models; without Python there are none. */
async function inPython(python: string | undefined): Promise<PythonList> {
  try {
    const plugins = await listPythonPlugins(python);
    const broken = plugins.flatMap((one) =>
      one.error === undefined ? [] : [`${one.name} (${originOf(one)}) cannot be imported: ${one.error}`],
    );
    const isOther = plugins.some(({ classes }) => classes.some(({ kind }) => !kind.startsWith('model-')));
    return { plugins, notes: [...broken, ...(isOther ? [MODELS_ALONE] : [])] };
  } catch (error) {
    if (python !== undefined) throw error;
    return { plugins: [], notes: [`Python entry points are not listed: ${messageOf(error)}`] };
  }
}

const MODELS_ALONE = 'of Python plugins the models are run; other classes are listed only';

function pythonRows(plugin: PythonPlugin): string[][] {
  const kinds = [...new Set(plugin.classes.map(({ kind }) => kind))];
  const rows = kinds.map((kind) => [
    kind,
    plugin.classes
      .filter((one) => one.kind === kind)
      .map(({ name }) => name)
      .join(', '),
  ]);
  return labelled([plugin.name, originOf(plugin)], rows.length > 0 ? rows : [['', '']]);
}

/** Returns one row a kind; the plugin itself is in the first. */
function rowsOf({ name, origin, parts, configs }: LoadedPlugin): string[][] {
  const kinds = PLUGIN_KINDS.map((kind) => [kind, [...parts[kind].keys()]] as const);
  const rows = [...kinds, ['configs', configs === undefined ? [] : configNames(configs)] as const]
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => [kind, names.join(', ')]);
  return labelled([name, origin], rows);
}

function labelled(label: readonly string[], rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row, index) => [...(index === 0 ? label : label.map(() => '')), ...row]);
}

function configNames(folder: string): string[] {
  const roots = { base: folder, own: folder, shipped: folder };
  return (['models', 'datasets', 'summarizers'] as const).flatMap((kind) =>
    listConfigs(kind, roots).map(({ name }) => name),
  );
}

/** Finds the exporter of a plugin. Throws TMAN-CMD-002 for a format that no one has. */
export async function findExporter(format: string, { plugin }: PluginFlags): Promise<Exporter> {
  const plugins = await loadPlugins(flaggedPlugins(plugin, process.cwd()), loadContext);
  const parts = pluginParts(plugins, SHIPPED);
  const found = parts.find('exporters', format);
  if (found !== undefined) return found.value as Exporter;
  const known = [...EXPORT_FORMATS, ...parts.names('exporters')];
  const near = nearest(format, known);
  throw new AisBenchError('TMAN-CMD-002', `there is no export format "${format}"`, {
    where: '--format',
    cure:
      near === undefined
        ? `use one of: ${known.join(', ')}; --plugin loads those of a plugin`
        : `did you mean "${near}"?`,
  });
}

interface ExportTarget {
  readonly format: string;
  readonly out?: string | undefined;
}

/**
 * Writes runs with an exporter of a plugin: its texts one after the other to `--out` or standard output, its files below the folder
 * `--out`, of several runs each in a folder of the run's name. Throws PLUGIN-IMPL-001 where the exporter throws or returns neither.
 */
export async function exportBy(
  exporter: Exporter,
  runs: readonly StoredRun[],
  { format, out }: ExportTarget,
): Promise<void> {
  const texts: (string | Uint8Array)[] = [];
  const files: [path: string, content: string | Uint8Array][] = [];
  for (const run of runs) {
    const made = await exported(exporter, run, format);
    if (isContent(made)) texts.push(made);
    else
      for (const [path, content] of Object.entries(made))
        files.push([join(runs.length > 1 ? run.name : '', path), content]);
  }
  if (files.length > 0) writeFiles(files, { format, out });
  if (texts.length === 0) return;
  const isBinary = texts.some((text) => typeof text !== 'string');
  await withOutput({ out, isBinary }, async (output) => {
    for (const text of texts) output.write(text);
  });
}

function isContent(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array;
}

async function exported(
  exporter: Exporter,
  run: StoredRun,
  format: string,
): Promise<string | Uint8Array | ExportedFiles> {
  const refuse = (what: string, cause?: unknown) =>
    new AisBenchError('PLUGIN-IMPL-001', `the exporter "${format}" ${what}`, {
      where: run.folder,
      cure: 'correct it in its plugin: it returns a text, bytes, or { "file name": content }',
      cause,
    });
  let made: unknown;
  try {
    made = await exporter(run);
  } catch (cause) {
    throw refuse(`threw: ${messageOf(cause)}`, cause);
  }
  if (isContent(made)) return made;
  if (typeof made !== 'object' || made === null) throw refuse(`returned ${String(made)}`);
  for (const [path, content] of Object.entries(made)) {
    if (!isContent(content)) throw refuse(`made a file "${path}" that is neither text nor bytes`);
    if (isAbsolute(path) || normalize(path).startsWith('..'))
      throw refuse(`made a file outside of its folder: "${path}"`);
  }
  return made as ExportedFiles;
}

function writeFiles(
  files: readonly (readonly [path: string, content: string | Uint8Array])[],
  { format, out }: ExportTarget,
): void {
  if (out === undefined)
    throw new AisBenchError('TMAN-CMD-001', `the format "${format}" makes files, and no folder is named`, {
      where: '--out',
      cure: 'name a folder: --out exported',
    });
  for (const [path, content] of files) {
    const target = resolve(out, path);
    try {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    } catch (cause) {
      throw cannotWrite(`--out ${out}`, cause);
    }
  }
}
