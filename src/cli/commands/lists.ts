/** What can be named: configs, datasets, the keys of a config. */
import { dirname, join, relative, resolve } from 'node:path';
import { nearest } from '../../basics/nearest.ts';
import { type ConfigFile, type ConfigKind, findConfigs, listConfigs } from '../../config/find.ts';
import { loadPlugins } from '../../config/plugins.ts';
import { configJsonSchema } from '../../config/schema.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { rootsFromEnv } from '../../dataset/locate.ts';
import { findDataset, pullDataset } from '../../dataset/pull.ts';
import { type DataSource, SOURCES } from '../../dataset/sources.ts';
import { left, nameColumn } from '../../report/table.ts';
import { renderTable } from '../../report/terminal.ts';
import { flaggedPlugins, withPlugins } from '../../resolve.ts';
import { configRoots, loadContext } from '../places.ts';
import { terminalOptions } from '../print/output.ts';

const KINDS: readonly ConfigKind[] = ['models', 'datasets', 'summarizers'];
/** So few configs are listed with their whole paths. */
const FEW = 3;

interface ListOptions {
  /** Names of configs; all when no kind has any. */
  readonly named: Readonly<Partial<Record<ConfigKind, readonly string[]>>>;
  /** Part of the names to list. */
  readonly text: string;
  /** Plugins whose configs are listed too. */
  readonly plugin?: readonly string[] | undefined;
}

/**
 * `ais_bench --search`: prints the configs and their folders, the user's before the shipped ones. Throws UTILS-MATCH-001 for a name
 * that does not exist, and a text that no name contains.
 */
export async function listConfigFiles(
  configDir: string,
  { named, text, plugin }: ListOptions,
): Promise<number> {
  const plugins = await loadPlugins(flaggedPlugins(plugin, process.cwd()), loadContext);
  const roots = withPlugins(configRoots(configDir), plugins);
  const isNamed = KINDS.some((kind) => named[kind] !== undefined);
  const files = KINDS.flatMap((kind) =>
    isNamed
      ? (named[kind] ?? []).flatMap((name) => findConfigs(kind, name, roots))
      : listConfigs(kind, roots),
  ).filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  if (files.length === 0)
    throw new AisBenchError('UTILS-MATCH-001', `no config has "${text}" in its name`, {
      where: '--search',
      cure: 'try a shorter text, or list all of them: ais_bench --search',
    });
  const folder = ({ path }: ConfigFile) => shortFolder(dirname(path), roots.shipped);
  const paths = files.length > FEW ? [] : files.map(({ path }) => path);
  const tables = KINDS.map((kind) => files.filter((file) => file.kind === kind)).filter(
    (own) => own.length > 0,
  );
  const shown = tables.map((own, n) =>
    renderTable(
      {
        title: `--${own[0]!.kind}`,
        columns: [nameColumn('Config'), left('Folder')],
        rows: own.map((file) => [file.name, folder(file)]),
        footnotes: n === tables.length - 1 ? [`shipped: ${roots.shipped}`, ...paths] : [],
      },
      terminalOptions(),
    ),
  );
  process.stdout.write(`${shown.join('\n\n')}\n`);
  return EXIT.ok;
}

/** Shortens a folder below the shipped configs or the working directory. */
function shortFolder(path: string, shipped: string): string {
  const below = relative(shipped, path);
  if (!below.startsWith('..')) return `shipped/${below}`;
  const own = relative(process.cwd(), path);
  return own.startsWith('..') ? path : `./${own}`;
}

/** `ais_bench schema`: prints the JSON Schema of a config file. */
export function printSchema(): number {
  process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return EXIT.ok;
}

/** `ais_bench datasets`: prints the datasets with the folder where each was found, or the source of the rest. */
export async function listDatasets(): Promise<number> {
  const roots = rootsFromEnv(process.env, process.cwd());
  const rows = SOURCES.map(async (source) => {
    const { name, licence, pull } = source;
    const folder = await findDataset(source, roots);
    if (folder !== undefined) return [name, 'found', folder, licence];
    return [name, pull === undefined ? 'missing' : 'missing, pull', source.source, licence];
  });
  const table = {
    title: 'Datasets',
    columns: [left('Dataset'), left('State'), left('Folder, or source'), left('Licence')],
    rows: await Promise.all(rows),
    footnotes: [
      `searched: ${roots.join(', ')} (AIS_BENCH_DATASETS_CACHE names the first)`,
      'pull: ais_bench datasets pull NAME downloads it',
    ],
  };
  process.stdout.write(`${renderTable(table, terminalOptions())}\n`);
  return EXIT.ok;
}

interface PullFlags {
  readonly into?: string;
  readonly mirror?: string;
  readonly force?: boolean;
}

/** `ais_bench datasets pull NAME`: downloads a dataset. Throws UTILS-MATCH-001 for an unknown name, DSET-PULL-001 and -002. */
export async function pull(name: string, { into, mirror, force }: PullFlags): Promise<number> {
  const source = findSource(name);
  const root = into ?? rootsFromEnv(process.env, process.cwd())[0]!;
  const report = (line: string) => process.stderr.write(`${line}\n`);
  report(`${source.name}: ${source.source}, licence ${source.licence}`);
  const folder = join(resolve(root), source.folder ?? source.name);
  await pullDataset(source, { into: folder, mirror, force, report });
  report(`${source.name} is in ${folder}`);
  return EXIT.ok;
}

function findSource(name: string): DataSource {
  const source = SOURCES.find((one) => one.name === name);
  const known = SOURCES.map((one) => one.name);
  if (source === undefined) {
    const near = nearest(name, known);
    throw new AisBenchError('UTILS-MATCH-001', `no dataset is named "${name}"`, {
      where: 'ais_bench datasets pull',
      cure: near === undefined ? `use one of: ${known.join(', ')}` : `did you mean "${near}"?`,
    });
  }
  if (source.pull !== undefined) return source;
  throw new AisBenchError('DSET-PULL-001', `${name} cannot be downloaded file by file`, {
    where: source.source,
    cure: `get ${source.files.join(', ')} from there by hand`,
  });
}
