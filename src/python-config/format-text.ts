/** `'…'.format(…)` and `'…' % …`. */
import { getItem, numeric } from './access.ts';
import { formatNumber, formatValue, type Spec } from './format-spec.ts';
import type { Machine } from './machine.ts';
import { ascii, repr, str } from './repr.ts';
import { characters, Dict, List, lengthOf, Tuple, typeName, type Value } from './values.ts';

export function converted(value: Value, conversion: string | undefined, machine: Machine): Value {
  if (conversion === 'r') return repr(value, machine);
  if (conversion === 'a') return ascii(value, machine);
  return conversion === 's' ? str(value, machine) : value;
}

export function formatted(value: Value, spec: string, machine: Machine): string {
  const text = formatValue(value, spec, str(value, machine), machine);
  machine.text(text.length);
  return text;
}

interface Fields {
  readonly args: readonly Value[];
  readonly named: (name: string) => Value | undefined;
}

/** Fields are numbered or named, and followed by `[key]`s; attributes are not read. */
export function formatTemplate(template: string, fields: Fields, machine: Machine): string {
  let automatic = 0;
  const fill = (text: string): string => {
    const parts = splitFields(text, machine);
    return parts
      .map((part) => {
        if (typeof part === 'string') return part;
        const { name, conversion, spec } = part;
        const [head = '', ...keys] = name.split(/(?=\[)/);
        const number = head === '' ? automatic++ : Number(head);
        const value = /^\d*$/.test(head) ? fields.args[number] : fields.named(head);
        if (value === undefined) return machine.fail(`format() has no value for "{${name}}"`);
        const inner = keys.reduce((from: Value, key) => fieldItem(from, key, machine), value);
        return formatted(
          converted(inner, conversion, machine),
          machine.deeper(() => fill(spec)),
          machine,
        );
      })
      .join('');
  };
  return fill(template);
}

interface Field {
  readonly name: string;
  readonly conversion: string | undefined;
  readonly spec: string;
}

function splitFields(text: string, machine: Machine): (string | Field)[] {
  machine.text(text.length);
  const parts: (string | Field)[] = [];
  for (let at = 0; at < text.length; ) {
    const two = text.slice(at, at + 2);
    if (two === '{{' || two === '}}') {
      parts.push(two[0] as string);
      at += 2;
    } else if (text[at] === '{') {
      const end = closingBrace(text, at, machine);
      parts.push(fieldOf(text.slice(at + 1, end), machine));
      at = end + 1;
    } else if (text[at] === '}') machine.fail("Single '}' encountered in format string");
    else {
      const [plain = ''] = /[^{}]+/.exec(text.slice(at)) ?? [];
      parts.push(plain);
      at += plain.length;
    }
  }
  return parts;
}

function closingBrace(text: string, from: number, machine: Machine): number {
  for (let at = from, depth = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}' && --depth === 0) return at;
  }
  return machine.fail("Single '{' encountered in format string");
}

function fieldOf(text: string, machine: Machine): Field {
  const [, name = '', conversion, spec = ''] = /^([^!:]*)(?:!(.))?(?::([\s\S]*))?$/.exec(text) ?? [];
  if (!/^[^.[\]{}]*(\[[^\]]+\])*$/.test(name))
    machine.refuse(`"{${text}}" is no field of data`, 'use {name} or {name[key]}');
  return { name, conversion, spec };
}

function fieldItem(from: Value, part: string, machine: Machine): Value {
  const key = part.slice(1, -1);
  const isIndex = /^\d+$/.test(key);
  const value =
    from instanceof Dict
      ? getItem(from, isIndex ? BigInt(key) : key, machine)
      : (from instanceof List || from instanceof Tuple) && isIndex
        ? from.items[Number(key)]
        : typeof from === 'string' && isIndex
          ? characters(from)[Number(key)]
          : undefined;
  return value === undefined ? machine.fail(`'${typeName(from)}' has no item ${part}`) : value;
}

const PERCENT = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?([a-zA-Z%])?/g;

/** `template % values` */
export function formatPercent(template: string, values: Value, machine: Machine): string {
  machine.text(template.length);
  const args = values instanceof Tuple ? [...values.items] : [values];
  let used = 0;
  const isNamed = /%\([^)]*\)/.test(template);
  const next = () =>
    args[used++] ?? (used > args.length ? machine.fail('not enough arguments for format string') : null);
  const number = (text: string | undefined) =>
    text === '*' ? Number(next()) : text === undefined ? undefined : Number(text);
  const text = template.replace(
    PERCENT,
    (_whole, name: string | undefined, flags: string, width, precision, type = '') => {
      if (type === '%') return '%';
      const asked = { flags, width: number(width) ?? 0, precision: number(precision), type };
      const value = name === undefined ? next() : namedValue(values, name, machine);
      const made = percentField(value, asked, machine);
      machine.text(made.length);
      return made;
    },
  );
  if (!isNamed && used < args.length && !(values instanceof Dict || values instanceof List))
    machine.fail('not all arguments converted during string formatting');
  return text;
}

function namedValue(values: Value, name: string, machine: Machine): Value {
  const value =
    values instanceof Dict ? getItem(values, name, machine) : machine.fail('format requires a mapping');
  return value === undefined ? machine.fail(`KeyError: '${name}'`) : value;
}

interface PercentField {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

function percentField(
  value: Value,
  { flags, width, precision, type }: PercentField,
  machine: Machine,
): string {
  const has = (flag: string) => flags.includes(flag);
  machine.text(width + Math.min(precision ?? 0, 400));
  if (/^[sra]$/.test(type)) {
    const whole = str(converted(value, type, machine), machine);
    const cut = precision === undefined ? whole : [...whole].slice(0, precision).join('');
    return widened(cut, width, has('-'));
  }
  if (type === 'c' && typeof value === 'string' && lengthOf(value) === 1)
    return widened(value, width, has('-'));
  const given = numeric(value);
  if (given === undefined || !/^[diufFeEgGxXoc]$/.test(type))
    return machine.fail(`%${type} does not fit a '${typeName(value)}'`);
  const isInt = /^[diuxXoc]$/.test(type);
  if (isInt && typeof given === 'number' && (/^[xXoc]$/.test(type) || !Number.isFinite(given)))
    return machine.fail(`%${type} format: an integer is required, not float`);
  const spec: Spec = {
    fill: has('0') && !has('-') ? '0' : ' ',
    align: has('-') ? '<' : has('0') ? '=' : '>',
    sign: has('+') ? '+' : has(' ') ? ' ' : '-',
    alternate: has('#'),
    width,
    grouping: '',
    precision: isInt ? undefined : precision,
    type: /^[diu]$/.test(type) ? 'd' : type,
  };
  if (isInt && precision !== undefined)
    return machine.refuse(`"%.${precision}${type}" is not read`, 'use an f-string');
  return formatNumber(isInt && typeof given === 'number' ? BigInt(Math.trunc(given)) : given, spec, machine);
}

function widened(text: string, width: number, toTheLeft: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return toTheLeft ? text + blanks : blanks + text;
}
