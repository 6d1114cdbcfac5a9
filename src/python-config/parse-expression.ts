import type { SyntaxNode } from '@lezer/common';
import { commaParts, parseNumberText, parseStrings, type TreeReader } from './reader.ts';
import refusedSyntax from './refused.json' with { type: 'json' };
import type {
  CallExpression,
  ComparisonSyntax,
  Comprehension,
  DictEntrySyntax,
  Expr,
  LoopClause,
  ParameterSyntax,
} from './syntax.ts';

type ParseExpression = (node: SyntaxNode, reader: TreeReader) => Expr;

/** Constructs that compute in a way that data never needs, by their node. */
const REFUSED: Readonly<Record<string, string>> = refusedSyntax.expressions;

const PARSERS: Readonly<Record<string, ParseExpression>> = {
  Number: parseNumber,
  String: parseStrings,
  FormatString: parseStrings,
  ContinuedString: parseStrings,
  Boolean: (node, reader) => ({ kind: 'constant', value: reader.text(node) === 'True', at: node.from }),
  None: (node) => ({ kind: 'constant', value: null, at: node.from }),
  Ellipsis: (node) => ({ kind: 'ellipsis', at: node.from }),
  VariableName: (node, reader) => ({ kind: 'name', name: reader.text(node), at: node.from }),
  ParenthesizedExpression: (node, reader) =>
    reader.expression(inside(node, reader)[0] ?? reader.invalid(node)),
  TupleExpression: (node, reader) => collection('tuple', node, reader),
  ArrayExpression: (node, reader) => collection('list', node, reader),
  SetExpression: (node, reader) => collection('set', node, reader),
  DictionaryExpression: parseDictionary,
  ArrayComprehensionExpression: (node, reader) => parseComprehension('list', node, reader),
  SetComprehensionExpression: (node, reader) => parseComprehension('set', node, reader),
  DictionaryComprehensionExpression: (node, reader) => parseComprehension('dict', node, reader),
  ComprehensionExpression: (node, reader) => parseComprehension('generator', node, reader),
  BinaryExpression: parseOperators,
  UnaryExpression: parseOperators,
  ConditionalExpression: parseChoice,
  LambdaExpression: parseLambda,
  NamedExpression: parseNamed,
  CallExpression: parseCall,
  MemberExpression: parseMember,
};

/** Parses one expression. Refuses Python that a config may not hold. */
export function parseExpression(node: SyntaxNode, reader: TreeReader): Expr {
  const refused = Object.hasOwn(REFUSED, node.name) ? REFUSED[node.name] : undefined;
  if (refused !== undefined) return reader.refuse(node, refused);
  const parse = Object.hasOwn(PARSERS, node.name) ? PARSERS[node.name] : undefined;
  return parse === undefined ? reader.invalid(node) : parse(node, reader);
}

/** Parses one expression, or several between commas as a tuple. Without any, the error points to `holder`. */
export function parseTuple(
  nodes: readonly SyntaxNode[],
  reader: TreeReader,
  holder: { readonly from: number; readonly to: number },
): Expr {
  const [first] = nodes;
  if (first === undefined) return reader.invalid(holder);
  const isTuple = nodes.some(({ name }) => name === ',');
  if (!isTuple && nodes.length === 1) return reader.expression(first);
  const items = parseItems(nodes, reader);
  const [only] = items;
  // `x = *a` without a comma is no Python.
  if (!isTuple && only !== undefined) return only.kind === 'starred' ? reader.invalid(first) : only;
  return { kind: 'tuple', items, at: first.from };
}

function inside(node: SyntaxNode, reader: TreeReader): SyntaxNode[] {
  return reader.children(node).slice(1, -1);
}

function parseItems(nodes: readonly SyntaxNode[], reader: TreeReader): Expr[] {
  return commaParts(nodes).map((part) => {
    const [first, second, ...more] = part;
    if (first === undefined) return reader.invalid(nodes[0] as SyntaxNode);
    if (first.name === '*' && second !== undefined && more.length === 0)
      return { kind: 'starred', value: reader.expression(second), at: first.from };
    return namedOrPlain(part, reader);
  });
}

/** Parses an item of a list; the grammar gives `name := value` no node there. */
function namedOrPlain(part: readonly SyntaxNode[], reader: TreeReader): Expr {
  const [first, operator, value, ...more] = part;
  if (first === undefined) throw new Error('an expression was expected');
  if (operator === undefined) return reader.expression(first);
  if (value === undefined || more.length > 0 || reader.text(operator) !== ':=')
    return reader.invalid(operator);
  return { kind: 'named', name: reader.text(first), value: reader.expression(value), at: first.from };
}

