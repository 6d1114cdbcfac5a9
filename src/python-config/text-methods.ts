/** Methods of str and bytes. */
import { collect, iterate } from './access.ts';
import { formatTemplate } from './format.ts';
import {
  Bytes,
  characters,
  countCharacters,
  Dict,
  List,
  type PyCall,
  type PyObject,
  Tuple,
  take,
  toIndex,
  toText,
  typeName,
} from './values.ts';

/** A method: the value it is called on, and the call. */
export type PyMethod<Self> = (self: Self, call: PyCall) => PyObject;

/** What Python takes for blank. */
const BLANK = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

const changed =
  (change: (text: string) => string): PyMethod<string> =>
  (self, call) => {
    take(call);
    call.machine.text(self.length);
    return change(self);
  };

const tested =
  (test: (text: string) => boolean): PyMethod<string> =>
  (self, call) => {
    take(call);
    call.machine.step(Math.ceil(self.length / 64));
    return test(self);
  };

const capitalized = (text: string) => {
  const [first = '', ...rest] = [...text];
  return first.toUpperCase() + rest.join('').toLowerCase();
};

const titled = (text: string) => text.replace(/\p{L}+/gu, capitalized);

const isCased = (text: string) => text.toLowerCase() !== text.toUpperCase();

/** Methods of str. */
export const TEXT_METHODS: Readonly<Record<string, PyMethod<string>>> = {
  lower: changed((text) => text.toLowerCase()),
  upper: changed((text) => text.toUpperCase()),
  casefold: changed((text) => text.toLowerCase().replaceAll('ß', 'ss')),
  capitalize: changed(capitalized),
  title: changed(titled),
  swapcase: changed((text) =>
    text.replace(/\p{L}/gu, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    ),
  ),
  strip: (self, call) => stripped(self, call, true, true),
  lstrip: (self, call) => stripped(self, call, true, false),
  rstrip: (self, call) => stripped(self, call, false, true),
  split: (self, call) => splitText(self, call, false),
  rsplit: (self, call) => splitText(self, call, true),
  splitlines: splitLines,
  join: joined,
  replace: replaced,
  startswith: (self, call) => hasEdge(self, call, (text, edge) => text.startsWith(edge)),
  endswith: (self, call) => hasEdge(self, call, (text, edge) => text.endsWith(edge)),
  find: (self, call) => findText(self, call, false),
  rfind: (self, call) => findText(self, call, true),
  index: (self, call) => mustFind(findText(self, call, false), call),
  rindex: (self, call) => mustFind(findText(self, call, true), call),
  count: (self, call) => {
    const part = toText(take(call, 'sub')[0], call);
    call.machine.step(self.length);
    return BigInt(part === '' ? countCharacters(self) + 1 : self.split(part).length - 1);
  },
  format: (self, call) =>
    formatTemplate(self, { args: call.args, named: (name) => call.keywords.get(name) }, call.machine),
  format_map: (self, call) => {
    const [map] = take(call, 'mapping');
    return formatTemplate(
      self,
      { args: [], named: (name) => (map instanceof Dict ? map.text(name) : undefined) },
      call.machine,
    );
  },
  ljust: (self, call) => padText(self, call, (missing) => [0, missing]),
  rjust: (self, call) => padText(self, call, (missing) => [missing, 0]),
  center: (self, call) => padText(self, call, splitPadding),
  zfill: (self, call) => {
    const width = toIndex(take(call, 'width')[0], call);
    call.machine.text(Math.max(width, self.length));
    const [, sign = '', digits = ''] = /^([+-]?)([\s\S]*)$/.exec(self) ?? [];
    return sign + '0'.repeat(Math.max(0, width - countCharacters(self))) + digits;
  },
  partition: (self, call) => partitioned(self, call, (at) => self.indexOf(at)),
  rpartition: (self, call) => partitioned(self, call, (at) => self.lastIndexOf(at), true),
  removeprefix: (self, call) => {
    const prefix = toText(take(call, 'prefix')[0], call);
    return self.startsWith(prefix) ? self.slice(prefix.length) : self;
  },
  removesuffix: (self, call) => {
    const suffix = toText(take(call, 'suffix')[0], call);
    return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
  },
  isdigit: tested((text) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u.test(text)),
  isdecimal: tested((text) => /^\p{Nd}+$/u.test(text)),
  isnumeric: tested((text) => /^\p{N}+$/u.test(text)),
  isalpha: tested((text) => /^\p{L}+$/u.test(text)),
  isalnum: tested((text) => /^[\p{L}\p{N}]+$/u.test(text)),
  isspace: tested((text) => new RegExp(`^[${BLANK}]+$`).test(text)),
  isupper: tested((text) => isCased(text) && text === text.toUpperCase()),
  islower: tested((text) => isCased(text) && text === text.toLowerCase()),
  istitle: tested((text) => isCased(text) && text === titled(text)),
  isidentifier: tested((text) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(text)),
  encode: (self, call) => {
    const [encoding = 'utf-8'] = take(call, 'encoding?');
    if (!/^utf-?8$/i.test(String(encoding))) call.machine.refuse(`encoding ${String(encoding)}`, 'use utf-8');
    call.machine.text(self.length * 3);
    return new Bytes(Buffer.from(self, 'utf8').toString('latin1'));
  },
};

