/** Python's grammar of one expression (`ast.parse(text, mode='eval')`). */
import { Cursor } from './cursor.ts';
import { tokensOf } from './lex.ts';
import { bytesOf, type StringPiece } from './literals.ts';
import { parseArguments, parseDisplay, parseIndex } from './parse-parts.ts';
import type { Expression } from './syntax.ts';

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