function collection(kind: 'list' | 'tuple' | 'set', node: SyntaxNode, reader: TreeReader): Expr {
  return { kind, items: parseItems(inside(node, reader), reader), at: node.from };
}

function parseDictionary(node: SyntaxNode, reader: TreeReader): Expr {
  const entries = commaParts(inside(node, reader)).map((part): DictEntrySyntax => {
    const [first, second, third, ...more] = part;
    if (first === undefined || second === undefined || more.length > 0) return reader.invalid(first ?? node);
    if (first.name === '**') return { key: undefined, value: reader.expression(second), at: first.from };
    if (second.name !== ':' || third === undefined) return reader.invalid(second);
    return { key: reader.expression(first), value: reader.expression(third), at: first.from };
  });
  return { kind: 'dict', entries, at: node.from };
}

function parseComprehension(
  makes: Comprehension['makes'],
  node: SyntaxNode,
  reader: TreeReader,
): Comprehension {
  return makeComprehension(makes, inside(node, reader), reader);
}

function makeComprehension(
  makes: Comprehension['makes'],
  nodes: readonly SyntaxNode[],
  reader: TreeReader,
): Comprehension {
  const start = nodes.findIndex(({ name }) => name === 'for' || name === 'async');
  const head = nodes.slice(0, start);
  const first = head[0] as SyntaxNode;
  const key = makes === 'dict' ? reader.expression(first) : undefined;
  const element =
    makes === 'dict' ? reader.expression(head[2] ?? reader.invalid(first)) : namedOrPlain(head, reader);
  return {
    kind: 'comprehension',
    makes,
    key,
    element,
    clauses: parseClauses(nodes.slice(start), reader),
    at: first.from,
  };
}

function parseClauses(nodes: readonly SyntaxNode[], reader: TreeReader): LoopClause[] {
  const clauses: { target: Expr; iterable: Expr; conditions: Expr[] }[] = [];
  for (let index = 0; index < nodes.length; ) {
    const word = nodes[index] as SyntaxNode;
    const end = nodes.findIndex(({ name }, at) => at > index && /^(for|if|async)$/.test(name));
    const part = nodes.slice(index + 1, end < 0 ? nodes.length : end);
    if (word.name === 'async') return reader.refuse(word, '`async` is not read');
    if (word.name === 'if') clauses.at(-1)?.conditions.push(parseTuple(part, reader, word));
    else {
      const split = part.findIndex(({ name }) => name === 'in');
      const target = parseTuple(part.slice(0, split), reader, word);
      clauses.push({ target, iterable: parseTuple(part.slice(split + 1), reader, word), conditions: [] });
    }
    index += part.length + 1;
  }
  return clauses;
}

function parseChoice(node: SyntaxNode, reader: TreeReader): Expr {
  const [then, , test, , otherwise] = reader.children(node);
  if (then === undefined || test === undefined || otherwise === undefined) return reader.invalid(node);
  return {
    kind: 'choice',
    test: reader.expression(test),
    chosen: reader.expression(then),
    otherwise: reader.expression(otherwise),
    at: node.from,
  };
}

function parseLambda(node: SyntaxNode, reader: TreeReader): Expr {
  const [, parameters, , body] = reader.children(node);
  if (parameters === undefined || body === undefined) return reader.invalid(node);
  const list = reader.children(parameters);
  return {
    kind: 'lambda',
    parameters: parseParameters(list, reader),
    body: reader.expression(body),
    at: node.from,
  };
}

function parseNamed(node: SyntaxNode, reader: TreeReader): Expr {
  return namedOrPlain(reader.children(node), reader);
}

function parseNumber(node: SyntaxNode, reader: TreeReader): Expr {
  const value = parseNumberText(reader.text(node));
  if (value === undefined) return reader.invalid(node, `"${reader.text(node)}" is no number of a config`);
  return { kind: 'constant', value, at: node.from };
}

function parseMember(node: SyntaxNode, reader: TreeReader): Expr {
  const [object, mark, ...rest] = reader.children(node);
  if (object === undefined || mark === undefined) return reader.invalid(node);
  if (mark.name === '.') {
    const [property] = rest;
    if (property === undefined) return reader.invalid(node);
    return {
      kind: 'attribute',
      object: reader.expression(object),
      name: reader.text(property),
      at: property.from,
    };
  }
  const parts = rest.slice(0, -1);
  const index = parts.some(({ name }) => name === ':')
    ? parseSlice(parts, reader)
    : parseTuple(parts, reader, node);
  return { kind: 'item', object: reader.expression(object), index, at: mark.from };
}

