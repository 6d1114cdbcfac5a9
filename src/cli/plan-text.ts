import { MODE_TABLE } from '../config/modes.ts';
import type { Origins, Plan } from '../config/plan.ts';
import { left, type Table } from '../report/table.ts';
import { renderTable } from '../report/terminal.ts';
import type { Task } from '../run/prepare.ts';
import { maskSecrets } from '../store/redact.ts';
import { INSECURE_BANNER, isInsecure } from './describe-connection.ts';
import { describeTask } from './describe-plan.ts';

interface Beside {
  /** Name of the run that is continued or reported again. */
  readonly earlier: string | undefined;
  readonly warnings: readonly string[];
}

/** What `--dry-run` prints: what would be done, and where every value came from. */
export function planText(plan: Plan, tasks: readonly Task[], { earlier, warnings }: Beside): string {
  const { mode, workDir, models, datasets, notes } = plan;
  const notesToTell = [
    ...notes,
    ...tasks.flatMap((task) => task.notes),
    ...warnings,
    ...models.filter(isInsecure).map(({ abbr }) => `${abbr}: ${INSECURE_BANNER}`),
  ];
  const tables = [
    ...models.map(({ abbr, modelClass, fields = {}, origins }) =>
      originTable(`Model ${abbr}: class ${modelClass.name}`, fields, origins),
    ),
    ...datasets.map(({ abbr, dataset, config, origins }) =>
      originTable(`Dataset ${abbr}: class ${dataset.name}`, ofDataset(config), origins),
    ),
  ];
  return [
    'The plan (--dry-run): nothing is sent, nothing is written',
    `mode ${mode}: ${MODE_TABLE[mode].steps.join(', ')}`,
    earlier === undefined ? `results: a new folder below ${workDir}` : `run: ${earlier} below ${workDir}`,
    ...notesToTell.map((note) => `note: ${note}`),
    '',
    ...tasks.flatMap((task) => describeTask(task, plan.load)),
    '',
    ...tables.map((table) => renderTable(table, { color: false, width: Number.POSITIVE_INFINITY })),
    '',
  ].join('\n');
}

function ofDataset({
  type: _class,
  ...config
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return maskSecrets(config) as Readonly<Record<string, unknown>>;
}

function originTable(title: string, values: Readonly<Record<string, unknown>>, origins: Origins): Table {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return {
    title,
    columns: [left('Key'), left('Value'), left('From')],
    rows: given.map(([key, value]) => [key, shown(value), origins[key] ?? 'the config']),
    footnotes: [],
  };
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