/** Methods of bytes. */
export const BYTES_METHODS: Readonly<Record<string, PyMethod<Bytes>>> = {
  decode: (self, call) => {
    const [encoding = 'utf-8'] = take(call, 'encoding?');
    if (!/^(utf-?8|ascii)$/i.test(String(encoding)))
      call.machine.refuse(`encoding ${String(encoding)}`, 'use utf-8');
    call.machine.text(self.text.length);
    const text = Buffer.from(self.text, 'latin1').toString('utf8');
    return text.includes('\ufffd') ? call.machine.fail('the bytes are no UTF-8') : text;
  },
  hex: (self, call) => {
    take(call);
    call.machine.text(2 * self.text.length);
    return Buffer.from(self.text, 'latin1').toString('hex');
  },
};

function stripped(self: string, call: PyCall, left: boolean, right: boolean): string {
  const [letters] = take(call, 'chars?');
  call.machine.text(self.length);
  const blank = new RegExp(`[${BLANK}]`);
  const goes =
    letters === undefined || letters === null
      ? (letter: string) => blank.test(letter)
      : (
          (set) => (letter: string) =>
            set.has(letter)
        )(new Set(toText(letters, call)));
  const list = [...self];
  let [from, to] = [0, list.length];
  while (left && from < to && goes(list[from] as string)) from += 1;
  while (right && to > from && goes(list[to - 1] as string)) to -= 1;
  return list.slice(from, to).join('');
}

function splitText(self: string, call: PyCall, fromRight: boolean): List {
  const [separator, limit] = take(call, 'sep?', 'maxsplit?');
  const most = limit === undefined ? -1 : toIndex(limit, call);
  const parts =
    separator === undefined || separator === null
      ? splitBlank(self, most, fromRight)
      : splitBy(self, toText(separator, call), most, fromRight, call);
  call.machine.text(self.length);
  call.machine.items(parts.length);
  return new List(parts);
}