function parseSlice(nodes: readonly SyntaxNode[], reader: TreeReader): Expr {
  const comma = nodes.find(({ name }) => name === ',');
  if (comma !== undefined) return reader.refuse(comma, 'a slice of several dimensions is not read');
  const bounds: (Expr | undefined)[] = [undefined];
  for (const node of nodes) {
    if (node.name === ':') bounds.push(undefined);
    else bounds[bounds.length - 1] = reader.expression(node);
  }
  const [start, stop, step] = bounds;
  return { kind: 'slice', start, stop, step, at: (nodes[0] as SyntaxNode).from };
}

function parseCall(node: SyntaxNode, reader: TreeReader): CallExpression {
  const [callee, list] = reader.children(node);
  if (callee === undefined || list === undefined) return reader.invalid(node);
  const args: Expr[] = [];
  const keywords: CallExpression['keywords'][number][] = [];
  for (const part of commaParts(reader.children(list).slice(1, -1))) {
    const [first, second, third] = part;
    if (first === undefined) return reader.invalid(list);
    if (part.some(({ name }) => name === 'for')) args.push(makeComprehension('generator', part, reader));
    else if (second === undefined) {
      if (keywords.some(({ name }) => name !== undefined))
        return reader.invalid(first, 'a positional argument follows a keyword argument');
      args.push(reader.expression(first));
    } else if (first.name === '*')
      args.push({ kind: 'starred', value: reader.expression(second), at: first.from });
    else if (first.name === '**')
      keywords.push({ name: undefined, value: reader.expression(second), at: first.from });
    else if (third === undefined) return reader.invalid(second);
    else if (reader.text(second) === ':=')
      args.push({ kind: 'named', name: reader.text(first), value: reader.expression(third), at: first.from });
    else keywords.push({ name: reader.text(first), value: reader.expression(third), at: first.from });
  }
  return { kind: 'call', callee: reader.expression(callee), args, keywords, at: callee.from };
}

/** Parses the parameters of `def` or `lambda`. */
export function parseParameters(nodes: readonly SyntaxNode[], reader: TreeReader): ParameterSyntax[] {
  const parameters: ParameterSyntax[] = [];
  let afterStar = false;
  const list = nodes.filter(({ name }) => name !== 'TypeDef');
  for (const [index, part] of commaParts(list).entries()) {
    const [first, second, third] = part;
    // The grammar drops the `/` that ends positional parameters; an empty part is all that is left of it.
    if (first === undefined) {
      if (index === 0) return reader.invalid(nodes[0] as SyntaxNode);
      parameters.forEach((one, at) => {
        parameters[at] = { ...one, form: 'positional' };
      });
    } else if (first.name === '*') {
      if (second !== undefined) parameters.push(makeParameter(second, 'rest', undefined, reader));
      afterStar = true;
    } else if (first.name === '**')
      parameters.push(makeParameter(second ?? reader.invalid(first), 'keywords', undefined, reader));
    else parameters.push(makeParameter(first, afterStar ? 'keyword' : 'plain', third, reader));
  }
  const last = list.at(-1);
  if (last?.name === '*') return reader.invalid(last, 'named parameters must follow a bare *');
  return parameters;
}

function makeParameter(
  node: SyntaxNode,
  form: ParameterSyntax['form'],
  fallback: SyntaxNode | undefined,
  reader: TreeReader,
): ParameterSyntax {
  const value = fallback === undefined ? undefined : reader.expression(fallback);
  return { name: reader.text(node), form, fallback: value, at: node.from };
}

const FLATTENED = new Set(['BinaryExpression', 'UnaryExpression']);

interface OperatorToken {
  readonly node: SyntaxNode;
  /** Absent: an operand. */
  readonly operator?: string;
}

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'is', 'is not']);

/** From loose to tight; `not`, comparisons, signs and `**` have rules of their own. */
const BINARY: readonly ReadonlySet<string>[] = [
  new Set(['|']),
  new Set(['^']),
  new Set(['&']),
  new Set(['<<', '>>']),
  new Set(['+', '-']),
  new Set(['*', '/', '//', '%', '@']),
];

/**
 * Parses an expression of operators. The grammar lets `not` swallow `and` and `or` on its right, so operators and operands
 * are laid out flat and joined again by Python's own precedence.
 */
function parseOperators(node: SyntaxNode, reader: TreeReader): Expr {
  const joiner = new Joiner(flatten(node, reader), reader);
  return joiner.all();
}

