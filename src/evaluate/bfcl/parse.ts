/** Python's grammar of one expression (`ast.parse(text, mode='eval')`). */
import {
  bytesOf,
  type CallSyntax,
  type Clause,
  type Expression,
  type Keyword,
  type PythonToken,
  type StringPiece,
  tokensOf,
} from './syntax.ts';

// Goes over the tokens of an expression; the grammar itself is its subclass's.

/** Deeper nesting than any answer has; Python refuses at about the same depth. */
const DEEPEST = 200;

const OPENERS = new Set('None True False not lambda ( [ { - + ~ * ...'.split(' '));

abstract class Cursor {
  readonly #tokens: readonly PythonToken[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly PythonToken[]) {
    this.#tokens = tokens;
  }

  /** A test, a choice or a lambda. */
  abstract expression(): Expression;

  /** Operands of `or` and all that binds closer. */
  abstract disjunction(): Expression;

  /** Operators of bits and numbers from this level on, 0 the loosest. */
  abstract binary(level: number): Expression;

  /** One, or several between commas: a tuple. A comma may end it. */
  tuple(one: () => Expression): Expression {
    const first = one();
    if (!this.is(',')) return first.kind === 'starred' ? this.refuse() : first;
    const items = [first];
    while (this.take(',') && this.#opensExpression()) items.push(one());
    return { kind: 'tuple', items };
  }

  /** `name := value`, or an expression. */
  namedExpression(): Expression {
    const [name, sign] = [this.peek(), this.peek(1)];
    if (name.kind !== 'name' || sign.kind !== 'operator' || sign.text !== ':=') return this.expression();
    this.takeName();
    this.expect(':=');
    return { kind: 'named', name: name.text, value: this.expression() };
  }

  /** `*value`, or one of the two above. */
  starred(): Expression {
    return this.take('*') ? { kind: 'starred', value: this.binary(0) } : this.namedExpression();
  }

  peek(ahead = 0): PythonToken {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  /** Whether an operator or keyword comes next. */
  is(text: string): boolean {
    const { kind, text: own } = this.peek();
    return (kind === 'operator' || kind === 'keyword') && own === text;
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#next++;
    return true;
  }

  takeOne(texts: readonly string[]): string | undefined {
    return texts.find((text) => this.take(text));
  }

  takeKind(kind: PythonToken['kind']): boolean {
    if (this.peek().kind !== kind) return false;
    this.#next++;
    return true;
  }

  takeName(): string {
    const { text } = this.peek();
    return this.takeKind('name') ? text : this.refuse();
  }

  expect(text: string): void {
    if (!this.take(text)) this.refuse();
  }

  refuse(): never {
    throw new SyntaxError(`invalid syntax at ${this.peek().text}`);
  }

  deeper<T>(parse: () => T): T {
    if (this.#depth >= DEEPEST) throw new SyntaxError('too many nested parentheses');
    this.#depth++;
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  /** Whether the next token can begin an expression: a comma may be the last sign. */
  #opensExpression(): boolean {
    const { kind, text } = this.peek();
    if (kind === 'name' || kind === 'number' || kind === 'string') return true;
    return (kind === 'operator' || kind === 'keyword') && OPENERS.has(text);
  }
}

// The text between Python's brackets.

type ParsedArguments = Pick<CallSyntax, 'args' | 'keywords'>;

/** Of a call, behind its `(`. */
function parseArguments(parser: Cursor): ParsedArguments {
  const args: Expression[] = [];
  const keywords: Keyword[] = [];
  while (!parser.take(')')) {
    parseArgument(parser, args, keywords);
    if (args.length === 1 && keywords.length === 0 && isClause(parser)) {
      const only = comprehension(parser, 'generator', args[0]!);
      parser.expect(')');
      return { args: [only], keywords };
    }
    if (!parser.is(')')) parser.expect(',');
  }
  return { args, keywords };
}

function parseArgument(parser: Cursor, args: Expression[], keywords: Keyword[]): void {
  if (parser.take('**')) {
    keywords.push({ name: undefined, value: parser.expression() });
    return;
  }
  const [name, sign] = [parser.peek(), parser.peek(1)];
  if (name.kind === 'name' && sign.kind === 'operator' && sign.text === '=') {
    parser.takeName();
    parser.expect('=');
    keywords.push({ name: name.text, value: parser.expression() });
    return;
  }
  const isStar = parser.take('*');
  if (isStar ? keywords.some((one) => one.name === undefined) : keywords.length > 0) {
    throw new SyntaxError('positional argument follows keyword argument');
  }
  args.push(isStar ? { kind: 'starred', value: parser.expression() } : parser.namedExpression());
}

/** Between `[` and `]` behind a value: an index, a slice, or several between commas. */
function parseIndex(parser: Cursor): Expression {
  const index = parser.tuple(() => slice(parser));
  parser.expect(']');
  return index;
}

function slice(parser: Cursor): Expression {
  if (parser.is('*')) return parser.starred();
  const start = parser.is(':') ? undefined : parser.namedExpression();
  if (!parser.take(':')) return start!;
  const ends = () => [':', ',', ']'].some((sign) => parser.is(sign));
  const stop = ends() ? undefined : parser.expression();
  const step = parser.take(':') && !ends() ? parser.expression() : undefined;
  return { kind: 'slice', start, stop, step };
}

/** A bracketed atom: tuple, list, set, dict, a comprehension, or an expression in parentheses. */
function parseDisplay(parser: Cursor): Expression {
  if (parser.take('(')) return parenthesized(parser);
  if (parser.take('[')) return items(parser, 'list', ']');
  if (!parser.take('{')) return parser.refuse();
  if (parser.take('}')) return { kind: 'dict', entries: [] };
  return parser.is('**') ? dict(parser, undefined) : setOrDict(parser);
}

function parenthesized(parser: Cursor): Expression {
  if (parser.take(')')) return { kind: 'tuple', items: [] };
  const found = parser.tuple(() => {
    const one = parser.starred();
    return isClause(parser) && one.kind !== 'starred' ? comprehension(parser, 'generator', one) : one;
  });
  parser.expect(')');
  return found;
}

function items(parser: Cursor, kind: 'list' | 'set', end: string, first?: Expression): Expression {
  const found: Expression[] = first === undefined ? [] : [first];
  if (first !== undefined && !parser.is(end)) parser.expect(',');
  while (!parser.take(end)) {
    found.push(parser.starred());
    if (found.length === 1 && isClause(parser)) {
      const made = comprehension(parser, kind, found[0]!);
      parser.expect(end);
      return made;
    }
    if (!parser.is(end)) parser.expect(',');
  }
  return { kind, items: found };
}

function setOrDict(parser: Cursor): Expression {
  const first = parser.starred();
  if (first.kind !== 'starred' && first.kind !== 'named' && parser.take(':')) return dict(parser, first);
  if (!isClause(parser)) return items(parser, 'set', '}', first);
  const made = comprehension(parser, 'set', first);
  parser.expect('}');
  return made;
}

/** Behind `{`, or behind the first key and its colon. */
function dict(parser: Cursor, firstKey: Expression | undefined): Expression {
  const entries: { key: Expression | undefined; value: Expression }[] = [];
  let key = firstKey;
  do {
    if (key === undefined && parser.is('}')) break;
    if (key === undefined && parser.take('**')) entries.push({ key, value: parser.binary(0) });
    else {
      if (key === undefined) {
        key = parser.expression();
        parser.expect(':');
      }
      entries.push({ key, value: parser.expression() });
      if (entries.length === 1 && isClause(parser)) {
        const made = comprehension(parser, 'dict', entries[0]!.value, key);
        parser.expect('}');
        return made;
      }
    }
    key = undefined;
  } while (parser.take(','));
  parser.expect('}');
  return { kind: 'dict', entries };
}

function isClause(parser: Cursor): boolean {
  return parser.is('for') || parser.is('async');
}

function comprehension(
  parser: Cursor,
  makes: 'list' | 'set' | 'dict' | 'generator',
  element: Expression,
  key?: Expression,
): Expression {
  if (element.kind === 'starred') parser.refuse();
  const clauses: Clause[] = [];
  while (isClause(parser)) {
    parser.take('async');
    parser.expect('for');
    const target = parser.tuple(() => (parser.is('*') ? parser.starred() : parser.binary(0)));
    parser.expect('in');
    const iterable = parser.disjunction();
    const conditions: Expression[] = [];
    while (parser.take('if')) conditions.push(parser.disjunction());
    clauses.push({ target, iterable, conditions });
  }
  return { kind: 'comprehension', makes, key, element, clauses };
}

/** Throws SyntaxError where Python does. */
export function parseExpression(source: string): Expression {
  const parser = new Parser(tokensOf(source));
  while (parser.takeKind('newline'));
  const found = parser.tuple(() => parser.expression());
  while (parser.takeKind('newline'));
  if (!parser.takeKind('end')) parser.refuse();
  return found;
}

/** From loose to tight. */
const BINARY: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
];

const COMPARISONS = ['==', '!=', '<=', '<', '>=', '>', 'in', 'is'];

class Parser extends Cursor {
  override expression(): Expression {
    return this.deeper(() => {
      if (this.is('lambda')) return this.#lambda();
      const chosen = this.#logic('or');
      if (!this.take('if')) return chosen;
      const test = this.#logic('or');
      this.expect('else');
      return { kind: 'choice', test, chosen, otherwise: this.expression() };
    });
  }

  override disjunction(): Expression {
    return this.#logic('or');
  }

  override binary(level: number): Expression {
    const operators = BINARY[level];
    if (operators === undefined) return this.#factor();
    let left = this.binary(level + 1);
    for (let sign = this.takeOne(operators); sign !== undefined; sign = this.takeOne(operators)) {
      left = { kind: 'binary', operator: sign, left, right: this.binary(level + 1) };
    }
    return left;
  }

  #logic(operator: 'or' | 'and'): Expression {
    const operand = () => (operator === 'or' ? this.#logic('and') : this.#not());
    const values = [operand()];
    while (this.take(operator)) values.push(operand());
    return values.length === 1 ? values[0]! : { kind: 'logic', operator, values };
  }

  #not(): Expression {
    if (!this.take('not')) return this.#comparison();
    return { kind: 'unary', operator: 'not', operand: this.deeper(() => this.#not()) };
  }

  #comparison(): Expression {
    const first = this.binary(0);
    const rest: { operator: string; operand: Expression }[] = [];
    for (let sign = this.#comparisonSign(); sign !== undefined; sign = this.#comparisonSign()) {
      rest.push({ operator: sign, operand: this.binary(0) });
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest };
  }

  #comparisonSign(): string | undefined {
    if (this.take('not')) {
      this.expect('in');
      return 'not in';
    }
    const sign = this.takeOne(COMPARISONS);
    return sign === 'is' && this.take('not') ? 'is not' : sign;
  }

  #factor(): Expression {
    const sign = this.takeOne(['-', '+', '~']);
    if (sign !== undefined)
      return { kind: 'unary', operator: sign, operand: this.deeper(() => this.#factor()) };
    const left = this.#primary();
    if (!this.take('**')) return left;
    return { kind: 'binary', operator: '**', left, right: this.deeper(() => this.#factor()) };
  }

  #primary(): Expression {
    let found = this.#atom();
    for (;;) {
      if (this.take('.')) found = { kind: 'attribute', object: found, name: this.takeName() };
      else if (this.take('(')) found = { kind: 'call', callee: found, ...parseArguments(this) };
      else if (this.take('[')) found = { kind: 'item', object: found, index: parseIndex(this) };
      else return found;
    }
  }

  #atom(): Expression {
    const token = this.peek();
    if (token.kind === 'string') return this.#strings();
    if (token.kind === 'number' && this.takeKind('number')) return { kind: 'constant', value: token.value };
    if (token.kind === 'name') return { kind: 'name', name: this.takeName() };
    if (this.take('...')) return { kind: 'ellipsis' };
    const word = this.takeOne(['None', 'True', 'False']);
    if (word !== undefined) return { kind: 'constant', value: word === 'None' ? null : word === 'True' };
    return this.deeper(() => parseDisplay(this));
  }

  #strings(): Expression {
    const pieces: StringPiece[] = [];
    for (let token = this.peek(); token.kind === 'string'; token = this.peek()) {
      pieces.push(token.piece);
      this.takeKind('string');
    }
    const isBytes = pieces.some(({ form }) => form === 'bytes');
    if (isBytes && !pieces.every(({ form }) => form === 'bytes')) {
      throw new SyntaxError('cannot mix bytes and nonbytes literals');
    }
    const text = pieces.map((piece) => piece.text).join('');
    if (pieces.some(({ form }) => form === 'format')) return { kind: 'format', text };
    if (isBytes) return { kind: 'constant', value: bytesOf(text) };
    const [first] = pieces;
    const unicode = first?.form === 'text' && first.unicode;
    return { kind: 'constant', value: text, ...(unicode ? { unicode } : {}) };
  }

  #lambda(): Expression {
    this.expect('lambda');
    const parameters: string[] = [];
    while (!this.take(':')) parameters.push(this.#parameter());
    return { kind: 'lambda', parameters: parameters.join(', '), body: this.expression() };
  }

  /** A default value is read and dropped: what a lambda comes to is never looked at. */
  #parameter(): string {
    const star = this.takeOne(['**', '*', '/']) ?? '';
    const name = star === '/' || (star === '*' && this.is(',')) ? '' : this.takeName();
    if (this.take('=')) this.expression();
    if (!this.is(':')) this.expect(',');
    return `${star}${name}`;
  }
}
