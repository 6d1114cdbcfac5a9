/** The tables of the docs that come from the code, and how they stand between their markers in a page. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AGENT_FLAGS } from '../../src/cli/agent-flags.ts';
import { COMPARE_FLAGS } from '../../src/cli/compare-flags.ts';
import { PULL_FLAGS } from '../../src/cli/datasets-flags.ts';
import { EXPORT_FLAGS } from '../../src/cli/export-flags.ts';
import { RUN_FLAGS } from '../../src/cli/flags.ts';
import { IMPORT_FLAGS } from '../../src/cli/import-flags.ts';
import { K8S_FLAGS } from '../../src/cli/k8s-flags.ts';
import { CHECK_FLAGS, NEW_FLAGS } from '../../src/cli/kit-flags.ts';
import { EXPLAIN_FLAGS } from '../../src/cli/report-flags.ts';
import { SELFTEST_FLAGS } from '../../src/cli/selftest-flags.ts';
import { SEARCH_FLAGS, SWEEP_FLAGS } from '../../src/cli/series-flags.ts';
import { DEMO_FLAGS, SERVE_FLAGS } from '../../src/cli/service-flags.ts';
import { type ConfigKind, listConfigs } from '../../src/config/find.ts';
import { MODE_TABLE } from '../../src/config/modes.ts';
import {
  datasetSchema,
  fieldDocs,
  localModelSchema,
  serviceModelSchema,
  timeoutsSchema,
} from '../../src/config/schema.ts';
import { tlsSchema } from '../../src/config/schema-connection.ts';
import { trafficSchema } from '../../src/config/schema-traffic.ts';
import { CODES } from '../../src/contract/errors.ts';
import { FINDING_AREAS } from '../../src/contract/finding.ts';
import type { FindingEntry } from '../../src/contract/finding-entry.ts';
import type { Column } from '../../src/report/export/column.ts';
import { REQUEST_COLUMNS } from '../../src/report/export/requests.ts';
import { SAMPLE_COLUMNS } from '../../src/report/export/samples.ts';

import { BUNDLED, dependencies } from './dependency-table.ts';

const SHIPPED = fileURLToPath(new URL('../../configs', import.meta.url));

/** The flags of their own; those of a run follow. */
const OWN_OF_SWEEP = 3;
const OWN_OF_SEARCH = 9;

/** Markers of a page → its tables. */
export const TABLES: readonly (readonly [page: string, marker: string, make: (page: string) => unknown])[] = [
  ['docs/config.md', 'fields:service-model', () => fieldTable(serviceModelSchema)],
  ['docs/config.md', 'fields:local-model', () => fieldTable(localModelSchema)],
  ['docs/config.md', 'fields:timeouts', () => fieldTable(timeoutsSchema)],
  ['docs/config.md', 'fields:dataset', () => fieldTable(datasetSchema)],
  ['docs/connections.md', 'fields:tls', () => fieldTable(tlsSchema)],
  ['docs/load.md', 'fields:traffic', () => fieldTable(trafficSchema)],
  ['docs/cli.md', 'flags:run', () => flagTable(RUN_FLAGS)],
  ['docs/cli.md', 'modes', modeTable],
  ['docs/cli.md', 'flags:serve', () => flagTable(SERVE_FLAGS)],
  ['docs/cli.md', 'flags:new', () => flagTable(NEW_FLAGS)],
  ['docs/cli.md', 'flags:check', () => flagTable(CHECK_FLAGS)],
  ['docs/cli.md', 'flags:pull', () => flagTable(PULL_FLAGS)],
  ['docs/cli.md', 'flags:import', () => flagTable(IMPORT_FLAGS)],
  ['docs/cli.md', 'flags:explain', () => flagTable(EXPLAIN_FLAGS)],
  ['docs/cli.md', 'flags:compare', () => flagTable(COMPARE_FLAGS)],
  ['docs/cli.md', 'flags:k8s', () => flagTable(K8S_FLAGS)],
  ['docs/cli.md', 'flags:selftest', () => flagTable(SELFTEST_FLAGS)],
  ['docs/cli.md', 'flags:sweep', () => flagTable(SWEEP_FLAGS.slice(0, OWN_OF_SWEEP))],
  ['docs/cli.md', 'flags:search', () => flagTable(SEARCH_FLAGS.slice(0, OWN_OF_SEARCH))],
  ['docs/cli.md', 'flags:agent', () => flagTable(AGENT_FLAGS)],
  ['docs/cli.md', 'flags:demo', () => flagTable(DEMO_FLAGS)],
  ['docs/models.md', 'configs:models', modelConfigs],
  ['docs/models.md', 'configs:datasets', datasetConfigs],
  ['docs/models.md', 'configs:summarizers', summarizerConfigs],
  ['docs/errors.md', 'errors', errorTable],
  ...Object.entries(FINDING_AREAS).map(
    ([area, entries]) => ['docs/findings.md', `findings:${area}`, () => findingTable(entries)] as const,
  ),
  ['docs/dependencies.md', 'dependencies', dependencyTable],
  ['docs/cli.md', 'flags:export', () => flagTable(EXPORT_FLAGS)],
  ['docs/export.md', 'columns:requests', () => columnTable(REQUEST_COLUMNS)],
  ['docs/export.md', 'columns:samples', () => columnTable(SAMPLE_COLUMNS)],
];

/** What each is used for is written by hand: a package's row keeps what it has. */
function dependencyTable(page: string): string {
  const rows = dependencies().map(({ name, version, licence, kilobytes, neededBy, home }) => {
    const used = page.match(new RegExp(`^\\| \`${name}\` \\|.*\\| (.*) \\|$`, 'm'))?.[1] ?? '';
    const by = BUNDLED[name] ?? (neededBy.map(code).join(', ') || 'the tool');
    return [code(name), version, licence, String(kilobytes), by, home, used];
  });
  return markdown(['Package', 'Version', 'Licence', 'KB', 'Needed by', 'Home', 'Used for'], rows);
}

