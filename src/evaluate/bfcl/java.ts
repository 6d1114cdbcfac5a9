/**
 * One call in Java. The text of a value is put together as BFCL does it: no blanks between signs, but calls as they are written;
 * of `new X() {{ … }}` the body is dropped.
 */
import { PyDict, type PyValue } from '../../python-data/value.ts';
import { elementsOf, integerIn, isQuoted, numberOrText } from './javascript.ts';

/** The words and signs of an expression in Java. */
const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|0[xX][\da-fA-F_]+[lL]?|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdDlL]?|[\p{IDS}_$][\p{IDC}$]*|->|::|\+\+|--|&&|\|\||[=!<>]=|[-+*/%&|^]=|<<|[-+*/%&|^!~<>=?:.,;()[\]{}]/uy;

interface JavaToken {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words that are no names. */
const RESERVED = new Set(
  (
    'abstract assert break case catch class const continue default do else enum extends final finally for goto if ' +
    'implements import instanceof interface native new package private protected public return static strictfp super ' +
    'switch synchronized this throw throws transient try volatile while true false null byte short int long float ' +
    'double boolean char void'
  ).split(' '),
);

/** Blanks and comments are left out. Throws SyntaxError. */
function tokensOf(code: string): JavaToken[] {
  const tokens: JavaToken[] = [];
  for (let at = 0; at < code.length; ) {
    TOKEN.lastIndex = at;
    const text = TOKEN.exec(code)?.[0];
    if (text === undefined) throw new SyntaxError(`no Java at ${code.slice(at, at + 10)}`);
    if (!/^(?:\s|\/\/|\/\*)/.test(text)) tokens.push({ text, start: at, end: at + text.length });
    at += text.length;
  }
  return tokens;
}

// What BFCL takes an argument written in Java for. What it cannot read stays a text.

const DECIMAL = String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const DOUBLE = new RegExp(`^${DECIMAL}\n?$`);
const FLOAT = new RegExp(`^${DECIMAL}[fF]\n?$`);
const LONG = /^-?\d+[lL]\n?$/;

/** `items` is the type of a collection's elements, where the description gives one. */
export function javaValue(text: string, type: string, items?: string): PyValue {
  switch (type) {
    case 'byte':
    case 'short':
    case 'integer':
      return /^-?\d+\n?$/.test(text) ? integerIn(text)! : text;
    case 'float':
      return FLOAT.test(text) ? Number(text.trim().slice(0, -1)) : text;
    case 'double':
      return DOUBLE.test(text) ? Number(text) : text;
    case 'long':
      return LONG.test(text) ? BigInt(text.trim().slice(0, -1)) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'Array':
      return arrayIn(text, items);
    case 'ArrayList':
      return listIn(text, items);
    case 'HashMap':
      return mapIn(text);
    default:
      return text;
  }
}

function arrayIn(code: string, items: string | undefined): PyValue {
  const inner = /new\s+[\p{L}\p{N}_]+\[\]\s*\{([^\n]*?)\}/u.exec(code)?.[1];
  if (inner === undefined) return code;
  return elementsOf(inner)
    .filter((one) => one !== '')
    .map((one) => (items === undefined ? anyValue(one) : javaValue(one, items)));
}

const AS_LIST = /new\s+ArrayList<[\p{L}\p{N}_]*>\(Arrays\.asList\(([^\n]+?)\)\)/u;
const WITH_ADDS = /new\s+ArrayList<[\p{L}\p{N}_]*>\(\)\s*\{\{/u;
const EMPTY_LIST = /new\s+ArrayList<[\p{L}\p{N}_]*>\(\)/u;

function listIn(code: string, items: string | undefined): PyValue {
  const element = (one: string): PyValue => {
    if (items === 'char' || items === 'String') return one.slice(1, -1);
    return items === undefined ? anyValue(one) : javaValue(one, items);
  };
  const listed = AS_LIST.exec(code)?.[1];
  if (listed !== undefined) return elementsOf(listed).map(element);
  const added = between(code, WITH_ADDS, '}}', 1);
  if (added !== undefined) {
    return [...added.matchAll(/add\(([^\n]+?)\)/g)].map(([, one]) => element(one!.trim()));
  }
  return EMPTY_LIST.test(code) ? [] : code;
}

const WITH_PUTS = /new\s+HashMap<.*?>\s*\(\)\s*\{/s;
const PUT = /put\("([^\n]*?)",\s*([^\n]*?)\)/g;
const EMPTY_MAP = /new\s+HashMap<[^\n]*?>\s*\(\)/;

/** The text behind a beginning up to the sign that ends it, at least so many characters away. */
function between(code: string, begin: RegExp, end: string, least: number): string | undefined {
  const found = begin.exec(code);
  if (found === null) return undefined;
  const start = found.index + found[0].length;
  const stop = code.indexOf(end, start + least);
  return stop === -1 ? undefined : code.slice(start, stop);
}

function mapIn(code: string): PyValue {
  const puts = between(code, WITH_PUTS, '}', 0);
  if (puts !== undefined) {
    return new PyDict(
      [...puts.matchAll(PUT)].map(([, key, value]) => [key!, anyValue(value!.trim())] as const),
    );
  }
  return EMPTY_MAP.test(code) ? new PyDict() : code;
}

function anyValue(text: string): PyValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (isQuoted(text, ['"'])) return text.slice(1, -1);
  if (LONG.test(text)) return BigInt(text.trim().slice(0, -1));
  return FLOAT.test(text) ? Number(text.trim().slice(0, -1)) : numberOrText(text);
}

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

interface JavaNode {
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
  readonly #tokens: readonly JavaToken[];
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
  expression(): JavaNode {
    const left = this.#ternary();
    const sign = this.#peek() ?? '';
    if (!ASSIGN.has(sign)) return left;
    if (left.kind !== 'identifier' && left.kind !== 'place') this.refuse();
    this.#next++;
    const right = this.expression();
    const value = right.kind === 'text' ? right.text.slice(1, -1) : right.text;
    return { kind: 'assignment', text: `${left.text}${sign}${right.text}`, assigns: [left.text, value] };
  }

  #ternary(): JavaNode {
    const test = this.#binary();
    if (!this.take('?')) return test;
    const chosen = this.expression();
    this.#expect(':');
    return other(`${test.text}?${chosen.text}:${this.#ternary().text}`);
  }

  #binary(): JavaNode {
    let left = this.#unary();
    for (let sign = this.#peek(); sign !== undefined && BINARY.has(sign); sign = this.#peek()) {
      this.#next++;
      left = other(left.text + sign + this.#unary().text);
    }
    return left;
  }

  #unary(): JavaNode {
    const sign = this.#peek() ?? '';
    if (['+', '-', '!', '~', '++', '--'].includes(sign)) {
      this.#next++;
      return other(sign + this.#unary().text);
    }
    return this.#attempt(() => this.#lambda()) ?? this.#attempt(() => this.#cast()) ?? this.#postfix();
  }

  /** `x -> …` or `(x, y) -> …`. */
  #lambda(): JavaNode {
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
  #cast(): JavaNode {
    this.#expect('(');
    const type = this.#type();
    this.#expect(')');
    if (!PRIMITIVES.has(type) && !/^[\p{IDS}_$"'\d(!~]/u.test(this.#peek() ?? '')) this.refuse();
    return other(`(${type})${this.#unary().text}`);
  }

  #postfix(): JavaNode {
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

  #member(object: JavaNode, start: number): JavaNode {
    if (this.take('class')) return { kind: 'class', text: this.#sourceFrom(start) };
    if (this.#peek() === '<') this.#typeArguments();
    const source = this.#code.slice(start, this.#tokens[this.#next - 2]?.end);
    const name = this.#identifier();
    if (this.#peek() === '(') return this.#call(`${source}.${name}`, start);
    return { kind: 'place', text: `${object.text}.${name}` };
  }

  #primary(start: number): JavaNode {
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

  #creation(): JavaNode {
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

  #call(name: string, start: number): JavaNode {
    this.#expect('(');
    const args = this.#list(')').flatMap(({ kind, text, assigns }): JavaCall['args'] => {
      if (assigns !== undefined) return [assigns];
      return kind === 'identifier' || kind === 'class' ? [[null, text]] : [];
    });
    return { kind: 'other', text: this.#sourceFrom(start), call: { name, args } };
  }

  /** Expressions between commas, up to and with the closing sign. */
  #list(end: string): JavaNode[] {
    const found: JavaNode[] = [];
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

  #leaf(kind: JavaNode['kind']): JavaNode {
    return { kind, text: this.#tokens[this.#next++]!.text };
  }

  #attempt(parse: () => JavaNode): JavaNode | undefined {
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

function other(text: string): JavaNode {
  return { kind: 'other', text };
}
