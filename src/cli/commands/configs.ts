import { dirname, relative } from 'node:path';
import { type ConfigFile, type ConfigKind, findConfigs, listConfigs } from '../../config/find.ts';
import { configJsonSchema } from '../../config/schema.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { left, nameColumn } from '../../report/table.ts';
import { renderTable } from '../../report/terminal.ts';
import { configRoots } from '../places.ts';
import { terminalOptions } from '../print/output.ts';

const KINDS: readonly ConfigKind[] = ['models', 'datasets', 'summarizers'];
/** So few configs are listed with their whole paths. */
const FEW = 3;

interface ListOptions {
  /** Names of configs; all when no kind has any. */
  readonly named: Readonly<Partial<Record<ConfigKind, readonly string[]>>>;
  /** Part of the names to list. */
  readonly text: string;
}

/**
 * `ais_bench --search`: prints the configs and their folders, the user's before the shipped ones. Throws UTILS-MATCH-001 for a name
 * that does not exist, and a text that no name contains.
 */
export function listConfigFiles(configDir: string, { named, text }: ListOptions): number {
  const roots = configRoots(configDir);
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