/** Splits at blanks; with a limit, the rest is kept unchanged. */
function splitBlank(self: string, most: number, fromRight: boolean): string[] {
  if (fromRight && most >= 0) return splitBlank(reversed(self), most, false).map(reversed).reverse();
  const words: string[] = [];
  const start = new RegExp(`^[${BLANK}]+`);
  let rest = self.replace(start, '');
  if (most < 0) return rest.split(new RegExp(`[${BLANK}]+`)).filter((word) => word !== '');
  while (rest !== '' && words.length < most) {
    const [word = ''] = new RegExp(`^[^${BLANK}]+`).exec(rest) ?? [];
    words.push(word);
    rest = rest.slice(word.length).replace(start, '');
  }
  return rest === '' ? words : [...words, rest];
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function splitBy(self: string, separator: string, most: number, fromRight: boolean, call: PyCall): string[] {
  if (separator === '') call.machine.fail('empty separator');
  const parts = self.split(separator);
  if (most < 0 || parts.length <= most + 1) return parts;
  return fromRight
    ? [parts.slice(0, parts.length - most).join(separator), ...parts.slice(parts.length - most)]
    : [...parts.slice(0, most), parts.slice(most).join(separator)];
}

function splitLines(self: string, call: PyCall): List {
  const [keep] = take(call, 'keepends?');
  call.machine.text(self.length);
  const lines: string[] = [];
  for (let rest = self; rest !== ''; ) {
    const end = LINE_END.exec(rest);
    const length = end === null ? rest.length : end.index;
    const whole = length + (end?.[0].length ?? 0);
    lines.push(rest.slice(0, keep === true || keep === 1n ? whole : length));
    rest = rest.slice(whole);
    call.machine.items(1);
  }
  return new List(lines);
}

function joined(self: string, call: PyCall): string {
  const [items] = take(call, 'iterable');
  const parts: string[] = [];
  for (const item of iterate(items as PyObject, call.machine)) {
    if (typeof item !== 'string')
      call.machine.fail(`sequence item ${parts.length}: expected str instance, ${typeName(item)} found`);
    call.machine.text((item as string).length + self.length);
    parts.push(item as string);
  }
  return parts.join(self);
}

function replaced(self: string, call: PyCall): string {
  const [from, to, limit] = take(call, 'old', 'new', 'count?');
  const [old, fresh] = [toText(from, call), toText(to, call)];
  call.machine.text(self.length);
  const parts = old === '' ? ['', ...self, ''] : self.split(old);
  const most = limit === undefined ? -1 : toIndex(limit, call);
  const count = most < 0 ? parts.length - 1 : Math.min(most, parts.length - 1);
  call.machine.text(self.length + Math.max(0, count * fresh.length));
  return [parts.slice(0, count + 1).join(fresh), ...parts.slice(count + 1)].join(old);
}

function hasEdge(self: string, call: PyCall, test: (text: string, edge: string) => boolean): boolean {
  const [edges] = take(call, 'prefix');
  const list = edges instanceof Tuple ? collect(edges, call.machine) : [edges];
  return list.some((edge) => test(self, toText(edge, call)));
}

function findText(self: string, call: PyCall, last: boolean): bigint {
  const [sub, from] = take(call, 'sub', 'start?');
  const text = toText(sub, call);
  call.machine.step(Math.ceil(self.length / 16));
  const list = characters(self);
  const given = from === undefined ? 0 : toIndex(from, call);
  const start = Math.min(list.length, given < 0 ? Math.max(0, list.length + given) : given);
  const head = typeof list === 'string' ? start : [...self].slice(0, start).join('').length;
  const rest = self.slice(head);
  const at = last ? rest.lastIndexOf(text) : rest.indexOf(text);
  return at < 0 || given > list.length ? -1n : BigInt(start + countCharacters(rest.slice(0, at)));
}

function mustFind(at: bigint, call: PyCall): bigint {
  return at < 0n ? call.machine.fail('substring not found') : at;
}

function splitPadding(missing: number, width: number): readonly [number, number] {
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return [left, missing - left];
}

function padText(
  self: string,
  call: PyCall,
  share: (missing: number, width: number) => readonly [number, number],
): string {
  const [size, fill = ' '] = take(call, 'width', 'fillchar?');
  const width = toIndex(size, call);
  const letter = toText(fill, call);
  if (countCharacters(letter) !== 1)
    call.machine.fail('The fill character must be exactly one character long');
  call.machine.text(Math.max(width, self.length));
  const [left, right] = share(Math.max(0, width - countCharacters(self)), width);
  return letter.repeat(left) + self + letter.repeat(right);
}

function partitioned(self: string, call: PyCall, find: (part: string) => number, last = false): Tuple {
  const part = toText(take(call, 'sep')[0], call);
  if (part === '') call.machine.fail('empty separator');
  call.machine.text(self.length);
  const at = find(part);
  if (at < 0) return new Tuple(last ? ['', '', self] : [self, '', '']);
  return new Tuple([self.slice(0, at), part, self.slice(at + part.length)]);
}
