/** The same configs read by us and by CPython, told in one form: ints and floats apart, dicts with their order. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realFile } from '../../src/config/find.ts';
import { readPython } from '../../src/python-config/read.ts';

const SCRIPT = fileURLToPath(new URL('python_values.py', import.meta.url));

export const hasPython = spawnSync('python3', ['--version']).status === 0;

export interface Evaluated {
  readonly values?: { readonly dict: readonly (readonly [string, unknown])[] };
  readonly error?: string;
}

/** What CPython makes of each config, a path or a text. */
export function evaluateWithPython(
  requests: readonly ({ readonly path: string } | { readonly source: string })[],
): Evaluated[] {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const { stdout, stderr } = spawnSync('python3', ['-X', 'utf8', '-W', 'ignore', SCRIPT], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const lines = stdout.trim().split('\n');
  if (lines.length !== requests.length) throw new Error(stderr);
  return lines.map((line) => JSON.parse(line) as Evaluated);
}

/** A config from its text, or from a file with those that it imports. */
export function readText(text: string, path = '/configs/config.py') {
  const files = {
    folders: [dirname(path)],
    realPath: realFile,
    readText: (asked: string) => (asked === path ? text : readFileSync(asked, 'utf8')),
    readOther: async () => ({}),
  };
  return readPython(path, files, (dotted) => dotted.join('.'));
}

/** Values as CPython tells them, as plain data: ints and floats alike, for that is what JSON keeps. */
export function plainValues(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [kind, text] = value;
    const isNumber = value.length === 2 && (kind === 'int' || kind === 'float') && typeof text === 'string';
    return isNumber ? Number(text) : value.map(plainValues);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    (value as NonNullable<Evaluated['values']>).dict.map(([key, inner]) => [key, plainValues(inner)]),
  );
}