/** Tokens from left to right, without recursion: chains of `+` may be long. */
function flatten(node: SyntaxNode, reader: TreeReader): OperatorToken[] {
  const tokens: OperatorToken[] = [];
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (FLATTENED.has(next.name)) waiting.push(...reader.children(next).reverse());
    else tokens.push(isOperator(next) ? { node: next, operator: reader.text(next) } : { node: next });
  }
  return joinedWords(tokens);
}

function isOperator({ name }: SyntaxNode): boolean {
  return /^(ArithOp|BitOp|CompareOp|not|in|is|and|or)$/.test(name);
}

/** `not in` and `is not` are one operator each; `not` after an operand is never the sign. */
function joinedWords(tokens: readonly OperatorToken[]): OperatorToken[] {
  const joined: OperatorToken[] = [];
  for (const token of tokens) {
    const before = joined.at(-1);
    const follows = before !== undefined && before.operator !== undefined;
    if (token.operator === 'in' && follows && before.operator === 'not' && isInfix(joined)) {
      joined[joined.length - 1] = { node: before.node, operator: 'not in' };
    } else if (token.operator === 'not' && follows && before.operator === 'is') {
      joined[joined.length - 1] = { node: before.node, operator: 'is not' };
    } else joined.push(token);
  }
  return joined;
}

/** Whether the last token follows an operand. */
function isInfix(tokens: readonly OperatorToken[]): boolean {
  const before = tokens.at(-2);
  return before !== undefined && before.operator === undefined;
}

class Joiner {
  readonly #tokens: readonly OperatorToken[];
  readonly #reader: TreeReader;
  #next = 0;

  constructor(tokens: readonly OperatorToken[], reader: TreeReader) {
    this.#tokens = tokens;
    this.#reader = reader;
  }

  all(): Expr {
    const found = this.#logic('or');
    const rest = this.#tokens[this.#next];
    return rest === undefined ? found : this.#reader.invalid(rest.node);
  }

  #logic(operator: 'or' | 'and'): Expr {
    const operand = () => (operator === 'or' ? this.#logic('and') : this.#not());
    let left = operand();
    for (let token = this.#take(operator); token !== undefined; token = this.#take(operator))
      left = { kind: 'logic', operator, left, right: operand(), at: token.node.from };
    return left;
  }

  #not(): Expr {
    const token = this.#take('not');
    if (token === undefined) return this.#comparison();
    const operand = this.#reader.deeper(token.node, () => this.#not());
    return { kind: 'unary', operator: 'not', operand, at: token.node.from };
  }

  #comparison(): Expr {
    const first = this.#binary(0);
    const rest: ComparisonSyntax[] = [];
    for (let token = this.#takeOf(COMPARISONS); token !== undefined; token = this.#takeOf(COMPARISONS))
      rest.push({ operator: token.operator as string, operand: this.#binary(0), at: token.node.from });
    return rest.length === 0 ? first : { kind: 'compare', first, rest, at: (rest[0] as ComparisonSyntax).at };
  }

  #binary(level: number): Expr {
    const operators = BINARY[level];
    if (operators === undefined) return this.#sign();
    let left = this.#binary(level + 1);
    for (let token = this.#takeOf(operators); token !== undefined; token = this.#takeOf(operators)) {
      const right = this.#binary(level + 1);
      left = { kind: 'binary', operator: token.operator as string, left, right, at: token.node.from };
    }
    return left;
  }

  #sign(): Expr {
    const token = this.#takeOf(SIGNS);
    if (token === undefined) return this.#power();
    const operand = this.#reader.deeper(token.node, () => this.#sign());
    return { kind: 'unary', operator: token.operator as string, operand, at: token.node.from };
  }

  #power(): Expr {
    const left = this.#operand();
    const token = this.#take('**');
    if (token === undefined) return left;
    const right = this.#reader.deeper(token.node, () => this.#sign());
    return { kind: 'binary', operator: '**', left, right, at: token.node.from };
  }

  #operand(): Expr {
    const token = this.#tokens[this.#next];
    if (token === undefined || token.operator !== undefined) {
      return this.#reader.invalid((token ?? (this.#tokens.at(-1) as OperatorToken)).node);
    }
    this.#next += 1;
    return this.#reader.expression(token.node);
  }

  #take(operator: string): OperatorToken | undefined {
    const token = this.#tokens[this.#next];
    if (token?.operator !== operator) return undefined;
    this.#next += 1;
    return token;
  }

  #takeOf(operators: ReadonlySet<string>): OperatorToken | undefined {
    const operator = this.#tokens[this.#next]?.operator;
    return operator !== undefined && operators.has(operator) ? this.#take(operator) : undefined;
  }
}

const SIGNS: ReadonlySet<string> = new Set(['-', '+', '~']);
