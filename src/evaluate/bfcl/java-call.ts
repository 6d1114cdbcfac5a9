/**
 * One call in Java. The text of a value is put together as BFCL does it: no blanks between signs, but calls as they are written;
 * of `new X() {{ … }}` the body is dropped.
 */
import { RESERVED, type Token, tokensOf } from './java-tokens.ts';

interface JavaCall {
  readonly name: string;
  /** Nothing is named where the name is null. */
  readonly args: (readonly [name: string | null, value: string])[];
}

/** Throws SyntaxError where it is none, or one that this parser does not know (`switch`, blocks of statements in lambdas). */
export function javaCall(code: string): JavaCall {
  const parser = new JavaParser(code);
  const isBlock = parser.take('{');
  const found = parser.expression();
  const isEnded = parser.take(';');
  if (isBlock ? !parser.take('}') : !isEnded && !parser.atEnd()) parser.refuse();
  if (found.call === undefined) throw new SyntaxError('the reply is no call');
  return found.call;
}

interface Found {
  readonly kind: 'identifier' | 'class' | 'text' | 'place' | 'assignment' | 'other';
  readonly text: string;
  readonly call?: JavaCall;
  readonly assigns?: readonly [name: string, value: string];
}

const BINARY = new Set('|| && == != <= >= < > | & ^ + - * / % << instanceof'.split(' '));
const ASSIGN = new Set('= += -= *= /= %= &= |= ^='.split(' '));
const PRIMITIVES = new Set('byte short int long float double boolean char void'.split(' '));

