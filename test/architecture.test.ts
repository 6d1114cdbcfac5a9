/** The house of docs/architecture.md, held by tests: who may import whom, what stays pure, how large a room may grow. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { catalog } from '../src/catalog.ts';
import * as publicApi from '../src/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');

/** Files below a folder, tests left out; `file` is relative to `src`. */
function filesIn(folder: string) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
    .map((path) => ({ file: relative(src, path), text: readFileSync(path, 'utf8') }));
}

const viewer = filesIn(join(root, 'viewer/src'));
const sources = filesIn(src).map(({ file, text }) => ({
  file,
  text,
  tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true),
}));

/** Rows of the house, top to bottom; a room imports its own files and the rows above it. */
const ROWS: readonly (readonly string[])[] = [
  [
    'errors.ts',
    'record.ts',
    'record-codec.ts',
    'transcript-codec.ts',
    'nearest.ts',
    'plural.ts',
    'random.ts',
    'byte-lines.ts',
    'package-folder.ts',
    'jinja',
    'python-data',
    'models',
    'dataset/types.ts',
  ],
  ['python-bridge', 'tokenizer', 'transport', 'load', 'store', 'prompt', 'metrics', 'scrape', 'sandbox'],
  ['config', 'dataset', 'models/api', 'models/local', 'evaluate'],
  ['run', 'report'],
  ['live', 'search', 'agents', 'engine', 'kit', 'selftest', 'import'],
  ['catalog.ts', 'cli', 'index.ts', 'testing'],
];

function roomOf(file: string): { room: string; row: number } {
  const candidates = ROWS.flatMap((rooms, row) => rooms.map((room) => ({ room, row })));
  const found = candidates
    .filter(({ room }) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.room.length - a.room.length)[0];
  if (found === undefined) throw new Error(`${file} stands in no room of the house`);
  return found;
}

function importsOf(file: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(src, resolve(src, dirname(file), name)));
}

