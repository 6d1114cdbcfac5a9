/**
 * Expressions of operators. The grammar lets `not` swallow `and` and `or` on its right, so operators and operands are laid
 * out flat and joined again by Python's own precedence.
 */
import type { SyntaxNode } from '@lezer/common';
import type { TreeReader } from './reader.ts';
import type { ComparisonSyntax, Expr } from './syntax.ts';

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

/** Parses an expression of operators by Python's precedence. */
export function parseOperators(node: SyntaxNode, reader: TreeReader): Expr {
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
