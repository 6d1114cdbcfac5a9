import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { type ConfigSource, LIMITS } from './machine.ts';
import { parseExpression, parseParameters, parseTuple } from './parse-expression.ts';
import { commaParts, TreeReader } from './reader.ts';
import refusedSyntax from './refused.json' with { type: 'json' };
import type { Expr, HandlerSyntax, ImportedName, Stmt } from './syntax.ts';

/** Parses the statements of a config. Throws TMAN-CFG-001 with line and column for invalid or unsupported Python. */
export function parsePython(source: ConfigSource): Stmt[] {
  const reader = new TreeReader(source, parseExpression);
  const start = { from: 0 };
  if (source.text.length > LIMITS.fileLength)
    reader.refuse(start, `it is longer than ${LIMITS.fileLength} characters`);
  const zero = source.text.indexOf('\0');
  if (zero >= 0) reader.invalid({ from: zero, to: zero }, 'a null byte');
  try {
    return parseAll(reader);
  } catch (error) {
    // The grammar's own tree is built by recursion.
    if (error instanceof RangeError)
      return reader.refuse(start, `it nests deeper than ${LIMITS.depth} levels`);
    throw error;
  }
}

function parseAll(reader: TreeReader): Stmt[] {
  requireParse(reader);
  const tree = makeTree(reader.source.text);
  const nodes = reader.children(tree.topNode);
  checkIndent(nodes, reader, '');
  const found = statements(nodes, reader);
  // Parts that say nothing to us, such as types, are Python too.
  tree.iterate({ enter: (node) => (node.type.isError ? reader.invalid(node) : undefined) });
  return found;
}

/** Longest text, in characters, that is parsed on behind its errors, so that the first one gets a message of ours. */
const RECOVERED = 8192;
const strict = parser.configure({ strict: true });

/** Stops at the first error of a long text: recovering from it would take the grammar longer than a user waits. */
function requireParse(reader: TreeReader): void {
  const { text } = reader.source;
  if (text.length <= RECOVERED) return;
  try {
    strict.parse(text.replace(POINT_AT_END, (number) => `${number.slice(0, -1)}0`));
  } catch (error) {
    const at = /^No parse at (\d+)$/.exec((error as Error).message)?.[1];
    if (at === undefined) throw error;
    reader.invalid({ from: Number(at), to: Number(at) });
  }
}

const POINT_AT_END = /(?<![\w.])\d[\d_]*\.(?=e[+-]?\d|[^\w.]|$)/gi;

/**
 * The grammar has no number that ends with its point, `1.`. It is shown a digit there instead; what the number is worth is
 * read from the text itself.
 */
function makeTree(text: string): Tree {
  const tree = parser.parse(text);
  const isNumber = (at: number) => !/String|Comment|Escape|FormatSpec/.test(tree.resolveInner(at, 1).name);
  const shown = text.replace(POINT_AT_END, (number, at: number) =>
    isNumber(at) ? `${number.slice(0, -1)}0` : number,
  );
  return shown === text ? tree : parser.parse(shown);
}

const REFUSED: Readonly<Record<string, string>> = refusedSyntax.statements;

/** The grammar takes lines of any indent for one block; Python does not. */
function checkIndent(nodes: readonly SyntaxNode[], reader: TreeReader, expected?: string): void {
  let indent = expected;
  for (const node of nodes) {
    const line = reader.source.text.slice(reader.source.text.lastIndexOf('\n', node.from - 1) + 1, node.from);
    if (!/^\s*$/.test(line)) continue;
    indent ??= line;
    if (line !== indent) reader.invalid(node, 'unexpected indent');
  }
}

function statements(nodes: readonly SyntaxNode[], reader: TreeReader): Stmt[] {
  return nodes.flatMap((node) => {
    if (node.name === 'StatementGroup')
      return statements(
        reader.children(node).filter(({ name }) => name !== ';'),
        reader,
      );
    return reader.deeper(node, () => statement(node, reader));
  });
}

type Bare<Syntax> = Syntax extends unknown ? Omit<Syntax, 'at'> : never;
/** A statement but for its place, which is that of its node. */
type BareStmt = Bare<Stmt>;
type ParseStatement = (children: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode) => BareStmt;

