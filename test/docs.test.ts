/**
 * The docs say what the code does: their tables come from it, their commands parse, their examples run.
 * `UPDATE_DOCS=1 npx vitest run test/docs.test.ts` rewrites the tables.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { catalog } from '../src/catalog.ts';
import { buildParser } from '../src/cli/args/parser.ts';
import { readRaw } from '../src/config/raw.ts';
import { resolvePlan } from '../src/config/resolve.ts';
import { datasetSchema } from '../src/config/schema.ts';
import { EXIT } from '../src/contract/errors.ts';
import type { FailureKind } from '../src/contract/record.ts';
import { decodeRecord, encodeRecord } from '../src/contract/record-codec.ts';
import { isWorthRetrying } from '../src/transport/failure.ts';
import { emptyFolder } from './e2e/support.ts';
import { blocks, read, root } from './support/doc-pages.ts';
import { shippedConfigs, TABLES, withTable } from './support/docs-tables.ts';

const pages = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(join(root, 'docs')).map((page) => `docs/${page}`),
];

/** Rows of a Markdown table whose first cell is in backticks: cells without backticks. */
function rowsOf(page: string): string[][] {
  return [...read(page).matchAll(/^\| (`.*) \|$/gm)].map(([, row]) =>
    row!.split(' | ').map((one) => one.replaceAll('`', '').trim()),
  );
}

describe('tables that come from the code', () => {
  it.each(TABLES)('%s: %s', async (page, marker, make) => {
    const before = read(page);
    const after = withTable(before, marker, await make(before));
    if (process.env['UPDATE_DOCS']) writeFileSync(join(root, page), after);
    else expect(before).toBe(after);
  });

  it('docs/errors.md has a cure for every code', () => {
    const codes = rowsOf('docs/errors.md').filter(([name]) => /^[A-Z]+-[A-Z]+-\d+$/.test(name!));
    expect(codes.filter((cells) => cells.length !== 4 || cells[3] === '')).toEqual([]);
  });

  it('docs/errors.md says which failures are retried', () => {
    const kinds = rowsOf('docs/errors.md').filter(([name]) => /^[a-z]+(-[a-z]+)?$/.test(name!));
    expect(kinds).toHaveLength(8);
    for (const [kind, , retried] of kinds) {
      if (kind === 'http-status') continue;
      expect([kind, retried]).toEqual([kind, worthRetrying(kind as FailureKind) ? 'yes' : 'no']);
    }
  });

  it('docs/cli.md lists the exit codes', () => {
    const listed = [...read('docs/cli.md').matchAll(/^\| (\d+) \| (\w+) \| \S.* \|$/gm)];
    expect(Object.fromEntries(listed.map(([, value, name]) => [name, Number(value)]))).toEqual(EXIT);
  });

  it('docs/cli.md lists the environment variables', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => read(`src/${file}`));
    const used = sources.flatMap((source) =>
      [...source.matchAll(/process\.env\['(\w+)'\]/g)].map(([, name]) => name!),
    );
    expect(used).not.toEqual([]);
    for (const name of used) expect(rowsOf('docs/cli.md').map(([first]) => first)).toContain(name);
  });

  it('docs/config.md lists the parts of a dataset', () => {
    const { reader_cfg, infer_cfg, eval_cfg } = datasetSchema.shape;
    const listed = rowsOf('docs/config.md').flatMap(([first]) => first!.split(', '));
    for (const [name, schema] of Object.entries({ reader_cfg, infer_cfg, eval_cfg: eval_cfg.unwrap() })) {
      for (const key of Object.keys(schema.shape)) expect(listed).toContain(`${name}.${key}`);
    }
  });

  it('docs/architecture.md has the rows that the architecture test holds, and every room', () => {
    const held = /const ROWS[^=]*= (\[.*?\n\]);/s.exec(read('test/architecture.test.ts'))![1]!;
    const rows = [...held.matchAll(/'([^']+)'/g)].map(([, name]) => name);
    const page = read('docs/architecture.md');
    const told = [...page.matchAll(/^\| \d+ \| (.*) \|$/gm)].flatMap(([, row]) => row!.split(', '));
    expect(told.map((name) => name.replaceAll('`', ''))).toEqual(rows);
    for (const name of readdirSync(join(root, 'src')).filter((file) => !file.endsWith('.test.ts')))
      expect(page).toMatch(new RegExp(`^\\| .*\`src/${name.replace('.', '\\.')}/?\``, 'm'));
  });
});

function worthRetrying(kind: FailureKind): boolean {
  return isWorthRetrying({ kind, message: '' });
}

