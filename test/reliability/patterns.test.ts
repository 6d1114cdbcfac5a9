/** No pattern that ships can be made to run for long: each in turn on 100 kB of what it is made of, over and over. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import ts from 'typescript';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

interface Pattern {
  readonly source: string;
  readonly flags: string;
  readonly where: string;
}

/** Every regular expression that stands in the sources as such. */
function shipped(): Pattern[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  return files.flatMap((file) => {
    const tree = ts.createSourceFile(
      file,
      readFileSync(join(src, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const found: Pattern[] = [];
    const walk = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.push({
          source: node.text.slice(1, end),
          flags: node.text.slice(end + 1),
          where: `${file}:${line}`,
        });
      }
      ts.forEachChild(node, walk);
    };
    walk(tree);
    return found;
  });
}

/** Texts of what a pattern is made of: its literal pieces, and what most patterns stumble over. */
function textsFor({ source }: Pattern): string[] {
  const own = source
    .replace(/\\[a-zA-Z](\{[^}]*\})?|\[(\\.|[^\]])*\]|[()|?*+^$.{}]|\\/g, '\u0001')
    .split('\u0001')
    .filter((piece) => piece !== '')
    .slice(0, 4);
  const pieces = ['a', ' ', '\n', '1', '(', '"', ...own, ...own.map((piece) => `${piece} `), own.join('')];
  const length = 100_000;
  return [...new Set(pieces)]
    .filter((piece) => piece !== '')
    .map((piece) => `${piece.repeat(Math.ceil(length / piece.length))}\0`);
}

/** Milliseconds; what is quadratic takes ten times that on 100 kB. */
const LIMIT = 1000;

const context = createContext({});
const match = new Script('text.match(pattern)');

function isSlow({ source, flags }: Pattern, text: string): boolean {
  Object.assign(context, { text, pattern: new RegExp(source, flags) });
  try {
    match.runInContext(context, { timeout: LIMIT });
    return false;
  } catch {
    return true;
  }
}

/** Patterns that run from one place only, which their caller gives. */
const AT_ONE_PLACE = ['evaluate/python-regex.ts'];

it('every pattern in the sources ends on 100 kB of anything it is made of', { timeout: 600_000 }, () => {
  const all = shipped();
  expect(all.length).toBeGreaterThan(700);
  const slow = all
    .filter(({ where }) => !AT_ONE_PLACE.some((file) => where.startsWith(file)))
    .flatMap((pattern) => {
      // Twice: the machine may have been busy.
      const text = textsFor(pattern).find((one) => isSlow(pattern, one) && isSlow(pattern, one));
      return text === undefined
        ? []
        : [`${pattern.where}: /${pattern.source}/ on ${JSON.stringify(text.slice(0, 20))}…`];
    });
  expect(slow).toEqual([]);
});
