import { MODE_TABLE } from '../../config/modes.ts';
import type { Origins, Plan } from '../../config/plan.ts';
import { judgesOf } from '../../config/resolve-judge.ts';
import type { Task } from '../../sending/prepare.ts';
import { taskNotes } from '../../session/messages.ts';
import { maskSecrets } from '../../store/redact.ts';
import { INSECURE_BANNER, isInsecure } from './describe-connection.ts';
import { describeTasks } from './describe-plan.ts';

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
    ...taskNotes(tasks),
    ...warnings,
    ...models.filter(isInsecure).map(({ abbr }) => `${abbr}: ${INSECURE_BANNER}`),
  ];
  const lists = [
    ...models.map(({ abbr, modelClass, fields = {}, origins }) =>
      originList(`Model ${abbr}: class ${modelClass.name}`, fields, origins),
    ),
    ...datasets.map(({ abbr, datasetClass, config, origins }) =>
      originList(`Dataset ${abbr}: class ${datasetClass.name}`, ofDataset(config), origins),
    ),
    ...judgesOf(plan).map(({ model: { modelClass, fields = {}, origins }, dataset }) =>
      originList(`Judge ${dataset.abbr}: class ${modelClass.name}`, fields, origins),
    ),
  ];
  return [
    'The plan (--dry-run): nothing is sent, nothing is written',
    `mode ${mode}: ${MODE_TABLE[mode].steps.join(', ')}`,
    earlier === undefined ? `results: a new folder below ${workDir}` : `run: ${earlier} below ${workDir}`,
    ...notesToTell.map((note) => `note: ${note}`),
    '',
    ...describeTasks(tasks, plan.load),
    '',
    ...lists,
  ].join('\n');
}

function ofDataset({
  type: _class,
  ...config
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return maskSecrets(config) as Readonly<Record<string, unknown>>;
}

/** Lines and no table: a template is longer than any terminal is wide. */
function originList(title: string, values: Readonly<Record<string, unknown>>, origins: Origins): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const lines = given.map(([key, value]) => `  ${key}: ${shown(value)}  (${origins[key] ?? 'the config'})`);
  return [title, ...lines, ''].join('\n');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
