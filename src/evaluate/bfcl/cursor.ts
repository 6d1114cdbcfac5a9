/** Goes over the tokens of an expression; the grammar itself is its subclass's. */
import type { Token } from './lex.ts';
import type { Expression } from './syntax.ts';

/** Deeper nesting than any answer has; Python refuses at about the same depth. */
const DEEPEST = 200;

const OPENERS = new Set('None True False not lambda ( [ { - + ~ * ...'.split(' '));

export abstract class Cursor {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
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

  peek(ahead = 0): Token {
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

  takeKind(kind: Token['kind']): boolean {
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
