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
  const width = Math.max(process.stdout.columns ?? 0, ...rows.map((row) => row.join('').length + 4));
  const columns = [left('Task Type'), left('Task Name'), left('Config File Path')];
  const table = { title: 'Configs', columns, rows, footnotes: [] };
  process.stdout.write(`${renderTable(table, { color: false, width })}\n`);
  return EXIT.ok;
}