describe('the house', () => {
  it.each(sources)('$file imports only its own room and the rows above', ({ file, text }) => {
    const own = roomOf(file);
    const wrong = importsOf(file, text).filter((imported) => {
      const other = roomOf(imported);
      // The spine's own files and the parts that put everything together build on each other.
      const isOwnRow = other.row === own.row && (own.row === 0 || own.row === ROWS.length - 1);
      return other.room !== own.room && other.row >= own.row && !isOwnRow;
    });
    expect(wrong).toEqual([]);
  });

  it('has no import cycles', () => {
    const graph = new Map([...sources, ...viewer].map(({ file, text }) => [file, importsOf(file, text)]));
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) throw new Error(`cycle: ${[...trail, file].join(' → ')}`);
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
  });

  it('exports exactly its public API', () => {
    expect(Object.keys(publicApi).sort()).toEqual([
      'AisBenchError',
      'AnthropicMessages',
      'BaseAPIModel',
      'BaseModel',
      'GGUFBaseModel',
      'GGUFwithChatTemplate',
      'HuggingFace',
      'HuggingFaceBaseModel',
      'HuggingFaceCausalLM',
      'HuggingFaceQwen2VLwithChatTemplate',
      'HuggingFaceVL',
      'HuggingFacewithChatTemplate',
      'MindieStreamApi',
      'OpenAIResponses',
      'RequestOutput',
      'TGICustomAPI',
      'TritonCustomAPI',
      'VITAGenerateAPI',
      'VLLMCustomAPI',
      'VLLMCustomAPIChat',
      'VLLMCustomAPIOld',
      'VLLMOfflineVLModel',
      'toMessages',
      'toText',
    ]);
  });

  it('exits the process in cli/main.ts only', () => {
    const exiting = sources.filter(({ text }) => /process\.exit\(/.test(text)).map(({ file }) => file);
    expect(exiting).toEqual(['cli/main.ts']);
  });

  it('asks for its own place in package-folder.ts only: what is built lies elsewhere than its source', () => {
    const asking = sources.filter(({ tree }) => {
      let asks = false;
      const walk = (node: ts.Node): void => {
        asks ||= ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;
        ts.forEachChild(node, walk);
      };
      walk(tree);
      return asks;
    });
    expect(asking.map(({ file }) => file)).toEqual(['package-folder.ts']);
  });

  it('reads no clock in the pure rooms', () => {
    const pure = ['config/', 'dataset/', 'prompt/', 'models/', 'metrics/', 'evaluate/', 'report/', 'load/'];
    const clock = /performance\.now|Date\.now|new Date\(\)|process\.hrtime|from 'node:perf_hooks'/;
    const reading = sources
      .filter(({ file, text }) => pure.some((room) => file.startsWith(room)) && clock.test(text))
      .map(({ file }) => file);
    expect(reading).toEqual([]);
  });

  it('touches files only at its named edges', () => {
    const edges = [
      'package-folder.ts',
      'config/load.ts',
      'config/find.ts',
      'dataset/read.ts',
      'dataset/locate.ts',
      'models/local/llama-',
      'tokenizer/',
      'run/media.ts',
      'store/',
      'engine/',
      'import/',
      'cli/',
      'testing/',
    ];
    const touching = sources
      .filter(({ text }) => /from 'node:fs(\/promises)?'/.test(text))
      .map(({ file }) => file)
      .filter((file) => !edges.some((edge) => file.startsWith(edge)));
    expect(touching).toEqual([]);
  });

  /** Tables of data are as long as their data. */
  const DATA_TABLES = new Set([
    'dataset/builtin/demo-problems.ts',
    'dataset/source-table.ts',
    'engine/answer-table.ts',
  ]);

  it('keeps files small: none above 300 lines, the median at most 100', () => {
    const lengths = sources
      .filter(({ file }) => !DATA_TABLES.has(file))
      .map(({ file, text }) => ({ file, lines: text.split('\n').length }))
      .sort((a, b) => a.lines - b.lines);
    expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
    expect(lengths[Math.floor(lengths.length / 2)]!.lines).toBeLessThanOrEqual(100);
  });

  it('keeps functions below 60 lines', () => {
    const long: string[] = [];
    for (const { file, tree } of sources) {
      const walk = (node: ts.Node): void => {
        if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
          const line = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
          const lines = line(node.end) - line(node.getStart(tree)) + 1;
          if (lines > 60) long.push(`${file}:${line(node.getStart(tree)) + 1} (${lines} lines)`);
        }
        ts.forEachChild(node, walk);
      };
      walk(tree);
    }
    expect(long).toEqual([]);
  });
});

describe('every shipped model class', () => {
  const modelFiles = readdirSync(join(src, 'models/api'))
    .filter((file) =>
      /^export class \w+ extends BaseAPIModel/m.test(readFileSync(join(src, 'models/api', file), 'utf8')),
    )
    .map((file) => {
      const text = readFileSync(join(src, 'models/api', file), 'utf8');
      return { file, name: /^export class (\w+)/m.exec(text)![1]! };
    });
  const docs = existsSync(join(root, 'docs/models.md'))
    ? readFileSync(join(root, 'docs/models.md'), 'utf8')
    : '';

  it.each(modelFiles)('$name is in the catalog', ({ name }) => {
    expect(Object.keys(catalog.models)).toContain(name);
  });

  it.each(modelFiles)('$name passes the shared suite on recorded replies', ({ file }) => {
    const test = readFileSync(join(src, 'models/api', file.replace(/\.ts$/, '.test.ts')), 'utf8');
    expect(test).toMatch(/testServiceModel\(/);
    expect(test).toMatch(/recordedReply|fixtures/i);
  });

  it.each(modelFiles)('$name has a row in docs/models.md', ({ name }) => {
    expect(docs).toContain(`| \`${name}\` |`);
  });
});