const PARSERS: Readonly<Record<string, ParseStatement>> = {
  ExpressionStatement: (children, reader, node) => ({
    kind: 'expression',
    value: parseTuple(children, reader, node),
  }),
  AssignStatement: parseAssign,
  UpdateStatement: ([target, operator, ...value], reader, node) => ({
    kind: 'update',
    target: reader.expression(target as SyntaxNode),
    operator: parseUpdateOperator(operator as SyntaxNode, reader),
    value: parseTuple(value, reader, node),
  }),
  IfStatement: parseIf,
  ForStatement: parseFor,
  WhileStatement: parseWhile,
  BreakStatement: () => ({ kind: 'break' }),
  ContinueStatement: () => ({ kind: 'continue' }),
  PassStatement: () => ({ kind: 'pass' }),
  DeleteStatement: ([, ...targets], reader, node) => ({
    kind: 'delete',
    targets: commaParts(targets).map((part) => parseTuple(part, reader, node)),
  }),
  FunctionDefinition: parseFunction,
  ReturnStatement: ([, ...value], reader, node) => ({
    kind: 'return',
    value: value.length === 0 ? undefined : parseTuple(value, reader, node),
  }),
  ImportStatement: parseImport,
  WithStatement: parseWith,
  ScopeStatement: ([word, ...names], reader) => ({
    kind: 'scope',
    which: word?.name === 'nonlocal' ? 'nonlocal' : 'global',
    names: names.filter(({ name }) => name === 'VariableName').map((name) => reader.text(name)),
  }),
  TryStatement: parseTry,
  RaiseStatement: ([, ...parts], reader, node) => {
    const end = parts.findIndex(({ name }) => name === 'from');
    const value = end < 0 ? parts : parts.slice(0, end);
    return { kind: 'raise', value: value.length === 0 ? undefined : parseTuple(value, reader, node) };
  },
  AssertStatement: ([, ...parts], reader, node) => {
    const [test = [], message] = commaParts(parts).map((part) => parseTuple(part, reader, node));
    return { kind: 'assert', test: test as Expr, message };
  },
};

function parseUpdateOperator(node: SyntaxNode, reader: TreeReader): string {
  const text = reader.text(node);
  // The grammar takes `!=` for one that assigns.
  return /^([-+*/%@&|^]|\*\*|\/\/|<<|>>)=$/.test(text) ? text.slice(0, -1) : reader.invalid(node);
}

function statement(node: SyntaxNode, reader: TreeReader): Stmt {
  const refused = Object.hasOwn(REFUSED, node.name) ? REFUSED[node.name] : undefined;
  if (refused !== undefined) return refusedStatement(refused, node, reader);
  const parse = Object.hasOwn(PARSERS, node.name) ? PARSERS[node.name] : undefined;
  const children = reader.children(node);
  if (children[0]?.name === 'async') return reader.refuse(node, '`async` is not read');
  if (parse === undefined) return reader.invalid(node);
  return { ...parse(children, reader, node), at: node.from } as Stmt;
}

/** In a function it does no harm until it is executed. */
function refusedStatement(what: string, node: SyntaxNode, reader: TreeReader): Stmt {
  if (!isInFunction(node)) return reader.refuse(node, what);
  return { kind: 'refused', what, at: node.from };
}

function isInFunction(node: SyntaxNode): boolean {
  // A `yield` makes another function of the one around it, executed or not.
  if (node.name === 'YieldStatement') return false;
  let at = node.parent;
  while (at !== null && at.name !== 'FunctionDefinition') at = at.parent;
  return at !== null;
}

function parseAssign(nodes: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode): BareStmt {
  const parts: SyntaxNode[][] = [[]];
  for (const child of nodes) {
    if (child.name === 'AssignOp') parts.push([]);
    else if (child.name !== 'TypeDef') (parts.at(-1) as SyntaxNode[]).push(child);
  }
  // `name: type` alone gives no value.
  if (parts.length === 1) return { kind: 'pass' };
  if (parts.some((part) => part.length === 0)) return reader.invalid(node);
  const expressions = parts.map((part) => parseTuple(part, reader, node));
  return { kind: 'assign', targets: expressions.slice(0, -1), value: expressions.at(-1) as Expr };
}

function parseBody(node: SyntaxNode | undefined, reader: TreeReader): Stmt[] {
  if (node === undefined) return [];
  const nodes = reader.children(node).slice(1);
  checkIndent(nodes, reader);
  return statements(nodes, reader);
}

function parseIf(nodes: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode): BareStmt {
  const branches: { test: Expr; body: Stmt[] }[] = [];
  let otherwise: Stmt[] = [];
  for (let index = 0; index < nodes.length; ) {
    const end = nodes.findIndex(({ name }, at) => at > index && name === 'Body');
    const body = parseBody(nodes[end], reader);
    if (nodes[index]?.name === 'else') otherwise = body;
    else branches.push({ test: parseTuple(nodes.slice(index + 1, end), reader, node), body });
    index = end < 0 ? nodes.length : end + 1;
  }
  return { kind: 'if', branches, otherwise };
}

function parseFor(nodes: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode): BareStmt {
  const split = nodes.findIndex(({ name }) => name === 'in');
  const bodies = nodes.filter(({ name }) => name === 'Body');
  const end = nodes.indexOf(bodies[0] as SyntaxNode);
  return {
    kind: 'for',
    target: parseTuple(nodes.slice(1, split), reader, node),
    iterable: parseTuple(nodes.slice(split + 1, end), reader, node),
    body: parseBody(bodies[0], reader),
    otherwise: parseBody(bodies[1], reader),
  };
}