describe.each(pages)('%s', (page) => {
  const content = read(page);

  it('has links that lead somewhere', () => {
    const links = [...content.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => !leadsSomewhere(page, link));
    expect(broken).toEqual([]);
  });

  it('names no path of a machine', () => {
    expect(content).not.toMatch(/\/(work|tmp|root|home|mnt)\//);
  });

  it('has npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...content.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it.each(commandsOf(page))('%s', (command) => {
    expect(() => parser().parse(wordsOf(command), { from: 'user' })).not.toThrow();
  });
});

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || headingsOf(target).includes(anchor);
}

/** Anchors as GitHub makes them. */
function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function commandsOf(page: string): string[] {
  return blocks(page, 'sh')
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^(?:\w+=\S+ )*ais_bench( |$)/.test(line));
}

/** The arguments of a command line: words, and quoted words. */
function wordsOf(command: string): string[] {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const redirected = words.indexOf('>');
  return words.slice(words.indexOf('ais_bench') + 1, redirected < 0 ? undefined : redirected);
}

/** The command line's parser with commands that check names and do nothing. */
function parser(): Command {
  return buildParser((name, [config], { models, datasets, search, customDatasetPath }) => {
    if (name !== '' || search) return;
    if (config !== undefined) return void expect(config).toMatch(/\.(py|ts|js|yaml|json)$/);
    expect(knownNames('models')).toEqual(expect.arrayContaining(models as string[]));
    const named = (datasets ?? (customDatasetPath === undefined ? undefined : [])) as string[];
    expect(knownNames('datasets')).toEqual(expect.arrayContaining(named));
  }, '0');
}

/** Shipped configs, and those that the docs tell the reader to write. */
function knownNames(kind: 'models' | 'datasets'): string[] {
  const own = pages.flatMap((page) => [...read(page).matchAll(new RegExp(`configs/${kind}/(\\w+)\\.`, 'g'))]);
  return [...shippedConfigs(kind).map(({ name }) => name), ...own.map(([, name]) => name!)];
}

it('the Chinese page has every command of the English one', () => {
  const commands = blocks('README.md', 'sh').flatMap((block) => block.trim().split('\n'));
  const told = blocks('README.zh-CN.md', 'sh').flatMap((block) => block.trim().split('\n'));
  expect(told).toEqual(expect.arrayContaining(commands));
});

it('docs/plugins.md shows the files of examples/plugin as they are', () => {
  const folder = 'examples/plugin';
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts'));
  const texts = files.map((file) => read(`${folder}/${file}`));
  const listings = blocks('docs/plugins.md', 'ts');
  expect(listings).toHaveLength(4);
  for (const listing of listings) expect(texts.some((text) => text.includes(listing.trim()))).toBe(true);
});

it('every shipped config is in docs/models.md', () => {
  const names = (['models', 'datasets', 'summarizers'] as const).flatMap(shippedConfigs);
  for (const { name } of names) expect(read('docs/models.md')).toContain(`| \`${name}\` |`);
});

describe('examples', () => {
  const extensions = { ts: 'ts', js: 'js', json: 'json', yaml: 'yaml' };
  const configs = [
    'docs/add-a-benchmark.md',
    'docs/config.md',
    'docs/connections.md',
    'docs/multimodal.md',
    'docs/quick-start.md',
  ].flatMap((page) =>
    Object.entries(extensions).flatMap(([language, extension]) =>
      blocks(page, language).map((content, n) => ({ name: `${page} ${language} ${n}`, extension, content })),
    ),
  );

  it('are in four forms', () => {
    expect(new Set(configs.map(({ extension }) => extension)).size).toBe(4);
  });

  it.each(configs)('$name is a config', async ({ extension, content }) => {
    const kind = content.includes('_datasets') ? 'datasets' : 'models';
    const folder = emptyFolder({ [`${kind}/example.${extension}`]: content });
    const flags = {
      models: ['vllm_api_stream_chat'],
      datasets: ['demo_gsm8k_gen_0_shot_cot_str_perf'],
      [kind]: ['example'],
      mode: 'all' as const,
      configDir: folder,
      numWarmups: 1,
      maxErrorRate: 0.01,
      set: [],
    };
    const shipped = join(root, 'configs');
    const context = { base: folder, shipped, entry: join(root, 'src/index.ts') };
    const raw = await readRaw(flags, { base: folder, own: folder, shipped }, context);
    const plan = await resolvePlan(raw, flags, catalog, {
      ...{ cwd: folder, data: [] },
      env: { GATEWAY_KEY: 'a key' },
    });
    expect([plan.models.length, plan.datasets.length]).toEqual([1, 1]);
  });

  it('the record of docs/results.md is one', () => {
    const [line] = blocks('docs/results.md', 'json');
    expect(encodeRecord(decodeRecord(line!.trim(), 'docs/results.md'))).toBe(line!.trim());
  });
});
