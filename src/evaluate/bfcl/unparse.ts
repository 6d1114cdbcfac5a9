/** `ast.unparse`: an expression as Python writes it, which is what an argument that is a call or an item counts as. */
import { pyRepr } from '../../python-data/repr.ts';
import type { CallSyntax, Clause, Expression } from './syntax.ts';

/** How closely operators bind, from loose to tight. */
const LEVEL = {
  named: 0,
  tuple: 1,
  test: 3,
  or: 4,
  and: 5,
  not: 6,
  compare: 7,
  bits: 8,
  factor: 14,
  atom: 17,
} as const;

const BINARY: Readonly<Record<string, number>> = {
  '|': 8,
  '^': 9,
  '&': 10,
  '<<': 11,
  '>>': 11,
  '+': 12,
  '-': 12,
  '*': 13,
  '/': 13,
  '//': 13,
  '%': 13,
  '@': 13,
  '**': 15,
};

export function unparse(syntax: Expression): string {
  return at(LEVEL.test, syntax);
}

/** In parentheses where it binds less closely than its place asks. */
function at(level: number, syntax: Expression): string {
  const [own, text] = written(syntax);
  return level > own ? `(${text})` : text;
}

const BRACKETS = { list: '[]', tuple: '()', set: '{}' } as const;

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;

/** The level that an expression stands on, and its text. */
function written(syntax: Expression): readonly [level: number, text: string] {
  switch (syntax.kind) {
    case 'constant':
      return [LEVEL.atom, constant(syntax)];
    case 'ellipsis':
      return [LEVEL.atom, '...'];
    case 'format':
      return [LEVEL.atom, syntax.text];
    case 'name':
      return [LEVEL.atom, syntax.name];
    case 'attribute':
      return [LEVEL.atom, attribute(syntax)];
    case 'item':
      return [LEVEL.atom, `${at(LEVEL.atom, syntax.object)}[${index(syntax.index)}]`];
    case 'slice':
      return [LEVEL.atom, slice(syntax)];
    case 'call':
      return [LEVEL.atom, call(syntax)];
    case 'list':
    case 'tuple':
    case 'set':
      return [displayLevel(syntax), display(syntax)];
    case 'dict':
      return [LEVEL.atom, dict(syntax)];
    case 'comprehension':
      return [LEVEL.atom, comprehension(syntax)];
    case 'starred':
      return [LEVEL.atom, `*${at(LEVEL.bits, syntax.value)}`];
    case 'named':
      return [LEVEL.named, `${syntax.name} := ${at(LEVEL.atom, syntax.value)}`];
    case 'lambda':
      return [LEVEL.test, lambda(syntax)];
    default:
      return operation(syntax);
  }
}

function operation(
  syntax: Of<'unary' | 'binary' | 'logic' | 'compare' | 'choice'>,
): readonly [level: number, text: string] {
  switch (syntax.kind) {
    case 'unary': {
      const level = syntax.operator === 'not' ? LEVEL.not : LEVEL.factor;
      return [level, `${syntax.operator}${level === LEVEL.not ? ' ' : ''}${at(level, syntax.operand)}`];
    }
    case 'binary': {
      const level = BINARY[syntax.operator]!;
      const [left, right] = syntax.operator === '**' ? [level + 1, level] : [level, level + 1];
      return [level, `${at(left, syntax.left)} ${syntax.operator} ${at(right, syntax.right)}`];
    }
    case 'logic': {
      const level = LEVEL[syntax.operator];
      // Each further operand is held to a closer level than the one before it.
      const values = syntax.values.map((value, n) => at(level + 1 + n, value));
      return [level, values.join(` ${syntax.operator} `)];
    }
    case 'compare': {
      const level = LEVEL.compare;
      const rest = syntax.rest.map(({ operator, operand }) => ` ${operator} ${at(level + 1, operand)}`);
      return [level, at(level + 1, syntax.first) + rest.join('')];
    }
    case 'choice': {
      const [chosen, test] = [syntax.chosen, syntax.test].map((one) => at(LEVEL.test + 1, one));
      return [LEVEL.test, `${chosen} if ${test} else ${at(LEVEL.test, syntax.otherwise)}`];
    }
  }
}

function constant({ value, unicode }: Of<'constant'>): string {
  const text = pyRepr(value);
  if (typeof value === 'number') return text.replace('inf', '1e309');
  return unicode === true ? `u${text}` : text;
}

function attribute({ object, name }: Of<'attribute'>): string {
  const isInteger =
    object.kind === 'constant' && (typeof object.value === 'bigint' || typeof object.value === 'boolean');
  return `${at(LEVEL.atom, object)}${isInteger ? ' ' : ''}.${name}`;
}

function index(syntax: Expression): string {
  if (syntax.kind !== 'tuple' || syntax.items.length === 0) return unparse(syntax);
  return syntax.items.map(unparse).join(', ') + (syntax.items.length === 1 ? ',' : '');
}

function slice({ start, stop, step }: Of<'slice'>): string {
  const text = (one: Expression | undefined) => (one === undefined ? '' : unparse(one));
  return `${text(start)}:${text(stop)}${step === undefined ? '' : `:${text(step)}`}`;
}

function call({ callee, args, keywords }: CallSyntax): string {
  const named = keywords.map(({ name, value }) =>
    name === undefined ? `**${unparse(value)}` : `${name}=${unparse(value)}`,
  );
  return `${at(LEVEL.atom, callee)}(${[...args.map(unparse), ...named].join(', ')})`;
}

function display({ kind, items }: Of<'list' | 'tuple' | 'set'>): string {
  const isBare = kind === 'tuple' && items.length > 0;
  const [open, close] = isBare ? ['', ''] : BRACKETS[kind];
  const comma = kind === 'tuple' && items.length === 1 ? ',' : '';
  return `${open}${items.map(unparse).join(', ')}${comma}${close}`;
}

/** A tuple that holds something needs its parentheses only where more than one is asked for. */
function displayLevel({ kind, items }: Of<'list' | 'tuple' | 'set'>): number {
  return kind === 'tuple' && items.length > 0 ? LEVEL.tuple : LEVEL.atom;
}

function dict({ entries }: Of<'dict'>): string {
  const texts = entries.map(({ key, value }) =>
    key === undefined ? `**${at(LEVEL.bits, value)}` : `${unparse(key)}: ${unparse(value)}`,
  );
  return `{${texts.join(', ')}}`;
}

function lambda({ parameters, body }: Of<'lambda'>): string {
  return `lambda${parameters === '' ? '' : ` ${parameters}`}: ${at(LEVEL.test, body)}`;
}

function comprehension({ makes, key, element, clauses }: Of<'comprehension'>): string {
  const [open, close] = BRACKETS[makes === 'generator' ? 'tuple' : makes === 'dict' ? 'set' : makes];
  const head = key === undefined ? unparse(element) : `${unparse(key)}: ${unparse(element)}`;
  return `${open}${head}${clauses.map(clause).join('')}${close}`;
}

function clause({ target, iterable, conditions }: Clause): string {
  const tests = conditions.map((one) => ` if ${at(LEVEL.test + 1, one)}`);
  return ` for ${at(LEVEL.tuple, target)} in ${at(LEVEL.test + 1, iterable)}${tests.join('')}`;
}
