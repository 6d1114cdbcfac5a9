/** Jinja's expressions, as functions from a scope to a value. */
import { JinjaError, type Token } from './lex.ts';
import { calculate, compare, memberOf, slice } from './operators.ts';
import type { Scope } from './scope.ts';
import { type Callable, FILTERS, isTrue, type Table, TESTS, textOf, type Value } from './values.ts';

export type Expression = (scope: Scope) => Value;

const CONSTANTS: Readonly<Record<string, Value>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};
const END: Token = { kind: 'end', text: '' };

/** Reads the tokens of one tag. */
export class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead] ?? END;
    return token.text === text && (token.kind === 'sign' || token.kind === 'name');
  }

  /** Takes a sign or word if it stands there. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw new JinjaError(`expected ${text}, found ${JSON.stringify(this.next.text)}`);
  }

  name(): string {
    const { kind, text } = this.next;
    if (kind !== 'name') throw new JinjaError(`expected a name, found ${JSON.stringify(text)}`);
    this.#at++;
    return text;
  }

  end(): void {
    if (this.next.kind !== 'end') throw new JinjaError(`did not expect ${JSON.stringify(this.next.text)}`);
  }

  expression(): Expression {
    const value = this.#or();
    if (!this.take('if')) return value;
    const condition = this.#or();
    const other: Expression = this.take('else') ? this.expression() : () => undefined;
    return (scope) => (isTrue(condition(scope)) ? value : other)(scope);
  }

  /** For the list of a loop, whose `if` filters. */
  expressionWithoutIf(): Expression {
    return this.#or();
  }

  /** A value with commas behind it is a list. */
  expressionList(): Expression {
    const items = [this.expression()];
    while (this.take(',')) items.push(this.expression());
    return items.length === 1 ? items[0]! : (scope) => items.map((item) => item(scope));
  }

  #or(): Expression {
    const left = this.#and();
    if (!this.take('or')) return left;
    const right = this.#or();
    return (scope) => {
      const value = left(scope);
      return isTrue(value) ? value : right(scope);
    };
  }

  #and(): Expression {
    const left = this.#not();
    if (!this.take('and')) return left;
    const right = this.#and();
    return (scope) => {
      const value = left(scope);
      return isTrue(value) ? right(scope) : value;
    };
  }

  #not(): Expression {
    if (!this.take('not')) return this.#comparison();
    const value = this.#not();
    return (scope) => !isTrue(value(scope));
  }

  #comparison(): Expression {
    let left = this.#sum();
    for (;;) {
      const negated = this.is('not') && this.is('in', 1) && this.take('not');
      const sign = ['==', '!=', '<=', '>=', '<', '>', 'in'].find((one) => this.take(one));
      if (sign === undefined) return left;
      const [a, b] = [left, this.#sum()];
      left = (scope) => compare(sign, a(scope), b(scope)) !== negated;
    }
  }

  #sum(): Expression {
    return this.#binary(['+', '-', '~'], () => this.#product());
  }

  #product(): Expression {
    return this.#binary(['*', '//', '/', '%'], () => this.#unary());
  }

  #binary(signs: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const sign = signs.find((one) => this.take(one));
      if (sign === undefined) return left;
      const [a, b] = [left, operand()];
      left = (scope) => calculate(sign, a(scope), b(scope));
    }
  }

  #unary(): Expression {
    if (!this.take('-')) return this.#filtered();
    const value = this.#unary();
    return (scope) => -Number(value(scope));
  }

  #filtered(): Expression {
    let value = this.#postfix(this.#atom());
    for (;;) {
      if (this.take('|')) value = this.#filter(value);
      else if (this.take('is')) value = this.#test(value);
      else return value;
    }
  }

  #filter(value: Expression): Expression {
    const name = this.name();
    const filter = own(FILTERS, name === 'd' ? 'default' : name);
    if (filter === undefined) throw new JinjaError(`the filter ${name} is not supported`);
    const args = this.take('(') ? this.#arguments() : () => ({ list: [], named: {} });
    return (scope) => {
      const { list, named } = args(scope);
      return filter(value(scope), list, named);
    };
  }

  #test(value: Expression): Expression {
    const negated = this.take('not');
    const name = this.name();
    const test = own(TESTS, name);
    if (test === undefined) throw new JinjaError(`the test ${name} is not supported`);
    if (this.take('(')) {
      const args = this.#arguments();
      return (scope) => test(value(scope), args(scope).list) !== negated;
    }
    const takesOne = ['equalto', 'eq', 'in'].includes(name);
    const other = takesOne ? this.#postfix(this.#atom()) : undefined;
    return (scope) => test(value(scope), other ? [other(scope)] : []) !== negated;
  }

  #postfix(start: Expression): Expression {
    let value = start;
    for (;;) {
      const of = value;
      if (this.take('.')) {
        const name = this.next.kind === 'number' ? this.#number() : this.name();
        value = (scope) => memberOf(of(scope), name);
      } else if (this.take('[')) value = this.#subscript(of);
      else if (this.take('(')) {
        const args = this.#arguments();
        value = (scope) => {
          const called = of(scope);
          if (typeof called !== 'function') throw new JinjaError('something is called that is no function');
          const { list, named } = args(scope);
          return (called as Callable)(list, named);
        };
      } else return value;
    }
  }

  #number(): number {
    const { text } = this.next;
    this.#at++;
    return Number(text);
  }

  #subscript(of: Expression): Expression {
    const bounds: (Expression | undefined)[] = [this.is(':') ? undefined : this.expression()];
    while (this.take(':')) bounds.push(this.is(':') || this.is(']') ? undefined : this.expression());
    this.expect(']');
    if (bounds.length === 1) return (scope) => memberOf(of(scope), bounds[0]!(scope));
    return (scope) =>
      slice(
        of(scope),
        bounds.map((bound) => bound?.(scope)),
      );
  }

  #arguments(): (scope: Scope) => { list: Value[]; named: Table } {
    const list: Expression[] = [];
    const named: [string, Expression][] = [];
    while (!this.take(')')) {
      if (this.next.kind === 'name' && this.is('=', 1)) {
        const name = this.name();
        this.expect('=');
        named.push([name, this.expression()]);
      } else list.push(this.expression());
      if (!this.is(')')) this.expect(',');
    }
    return (scope) => ({
      list: list.map((one) => one(scope)),
      named: Object.fromEntries(named.map(([name, one]) => [name, one(scope)])),
    });
  }

  #atom(): Expression {
    const { kind, text } = this.next;
    this.#at++;
    if (kind === 'string') {
      let whole = text;
      for (; this.next.kind === 'string'; this.#at++) whole += this.next.text;
      return () => whole;
    }
    if (kind === 'number') return () => Number(text);
    if (kind === 'name')
      return Object.hasOwn(CONSTANTS, text) ? () => CONSTANTS[text] : (scope) => scope.get(text);
    if (text === '(') return this.#items(')', true);
    if (text === '[') return this.#items(']', false);
    if (text === '{') return this.#table();
    throw new JinjaError(`did not expect ${JSON.stringify(text)}`);
  }

  #items(close: string, isGroup: boolean): Expression {
    const items: Expression[] = [];
    let sawComma = false;
    while (!this.take(close)) {
      items.push(this.expression());
      if (this.take(',')) sawComma = true;
      else if (!this.is(close)) this.expect(close);
    }
    if (isGroup && items.length === 1 && !sawComma) return items[0]!;
    return (scope) => items.map((item) => item(scope));
  }

  #table(): Expression {
    const entries: [Expression, Expression][] = [];
    while (!this.take('}')) {
      const key = this.expression();
      this.expect(':');
      entries.push([key, this.expression()]);
      if (!this.is('}')) this.expect(',');
    }
    return (scope) => Object.fromEntries(entries.map(([key, value]) => [textOf(key(scope)), value(scope)]));
  }
}

/** What a table itself holds: `__proto__` and its like are no names in it. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
