/** The house of docs/architecture.md, held by tests: who may import whom, what stays pure, what is public. */
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
  ['basics'],
  ['contract', 'python-data'],
  [
    'python-bridge',
    'tokenizer',
    'transport',
    'load',
    'store',
    'prompt',
    'metrics',
    'scrape',
    'sandbox',
    'python-config',
  ],
  ['config', 'dataset', 'models/api', 'models/local', 'evaluate'],
  ['catalog.ts'],
  ['load-class.ts', 'resolve.ts'],
  ['sending', 'report'],
  ['workers'],
  ['session'],
  ['live', 'search', 'engine', 'kit', 'selftest', 'import'],
  ['run-config.ts', 'plugin.ts'],
  ['cli', 'index.ts', 'testing'],
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

/** Where two files part: the two entries, files or folders, of the last folder that holds both. */
function siblings(from: string, to: string): readonly [string, string] {
  const [own, other] = [from.split('/'), to.split('/')];
  const shared = own.findIndex((part, i) => part !== other[i]);
  return [own.slice(0, shared + 1).join('/'), other.slice(0, shared + 1).join('/')];
}

describe('the house', () => {
  it.each(sources)('$file imports only its own room and the rows above', ({ file, text }) => {
    const own = roomOf(file);
    const wrong = importsOf(file, text).filter((imported) => {
      const other = roomOf(imported);
      // The public entries put the parts together, and so build on each other; the command line is nobody's part.
      const isOwnRow = other.row === own.row && own.row === ROWS.length - 1 && other.room !== 'cli';
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

  it('has no cycle between folders, at any level', () => {
    const edges = sources.flatMap(({ file, text }) =>
      importsOf(file, text).map((imported) => siblings(file, imported)),
    );
    const graph = new Map<string, Set<string>>();
    for (const [from, to] of edges) graph.set(from, (graph.get(from) ?? new Set()).add(to));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (folder: string, trail: readonly string[]): void => {
      if (trail.includes(folder)) cycles.push([...trail.slice(trail.indexOf(folder)), folder].join(' → '));
      if (trail.includes(folder) || done.has(folder)) return;
      for (const next of graph.get(folder) ?? []) visit(next, [...trail, folder]);
      done.add(folder);
    };
    for (const folder of graph.keys()) visit(folder, []);
    expect(cycles).toEqual([]);
  });

  it('exports exactly its public API', () => {
    expect(Object.keys(publicApi).sort()).toEqual([
      'AisBenchError',
      'AnthropicMessages',
      'AskError',
      'BaseAPIModel',
      'BaseModel',
      'GGUFBaseModel',
      'GGUFwithChatTemplate',
      'GeminiAPI',
      'HuggingFace',
      'HuggingFaceBaseModel',
      'HuggingFaceCausalLM',
      'HuggingFaceQwen2VLwithChatTemplate',
      'HuggingFaceVL',
      'HuggingFacewithChatTemplate',
      'LlamaCppAPI',
      'MindieStreamApi',
      'OllamaAPI',
      'OpenAIResponses',
      'RequestOutput',
      'SGLangAPI',
      'TGICustomAPI',
      'TritonCustomAPI',
      'TritonGRPC',
      'VITAGenerateAPI',
      'VLLMCustomAPI',
      'VLLMCustomAPIChat',
      'VLLMCustomAPIOld',
      'VLLMOfflineVLModel',
      'compareRuns',
      'defineConfig',
      'definePlugin',
      'openRun',
      'parseRule',
      'renderFinding',
      'resolve',
      'run',
      'toMessages',
      'toText',
    ]);
  });

  it('touches the process at its edges only: arguments, environment, working directory, output, exit', () => {
    // Child programs and optional packages start from the user's environment: one file reads it for all of them. A program that calls
    // the library stands in its own folder and environment: run-config.ts takes both where none are given.
    const edges = ['cli/', 'run-config.ts', 'workers/worker-process.ts', 'basics/environment.ts', 'testing/'];
    const touching = sources
      .filter(({ text }) => /process\.(argv|env|cwd|stdout|stderr|exit)\b/.test(text))
      .map(({ file }) => file)
      .filter((file) => !edges.some((edge) => file.startsWith(edge)));
    expect(touching).toEqual([]);
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
    expect(asking.map(({ file }) => file)).toEqual(['basics/package-folder.ts']);
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
      'basics/',
      'config/load.ts',
      'config/find.ts',
      'dataset/read.ts',
      'dataset/locate.ts',
      'dataset/pull.ts',
      'models/local/llama-',
      'tokenizer/',
      'sending/media.ts',
      'report/page/render.ts',
      'session/',
      'search/series-folder.ts',
      'selftest/stored-result.ts',
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
    const tests = ['.test.ts', '.long.test.ts']
      .map((ending) => join(src, 'models/api', file.replace(/\.ts$/, ending)))
      .filter((path) => existsSync(path));
    const test = tests.map((path) => readFileSync(path, 'utf8')).join('\n');
    expect(test).toMatch(/testServiceModel\(/);
    expect(test).toMatch(/recordedReply|fixtures/i);
  });

  it.each(modelFiles)('$name has a row in docs/models.md', ({ name }) => {
    expect(docs).toContain(`| \`${name}\` |`);
  });
});