class JavaParser {
  readonly #code: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(code: string) {
    this.#code = code;
    this.#tokens = tokensOf(code);
  }

  atEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  take(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#next++;
    return true;
  }

  refuse(): never {
    throw new SyntaxError(`no Java at ${this.#peek() ?? 'the end'}`);
  }

  /** An assignment, or what binds closer. */
  expression(): Found {
    const left = this.#ternary();
    const sign = this.#peek() ?? '';
    if (!ASSIGN.has(sign)) return left;
    if (left.kind !== 'identifier' && left.kind !== 'place') this.refuse();
    this.#next++;
    const right = this.expression();
    const value = right.kind === 'text' ? right.text.slice(1, -1) : right.text;
    return { kind: 'assignment', text: `${left.text}${sign}${right.text}`, assigns: [left.text, value] };
  }

  #ternary(): Found {
    const test = this.#binary();
    if (!this.take('?')) return test;
    const chosen = this.expression();
    this.#expect(':');
    return other(`${test.text}?${chosen.text}:${this.#ternary().text}`);
  }

  #binary(): Found {
    let left = this.#unary();
    for (let sign = this.#peek(); sign !== undefined && BINARY.has(sign); sign = this.#peek()) {
      this.#next++;
      left = other(left.text + sign + this.#unary().text);
    }
    return left;
  }

  #unary(): Found {
    const sign = this.#peek() ?? '';
    if (['+', '-', '!', '~', '++', '--'].includes(sign)) {
      this.#next++;
      return other(sign + this.#unary().text);
    }
    return this.#attempt(() => this.#lambda()) ?? this.#attempt(() => this.#cast()) ?? this.#postfix();
  }

  /** `x -> …` or `(x, y) -> …`. */
  #lambda(): Found {
    let parameters = '';
    if (this.take('(')) {
      const names: string[] = [];
      while (!this.take(')')) {
        names.push(this.#identifier());
        if (this.#peek() !== ')') this.#expect(',');
      }
      parameters = `(${names.join(',')})`;
    } else parameters = this.#identifier();
    this.#expect('->');
    return other(`${parameters}->${this.expression().text}`);
  }

  /** `(Type) value`; before a sign only with a type that is no name, for `(a) - b` is a difference. */
  #cast(): Found {
    this.#expect('(');
    const type = this.#type();
    this.#expect(')');
    if (!PRIMITIVES.has(type) && !/^[\p{IDS}_$"'\d(!~]/u.test(this.#peek() ?? '')) this.refuse();
    return other(`(${type})${this.#unary().text}`);
  }

  #postfix(): Found {
    const start = this.#tokens[this.#next]?.start ?? 0;
    let found = this.#primary(start);
    for (;;) {
      if (this.take('.')) found = this.#member(found, start);
      else if (this.take('[')) {
        found = { kind: 'place', text: `${found.text}[${this.expression().text}]` };
        this.#expect(']');
      } else if (this.take('::')) {
        const name = this.take('new') ? 'new' : this.#identifier();
        found = other(`${found.text}::${name}`);
      } else if (this.#peek() === '++' || this.#peek() === '--') {
        found = other(`${found.text}${this.#tokens[this.#next++]!.text}`);
      } else return found;
    }
  }

  #member(object: Found, start: number): Found {
    if (this.take('class')) return { kind: 'class', text: this.#sourceFrom(start) };
    if (this.#peek() === '<') this.#typeArguments();
    const source = this.#code.slice(start, this.#tokens[this.#next - 2]?.end);
    const name = this.#identifier();
    if (this.#peek() === '(') return this.#call(`${source}.${name}`, start);
    return { kind: 'place', text: `${object.text}.${name}` };
  }

  #primary(start: number): Found {
    const text = this.#peek() ?? this.refuse();
    if (this.take('(')) {
      const inner = this.expression();
      this.#expect(')');
      return other(`(${inner.text})`);
    }
    if (this.take('new')) return this.#creation();
    if (/^["']/.test(text)) return this.#leaf('text');
    if (/^\.?\d/.test(text) || ['true', 'false', 'null', 'this', 'super'].includes(text)) {
      return this.#leaf('other');
    }
    if (PRIMITIVES.has(text)) {
      this.#type();
      this.#expect('.');
      this.#expect('class');
      return { kind: 'class', text: this.#sourceFrom(start) };
    }
    const name = this.#identifier();
    return this.#peek() === '(' ? this.#call(name, start) : { kind: 'identifier', text: name };
  }

  #creation(): Found {
    const type = this.#type();
    if (this.take('[')) {
      if (!this.take(']')) throw new SyntaxError('an array without its values has no text');
      while (this.take('[')) this.#expect(']');
      return other(`new ${type}[]${this.#initializer()}`);
    }
    this.#expect('(');
    const args = this.#list(')').map(({ text }) => text);
    if (this.#peek() === '{') this.#skipBlock();
    return other(`new ${type}(${args.join(', ')})`);
  }

  #initializer(): string {
    this.#expect('{');
    const items: string[] = [];
    while (!this.take('}')) {
      items.push(this.#peek() === '{' ? this.#initializer() : this.expression().text);
      if (this.#peek() !== '}') this.#expect(',');
    }
    return `{${items.join(',')}}`;
  }

  #skipBlock(): void {
    let depth = 0;
    do {
      if (this.take('{')) depth++;
      else if (this.take('}')) depth--;
      else if (this.atEnd()) this.refuse();
      else this.#next++;
    } while (depth > 0);
  }

  #call(name: string, start: number): Found {
    this.#expect('(');
    const args = this.#list(')').flatMap(({ kind, text, assigns }): JavaCall['args'] => {
      if (assigns !== undefined) return [assigns];
      return kind === 'identifier' || kind === 'class' ? [[null, text]] : [];
    });
    return { kind: 'other', text: this.#sourceFrom(start), call: { name, args } };
  }

  /** Expressions between commas, up to and with the closing sign. */
  #list(end: string): Found[] {
    const found: Found[] = [];
    if (this.take(end)) return found;
    do found.push(this.expression());
    while (this.take(','));
    this.#expect(end);
    return found;
  }

  /** Its text without blanks. */
  #type(): string {
    let text = this.#name();
    if (this.#peek() === '<') text += this.#typeArguments();
    while (this.#peek() === '.' && this.#peek(1) !== 'class') {
      this.#next++;
      text += `.${this.#name()}`;
      if (this.#peek() === '<') text += this.#typeArguments();
    }
    return text;
  }

  #typeArguments(): string {
    let [text, depth] = ['', 0];
    do {
      const token = this.#tokens[this.#next++]?.text ?? this.refuse();
      if (!/^[\p{IDS}_$<>,.?[\]&]/u.test(token)) this.refuse();
      if (token === '<') depth++;
      if (token === '>') depth--;
      text += token;
    } while (depth > 0);
    return text;
  }

  #name(): string {
    const name = this.#peek() ?? '';
    return PRIMITIVES.has(name) && this.take(name) ? name : this.#identifier();
  }

  #identifier(): string {
    const text = this.#peek() ?? '';
    if (!/^[\p{IDS}_$]/u.test(text) || RESERVED.has(text)) this.refuse();
    this.#next++;
    return text;
  }

  #leaf(kind: Found['kind']): Found {
    return { kind, text: this.#tokens[this.#next++]!.text };
  }

  #attempt(parse: () => Found): Found | undefined {
    const start = this.#next;
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#next = start;
      return undefined;
    }
  }

  #sourceFrom(start: number): string {
    return this.#code.slice(start, this.#tokens[this.#next - 1]!.end);
  }

  #expect(text: string): void {
    if (!this.take(text)) this.refuse();
  }

  #peek(ahead = 0): string | undefined {
    return this.#tokens[this.#next + ahead]?.text;
  }
}

function other(text: string): Found {
  return { kind: 'other', text };
}
