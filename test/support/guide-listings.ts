/**
 * The listings of AISBench's guide "支持新模型后端", read from where its text lies beside this repository (`../shared/seed`, or
 * `AIS_BENCH_SEED`): the text itself may not be copied here. It lost its indentation, which is restored from its brackets and blocks.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './doc-pages.ts';

/** What the guide gives for one kind of model. */
interface Listings {
  /** The class; its bodies are `...`. */
  readonly modelClass: string;
  readonly config: string;
  /** The command, without the name of the program. */
  readonly command: readonly string[];
}

export interface Guide {
  readonly service: Listings;
  readonly local: Listings;
}

/** Returns the guide's listings; undefined where its text is not at hand. */
export function readGuide(): Guide | undefined {
  const folder = [process.env['AIS_BENCH_SEED'] ?? '', '../shared/seed', '../../shared/seed']
    .map((path) => (path === '' ? '' : resolve(root, path)))
    .find((path) => path !== '' && existsSync(path));
  if (folder === undefined) return undefined;
  const texts = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  const found = texts.flatMap((name) => listingsIn(readFileSync(join(folder, name), 'utf8')));
  const [apiClass, apiConfig, apiCommand, localClass, localConfig, localCommand, ...more] = found;
  if (localCommand === undefined || more.length > 0)
    throw new Error(`${folder} has ${found.length} listings where six belong`);
  const words = (command: string) => command.trim().split(/\s+/).slice(1);
  return {
    service: { modelClass: indented(apiClass!), config: indented(apiConfig!), command: words(apiCommand!) },
    local: {
      modelClass: indented(localClass!),
      config: indented(localConfig!),
      command: words(localCommand),
    },
  };
}

/** Cuts the listings out of the prose, which is in Chinese: code never begins a line with a Chinese character. */
function listingsIn(text: string): string[] {
  const found: string[] = [];
  let isInside = false;
  for (const line of text.split('\n')) {
    if (isInside && /^\p{Script=Han}/u.test(line)) isInside = false;
    const isCommand = line.startsWith('ais_bench -');
    if (isCommand || (!isInside && /^(from [\w.]+ import |class \w+\()/.test(line))) {
      found.push('');
      isInside = !isCommand;
      if (isCommand) found[found.length - 1] = line;
    }
    if (isInside) found[found.length - 1] += `${line}\n`;
  }
  return found;
}

const INDENT = '    ';

/** Restores the indentation of a module of imports, assignments and classes of methods whose bodies are straight lines. */
function indented(source: string): string {
  let block = 0;
  let depth = 0;
  const lines = source.split('\n').map((text) => {
    const line = text.trim();
    const opens = depth === 0;
    if (opens && /^(class|from|import) |^\w+ = /.test(line)) block = 0;
    if (opens && /^(async )?def /.test(line)) block = 1;
    const level = block + depth - (/^[)\]}]/.test(line) ? 1 : 0);
    const code = codeOf(line);
    if (opens && /^(class|(async )?def) /.test(line)) block += 1;
    depth += count(code, /[([{]/g) - count(code, /[)\]}]/g);
    return line === '' ? '' : INDENT.repeat(Math.max(0, level)) + line;
  });
  return lines.join('\n');
}

/** A line without its strings and its comment. */
function codeOf(line: string): string {
  return line.replace(/"""[\s\S]*?"""|"[^"]*"|'[^']*'/g, '""').replace(/#.*$/, '');
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/**
 * Puts a body in the place of the `...` that ends a method, behind its docstring. Throws where the class has no such method, or the method
 * no `...`.
 */
export function filled(source: string, bodies: Readonly<Record<string, string>>): string {
  const lines = source.split('\n');
  for (const [method, body] of Object.entries(bodies)) {
    const start = lines.findIndex((line) => new RegExp(`^\\s+(async )?def ${method}\\(`).test(line));
    const end = lines.findIndex((line, at) => at > start && line.trim() === '...');
    if (start < 0 || end < 0) throw new Error(`the guide's class has no ${method} to fill`);
    const more = body
      .trim()
      .split('\n')
      .map((line) => (line === '' ? '' : INDENT.repeat(2) + line));
    lines.splice(end, 1, ...more);
  }
  return lines.join('\n');
}