function parseWhile(nodes: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode): BareStmt {
  const bodies = nodes.filter(({ name }) => name === 'Body');
  const test = parseTuple(nodes.slice(1, nodes.indexOf(bodies[0] as SyntaxNode)), reader, node);
  const [body, otherwise] = [parseBody(bodies[0], reader), parseBody(bodies[1], reader)];
  return { kind: 'while', test, body, otherwise };
}

function parseTry(nodes: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode): BareStmt {
  const parts = {
    body: [] as Stmt[],
    handlers: [] as HandlerSyntax[],
    otherwise: [] as Stmt[],
    final: [] as Stmt[],
  };
  for (let index = 0; index < nodes.length; ) {
    const word = nodes[index] as SyntaxNode;
    const end = nodes.findIndex(({ name }, at) => at > index && name === 'Body');
    const body = parseBody(nodes[end], reader);
    if (word.name === 'try') parts.body = body;
    else if (word.name === 'else') parts.otherwise = body;
    else if (word.name === 'finally') parts.final = body;
    else parts.handlers.push(parseHandler(nodes.slice(index + 1, end), body, reader, word));
    index = end < 0 ? nodes.length : end + 1;
  }
  if (parts.handlers.length === 0 && nodes.every(({ name }) => name !== 'finally'))
    return reader.invalid(node);
  return { kind: 'try', ...parts };
}

function parseHandler(
  head: readonly SyntaxNode[],
  body: Stmt[],
  reader: TreeReader,
  word: SyntaxNode,
): HandlerSyntax {
  if (head[0]?.name === '*') return reader.refuse(word, '`except*` is not read');
  const split = head.findIndex(({ name }) => name === 'as');
  const type = split < 0 ? head : head.slice(0, split);
  const name = split < 0 ? undefined : reader.text(head[split + 1] ?? reader.invalid(word));
  return { type: type.length === 0 ? undefined : parseTuple(type, reader, word), name, body, at: word.from };
}

function parseFunction(nodes: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode): BareStmt {
  const find = (name: string) => nodes.find((child) => child.name === name);
  const list = find('ParamList') ?? reader.invalid(node);
  return {
    kind: 'def',
    name: reader.text(find('VariableName') ?? reader.invalid(node)),
    parameters: parseParameters(reader.children(list).slice(1, -1), reader),
    body: parseBody(find('Body'), reader),
  };
}

/** `with read_base():` alone: it holds the imports of other configs. */
function parseWith(nodes: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode): BareStmt {
  const [, context, body] = nodes;
  const isBase =
    context !== undefined && body?.name === 'Body' && /^read_base\s*\(\s*\)$/.test(reader.text(context));
  if (!isBase) {
    const what = '`with` is read for `with read_base():` only';
    return isInFunction(node) ? { kind: 'refused', what } : reader.refuse(node, what);
  }
  return { kind: 'bases', body: parseBody(body, reader) };
}

/** `import a.b as c, d` and `from ..a.b import (c as d, e)`. */
function parseImport(nodes: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode): BareStmt {
  const [word] = nodes;
  if (word?.name !== 'from') {
    const modules = commaParts(nodes.slice(1)).map((part) => {
      const names = part.filter(({ name }) => name === 'VariableName').map((name) => reader.text(name));
      const isRenamed = part.at(-2)?.name === 'as';
      const path = isRenamed ? names.slice(0, -1) : names;
      return { path, as: isRenamed ? names.at(-1) : undefined, at: (part[0] ?? node).from };
    });
    return { kind: 'import', modules };
  }
  const split = nodes.findIndex(({ name }) => name === 'import');
  const head = nodes.slice(1, split);
  const module = head.filter(({ name }) => name === 'VariableName').map((name) => reader.text(name));
  const tail = nodes.slice(split + 1).filter(({ name }) => name !== '(' && name !== ')');
  return {
    kind: 'from',
    level: countDots(head),
    module,
    names:
      tail[0]?.name === '*' ? undefined : commaParts(tail).map((part) => importedName(part, reader, node)),
  };
}

/** Dots before the first name. */
function countDots(head: readonly SyntaxNode[]): number {
  const first = head.findIndex(({ name }) => name === 'VariableName');
  return head.slice(0, first < 0 ? head.length : first).reduce((sum, { from, to }) => sum + to - from, 0);
}

function importedName(part: readonly SyntaxNode[], reader: TreeReader, node: SyntaxNode): ImportedName {
  const [name, , as] = part;
  if (name === undefined) return reader.invalid(node);
  return { name: reader.text(name), as: reader.text(as ?? name), at: name.from };
}
