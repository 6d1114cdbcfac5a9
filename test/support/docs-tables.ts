/** The tables of the docs that come from the code, and how they stand between their markers in a page. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { COMMANDS } from '../../src/cli/args/commands.ts';
import { type CommandSpec, type Flag, GROUPS } from '../../src/cli/args/flag.ts';
import { fullMeaning } from '../../src/cli/args/parser.ts';
import { type ConfigKind, listConfigs } from '../../src/config/find.ts';
import { MODE_TABLE } from '../../src/config/modes.ts';
import {
  datasetSchema,
  fieldDocs,
  localModelSchema,
  serviceModelSchema,
  timeoutsSchema,
  tlsSchema,
  trafficSchema,
} from '../../src/config/schema.ts';
import { CODES } from '../../src/contract/errors.ts';
import { FINDING_AREAS } from '../../src/contract/finding.ts';
import type { FindingEntry } from '../../src/contract/finding-entry.ts';
import type { ExportColumn } from '../../src/report/export/column.ts';
import { REQUEST_COLUMNS, SAMPLE_COLUMNS } from '../../src/report/export/requests.ts';
import { BUNDLED, dependencies } from './dependency-table.ts';

const SHIPPED = fileURLToPath(new URL('../../configs', import.meta.url));

/** Markers of a page → its tables. */
export const TABLES: readonly (readonly [page: string, marker: string, make: (page: string) => unknown])[] = [
  ['docs/config.md', 'fields:service-model', () => fieldTable(serviceModelSchema)],
  ['docs/config.md', 'fields:local-model', () => fieldTable(localModelSchema)],
  ['docs/config.md', 'fields:timeouts', () => fieldTable(timeoutsSchema)],
  ['docs/config.md', 'fields:dataset', () => fieldTable(datasetSchema)],
  ['docs/connections.md', 'fields:tls', () => fieldTable(tlsSchema)],
  ['docs/load.md', 'fields:traffic', () => fieldTable(trafficSchema)],
  ['docs/cli.md', 'commands', commandTable],
  ['docs/cli.md', 'modes', modeTable],
  ...COMMANDS.filter(({ hidden }) => !hidden).map(
    (spec) => ['docs/cli.md', `command:${spec.name || 'run'}`, () => commandSection(spec)] as const,
  ),
  ['docs/models.md', 'configs:models', modelConfigs],
  ['docs/models.md', 'configs:datasets', datasetConfigs],
  ['docs/models.md', 'configs:summarizers', summarizerConfigs],
  ['docs/errors.md', 'errors', errorTable],
  ...Object.entries(FINDING_AREAS).map(
    ([area, entries]) => ['docs/findings.md', `findings:${area}`, () => findingTable(entries)] as const,
  ),
  ['docs/dependencies.md', 'dependencies', dependencyTable],
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

function columnTable(columns: readonly Omit<ExportColumn<never>, 'of'>[]): string {
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

function commandTable(): string {
  const rows = COMMANDS.filter(({ hidden }) => !hidden).map(({ name, summary, parameters = [] }) => [
    `[\`${['ais_bench', name, ...parameters.map((one) => one.name)].filter((word) => word !== '').join(' ')}\`](#${anchorOf(name)})`,
    summary,
  ]);
  return markdown(['Command', 'What it does'], rows);
}

function anchorOf(name: string): string {
  return `ais_bench${name === '' ? '' : `-${name.replaceAll(' ', '-')}`}`;
}

/** Examples, arguments and flags of a command. */
function commandSection({ parameters = [], flags = [], examples = [] }: CommandSpec): string {
  const lines = examples.flatMap(([purpose, command]) => [`# ${purpose}`, command]);
  const shown = flags.filter(({ hidden }) => !hidden);
  const groups = GROUPS.map(
    (group) => [group, shown.filter((flag) => (flag.group ?? 'Options') === group)] as const,
  );
  return [
    ['```sh', ...lines, '```'].join('\n'),
    ...(parameters.length === 0
      ? []
      : [
          markdown(
            ['Argument', 'Meaning'],
            parameters.map(({ name, meaning, choices = [] }) => [
              code(name),
              [meaning, ...choices.map(code)].join(', '),
            ]),
          ),
        ]),
    ...groups.flatMap(([group, own]) =>
      own.length === 0 ? [] : [flagTable(group === 'Options' ? 'Flag' : group, own)],
    ),
  ].join('\n\n');
}

function flagTable(head: string, flags: readonly Flag[]): string {
  const rows = flags.map((flag) => {
    const {
      fallback,
      otherwise = fallback === undefined || String(fallback) === '' ? '' : code(String(fallback)),
    } = flag;
    return [
      code(flag.flags),
      fullMeaning({ ...flag, fallback: undefined, otherwise: undefined }),
      otherwise.replace('<', '\\<'),
    ];
  });
  return markdown([head, 'Meaning', 'Default'], rows);
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