function columnTable(columns: readonly Omit<Column<never>, 'of'>[]): string {
  const rows = columns.map(({ name, type, meaning }) => [code(name), code(type), meaning]);
  return markdown(['Column', 'Type', 'Meaning'], rows);
}

/** The page with this table between its markers. Throws where the page has no such markers. */
export function withTable(page: string, marker: string, table: unknown): string {
  const [start, end] = [`<!-- ${marker} -->\n`, `<!-- /${marker} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no markers ${start.trim()} … ${end}`);
  return `${page.slice(0, from + start.length)}\n${table}\n\n${page.slice(to)}`;
}

export function shippedConfigs(kind: ConfigKind) {
  return listConfigs(kind, { base: '', own: SHIPPED, shipped: SHIPPED });
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').trim();
}

const code = (text: string) => (text === '' ? '' : `\`${text}\``);

function fieldTable(schema: Parameters<typeof fieldDocs>[0]): string {
  const rows = fieldDocs(schema).map(({ name, required, fallback, range, meaning }) => [
    code(name),
    range,
    required ? '**required**' : code(fallback),
    meaning,
  ]);
  return markdown(['Field', 'Type, range', 'Default', 'Meaning'], rows);
}

function flagTable(flags: typeof RUN_FLAGS): string {
  const rows = flags
    .filter(({ hidden }) => !hidden)
    .map(({ flags: text, meaning, fallback, choices }) => [
      code(text),
      choices === undefined ? meaning : `${meaning} (${choices.map(code).join(', ')})`,
      fallback === undefined ? '' : code(String(fallback)),
    ]);
  return markdown(['Flag', 'Meaning', 'Default'], rows);
}

function modeTable(): string {
  const rows = Object.entries(MODE_TABLE).map(([name, { steps, meaning }]) => [
    code(name),
    steps.join(', '),
    meaning,
  ]);
  return markdown(['Mode', 'Steps', 'What happens'], rows);
}

/** The cures are written by hand: a code's row keeps the one it has. */
function errorTable(page: string): string {
  const cureOf = (name: string) =>
    page.match(new RegExp(`^\\| \`${name}\` \\|.*\\| (.*) \\|$`, 'm'))?.[1] ?? '';
  const rows = Object.entries(CODES).map(([name, { exit, meaning }]) => [
    code(name),
    String(exit),
    meaning,
    cureOf(name),
  ]);
  return markdown(['Code', 'Exit code', 'What happened', 'What to do'], rows);
}

function findingTable(entries: Readonly<Record<string, FindingEntry>>): string {
  const rows = Object.entries(entries).map(([name, { level, en, zh, cure, docs }]) => [
    `[\`${name}\`](${docs})`,
    level,
    `${escaped(en)}<br>${escaped(zh)}`,
    `${escaped(cure.en)}<br>${escaped(cure.zh)}`,
  ]);
  return rows.length === 0 ? 'None yet.' : markdown(['Code', 'Level', 'What it says', 'What to do'], rows);
}

/** Placeholders and signs of a text are no Markdown. */
function escaped(text: string): string {
  return text.replace(/[[\]<>*_`]/g, '\\$&');
}

/** What a module exports that is a config; tables of names may stand beside it. */
const CONFIG_KEYS = /^models$|^datasets$|_datasets$|^summarizer$/;

/** Every entry of every shipped config of a kind, with the config's name. */
async function entriesOf(kind: ConfigKind): Promise<{ name: string; entry: any }[]> {
  const found: { name: string; entry: any }[] = [];
  for (const { name, path } of shippedConfigs(kind)) {
    const values = Object.entries(await import(pathToFileURL(path).href));
    const configs = values.filter(([key]) => CONFIG_KEYS.test(key)).flatMap(([, value]) => value);
    found.push(...configs.map((entry) => ({ name, entry })));
  }
  return found;
}

async function modelConfigs(): Promise<string> {
  const rows = (await entriesOf('models')).map(({ name, entry }) => [
    code(name),
    code(entry.type),
    entry.stream ? 'stream' : 'text',
    code(entry.abbr),
  ]);
  return markdown(['Config', 'Class', 'Mode', '`abbr`'], rows);
}

async function datasetConfigs(): Promise<string> {
  const rows = (await entriesOf('datasets')).map(({ name, entry }) => [
    code(name),
    code(entry.type),
    entry.reader_cfg.test_range === undefined ? 'all' : code(entry.reader_cfg.test_range),
    promptKind(entry.infer_cfg),
    String(entry.infer_cfg.retriever.fix_id_list?.length ?? 0),
  ]);
  // Subjects of one benchmark are asked alike: they share a row.
  const different = new Map(rows.map((row) => [row.join('|'), row]));
  return markdown(['Config', 'Class', 'Questions', 'Prompt', 'Worked examples'], [...different.values()]);
}

function promptKind({ prompt_template, inferencer }: any): string {
  const kindOf = (template: unknown) => (typeof template === 'string' ? 'text' : 'dialogue');
  if (inferencer.type === 'MultiTurnGenInferencer') return 'dialogue of turns';
  if (inferencer.type !== 'PPLInferencer') return kindOf(prompt_template.template);
  return `${kindOf(Object.values(prompt_template.template)[0])} for each label`;
}

async function summarizerConfigs(): Promise<string> {
  const rows = (await entriesOf('summarizers')).map(({ name, entry }) => [
    code(name),
    entry.attr,
    code(entry.type),
  ]);
  return markdown(['Config', 'For', 'Class'], rows);
}
