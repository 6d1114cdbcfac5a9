import { PyDict, type PyValue } from './value.ts';

/**
 * `json.loads(text)`: an int stays an int and a float a float, `NaN` and `Infinity` are numbers, the last of equal keys counts.
 * Throws SyntaxError where Python raises, saying at which character.
 */
export function parsePyJson(text: string): PyValue {
  const reader = new JsonReader(text);
  const value = reader.value();
  reader.end();
  return value;
}

const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
/** What a string holds up to its end, an escape or a character that may not stand in it. */
const PLAIN = /[^"\\\x00-\x1f]*/y;

/** Python's limit on the digits of an int that is read from text. */
const MOST_DIGITS = 4300;

const WORDS: readonly (readonly [string, PyValue])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  end(): void {
    this.#match(SPACE);
    if (this.#at < this.#text.length) this.#refuse('extra data');
  }

  value(): PyValue {
    this.#match(SPACE);
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === '{') return this.#object();
    if (first === '[') return this.#array();
    const word = WORDS.find(([name]) => this.#text.startsWith(name, this.#at));
    if (word !== undefined) {
      this.#at += word[0].length;
      return word[1];
    }
    return this.#number();
  }

  #number(): PyValue {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text);
    if (found === null) return this.#refuse('a value was expected');
    const [whole, integer, fraction, exponent] = found;
    if (fraction === undefined && exponent === undefined && integer!.length > MOST_DIGITS) {
      this.#refuse('an integer has too many digits');
    }
    this.#at += whole.length;
    return fraction === undefined && exponent === undefined ? BigInt(whole) : Number(whole);
  }

  #array(): PyValue {
    const items: PyValue[] = [];
    this.#at++;
    if (this.#take(']')) return items;
    do items.push(this.value());
    while (this.#take(','));
    return this.#take(']') ? items : this.#refuse("',' was expected");
  }

  #object(): PyValue {
    const dict = new PyDict();
    this.#at++;
    if (this.#take('}')) return dict;
    do {
      this.#match(SPACE);
      if (this.#text[this.#at] !== '"') this.#refuse('a name in double quotes was expected');
      const key = this.#string();
      if (!this.#take(':')) this.#refuse("':' was expected");
      dict.set(key, this.value());
    } while (this.#take(','));
    return this.#take('}') ? dict : this.#refuse("',' was expected");
  }

  #string(): string {
    let text = '';
    this.#at++;
    for (;;) {
      text += this.#match(PLAIN);
      const sign = this.#text[this.#at];
      if (sign !== '"' && sign !== '\\') return this.#refuse('a string is not closed');
      this.#at++;
      if (sign === '"') return text;
      text += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at, this.#at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#refuse('an escape \\u has no four digits');
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    return ESCAPES[letter] ?? this.#refuse('an escape of JSON was expected');
  }

  /** Goes past a sign, space before it too; false where there is another. */
  #take(sign: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #refuse(why: string): never {
    throw new SyntaxError(`${why} at character ${this.#at}`);
  }
}
