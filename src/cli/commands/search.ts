import { type ConfigKind, listConfigs } from '../../config/find.ts';
import { EXIT } from '../../errors.ts';
import { left } from '../../report/table.ts';
import { renderTable } from '../../report/terminal.ts';
import { configRoots } from '../places.ts';

const KINDS: readonly ConfigKind[] = ['models', 'datasets', 'summarizers'];

/** `ais_bench --search`: where every config lies, the user's before the shipped ones. */
export function printConfigTable(configDir: string): number {
  const roots = configRoots(configDir);
  const rows = KINDS.flatMap((kind) =>
    listConfigs(kind, roots).map(({ name, path }) => [`--${kind}`, name, path]),
  );
  // A path that is wrapped cannot be copied: the table is as wide as it needs to be.
  const width = Number.POSITIVE_INFINITY;
  const columns = [left('Task Type'), left('Task Name'), left('Config File Path')];
  const table = { title: 'Configs', columns, rows, footnotes: [] };
  process.stdout.write(`${renderTable(table, { color: false, width })}\n`);
  return EXIT.ok;
}
