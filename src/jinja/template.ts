/** Jinja's statements, as far as chat templates use them. What is not supported is refused by name, never left out. */
import { type Expression, Reader } from './expression.ts';
import { JinjaError, lexTemplate, type Part, type Token } from './lex.ts';
import { Scope } from './scope.ts';
import { type Callable, isTable, isTrue, listOf, type Table, textOf, type Value } from './values.ts';

/** Prints something into `out`. */
type Statement = (scope: Scope, out: string[]) => void;

/** A template as a function from its names to its text. Throws JinjaError, the function too. */
export function compileTemplate(template: string): (names: Table) => string {
  const body = new Compiler(lexTemplate(template)).body([]);
  return (names) => {
    const out: string[] = [];
    body(new Scope(new Scope(undefined, GLOBALS), names), out);
    return out.join('');
  };
}

const GLOBALS: Table = {
  range: ((args) => {
    const [start, stop] = args.length > 1 ? args.map(Number) : [0, Number(args[0])];
    return Array.from({ length: Math.max(0, stop! - start!) }, (_, i) => start! + i);
  }) satisfies Callable,
  namespace: ((_, named) => ({ ...named })) satisfies Callable,
  dict: ((_, named) => ({ ...named })) satisfies Callable,
  raise_exception: (([message]) => {
    throw new JinjaError(`it says: ${textOf(message)}`);
  }) satisfies Callable,
};

class Compiler {
  readonly #parts: readonly Part[];
  #at = 0;
  /** Rest of the statement that ended the last body: `else`, `endif`, … */
  #closing: Reader = new Reader([]);

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Statements up to one of these words, which is taken; up to the end of the template where there are none. */
  body(until: readonly string[]): Statement {
    const statements: Statement[] = [];
    for (;;) {
      const part = this.#parts[this.#at++];
      if (part === undefined) {
        if (until.length === 0) return inOrder(statements);
        throw new JinjaError(`${until.at(-1)} is missing`);
      }
      if (part.kind === 'text') statements.push((_, out) => void out.push(part.text));
      else if (part.kind === 'print') statements.push(print(part.tokens));
      else {
        const reader = new Reader(part.tokens);
        const closes = until.find((word) => reader.take(word));
        if (closes === undefined) statements.push(this.#statement(reader));
        else {
          this.#closing = reader;
          this.#closedBy = closes;
          return inOrder(statements);
        }
      }
    }
  }

  #closedBy = '';

  #statement(reader: Reader): Statement {
    const word = reader.name();
    if (word === 'if') return this.#if(reader);
    if (word === 'for') return this.#for(reader);
    if (word === 'set') return this.#set(reader);
    if (word === 'macro') return this.#macro(reader);
    // Marks what a model learns from; it prints what it holds.
    if (word === 'generation') return this.body(['endgeneration']);
    throw new JinjaError(`the statement ${word} is not supported`);
  }

  #if(reader: Reader): Statement {
    const condition = reader.expression();
    reader.end();
    const then = this.body(['elif', 'else', 'endif']);
    let other: Statement = () => {};
    if (this.#closedBy === 'elif') other = this.#if(this.#closing);
    else if (this.#closedBy === 'else') other = this.body(['endif']);
    return (scope, out) => (isTrue(condition(scope)) ? then : other)(scope, out);
  }

  #for(reader: Reader): Statement {
    const names = [reader.name()];
    while (reader.take(',')) names.push(reader.name());
    reader.expect('in');
    const items = reader.expressionWithoutIf();
    const wanted: Expression = reader.take('if') ? reader.expression() : () => true;
    reader.end();
    const body = this.body(['else', 'endfor']);
    const none: Statement = this.#closedBy === 'else' ? this.body(['endfor']) : () => {};
    return (scope, out) => {
      const bind = (item: Value) => bound(names, item);
      const list = listOf(items(scope)).filter((item) => isTrue(wanted(new Scope(scope, bind(item)))));
      if (list.length === 0) none(scope, out);
      for (const [i, item] of list.entries())
        body(new Scope(scope, { ...bind(item), loop: loopAt(list, i) }), out);
    };
  }

  #set(reader: Reader): Statement {
    const name = reader.name();
    const member = reader.take('.') ? reader.name() : undefined;
    let value: (scope: Scope) => Value;
    if (reader.take('=')) {
      value = reader.expressionList();
      reader.end();
    } else {
      const body = this.body(['endset']);
      value = (scope) => {
        const out: string[] = [];
        body(new Scope(scope), out);
        return out.join('');
      };
    }
    return (scope) => {
      if (member === undefined) return scope.set(name, value(scope));
      const table = scope.get(name);
      if (!isTable(table)) throw new JinjaError(`${name} is no namespace`);
      table[member] = value(scope);
    };
  }

  #macro(reader: Reader): Statement {
    const name = reader.name();
    const parameters: { name: string; fallback: Expression }[] = [];
    reader.expect('(');
    while (!reader.take(')')) {
      const parameter = reader.name();
      parameters.push({
        name: parameter,
        fallback: reader.take('=') ? reader.expression() : () => undefined,
      });
      if (!reader.is(')')) reader.expect(',');
    }
    const body = this.body(['endmacro']);
    return (scope) => {
      const call: Callable = (args, named) => {
        const inner = new Scope(scope);
        parameters.forEach((one, i) => {
          inner.set(one.name, args[i] ?? named[one.name] ?? one.fallback(scope));
        });
        const out: string[] = [];
        body(inner, out);
        return out.join('');
      };
      scope.set(name, call);
    };
  }
}

function inOrder(statements: readonly Statement[]): Statement {
  return (scope, out) => {
    for (const statement of statements) statement(scope, out);
  };
}

function print(tokens: readonly Token[]): Statement {
  const reader = new Reader(tokens);
  const value = reader.expression();
  reader.end();
  return (scope, out) => void out.push(textOf(value(scope)));
}

function bound(names: readonly string[], item: Value): Table {
  if (names.length === 1) return { [names[0]!]: item };
  const parts = listOf(item);
  return Object.fromEntries(names.map((name, i) => [name, parts[i]]));
}

function loopAt(list: readonly Value[], i: number): Table {
  return {
    index: i + 1,
    index0: i,
    revindex: list.length - i,
    revindex0: list.length - i - 1,
    first: i === 0,
    last: i === list.length - 1,
    length: list.length,
    previtem: list[i - 1],
    nextitem: list[i + 1],
  };
}
