import { type ConfigKind, findConfigs, listConfigs } from '../../config/find.ts';
import { EXIT } from '../../contract/errors.ts';
import { left, nameColumn } from '../../report/table.ts';
import { renderTable } from '../../report/terminal.ts';
import { configRoots } from '../places.ts';

type NamedConfigs = Readonly<Partial<Record<ConfigKind, readonly string[]>>>;

const KINDS: readonly ConfigKind[] = ['models', 'datasets', 'summarizers'];

/**
 * `ais_bench --search`: where every config lies, the user's before the shipped ones; where some are named, these alone. Throws
 * UTILS-MATCH-001 for a name that is nowhere.
 */
export function printConfigTable(configDir: string, named: NamedConfigs): number {
  const roots = configRoots(configDir);
  const isNamed = KINDS.some((kind) => named[kind] !== undefined);
  const filesOf = (kind: ConfigKind) =>
    isNamed
      ? (named[kind] ?? []).flatMap((name) => findConfigs(kind, name, roots))
      : listConfigs(kind, roots);
  const rows = KINDS.flatMap((kind) => filesOf(kind).map(({ name, path }) => [`--${kind}`, name, path]));
  // A path that is wrapped cannot be copied: the table is as wide as it needs to be.
  const width = Number.POSITIVE_INFINITY;
  const columns = [left('Task Type'), nameColumn('Task Name'), left('Config File Path')];
  const table = { title: 'Configs', columns, rows, footnotes: [] };
  process.stdout.write(`${renderTable(table, { color: false, width })}\n`);
  return EXIT.ok;
}
