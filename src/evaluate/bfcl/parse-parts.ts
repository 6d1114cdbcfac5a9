/** What stands between Python's brackets. */
import type { Cursor } from './cursor.ts';
import type { CallSyntax, Clause, Expression, Keyword } from './syntax.ts';

type Arguments = Pick<CallSyntax, 'args' | 'keywords'>;

/** Of a call, behind its `(`. */
export function parseArguments(parser: Cursor): Arguments {
  const args: Expression[] = [];
  const keywords: Keyword[] = [];
  while (!parser.take(')')) {
    parseArgument(parser, args, keywords);
    if (args.length === 1 && keywords.length === 0 && isClause(parser)) {
      const only = comprehension(parser, 'generator', args[0]!);
      parser.expect(')');
      return { args: [only], keywords };
    }
    if (!parser.is(')')) parser.expect(',');
  }
  return { args, keywords };
}

function parseArgument(parser: Cursor, args: Expression[], keywords: Keyword[]): void {
  if (parser.take('**')) {
    keywords.push({ name: undefined, value: parser.expression() });
    return;
  }
  const [name, sign] = [parser.peek(), parser.peek(1)];
  if (name.kind === 'name' && sign.kind === 'operator' && sign.text === '=') {
    parser.takeName();
    parser.expect('=');
    keywords.push({ name: name.text, value: parser.expression() });
    return;
  }
  const isStar = parser.take('*');
  if (isStar ? keywords.some((one) => one.name === undefined) : keywords.length > 0) {
    throw new SyntaxError('positional argument follows keyword argument');
  }
  args.push(isStar ? { kind: 'starred', value: parser.expression() } : parser.namedExpression());
}

/** Between `[` and `]` behind a value: an index, a slice, or several between commas. */
export function parseIndex(parser: Cursor): Expression {
  const index = parser.tuple(() => slice(parser));
  parser.expect(']');
  return index;
}

function slice(parser: Cursor): Expression {
  if (parser.is('*')) return parser.starred();
  const start = parser.is(':') ? undefined : parser.namedExpression();
  if (!parser.take(':')) return start!;
  const ends = () => [':', ',', ']'].some((sign) => parser.is(sign));
  const stop = ends() ? undefined : parser.expression();
  const step = parser.take(':') && !ends() ? parser.expression() : undefined;
  return { kind: 'slice', start, stop, step };
}

/** A bracketed atom: tuple, list, set, dict, a comprehension, or an expression in parentheses. */
export function parseDisplay(parser: Cursor): Expression {
  if (parser.take('(')) return parenthesized(parser);
  if (parser.take('[')) return items(parser, 'list', ']');
  if (!parser.take('{')) return parser.refuse();
  if (parser.take('}')) return { kind: 'dict', entries: [] };
  return parser.is('**') ? dict(parser, undefined) : setOrDict(parser);
}

function parenthesized(parser: Cursor): Expression {
  if (parser.take(')')) return { kind: 'tuple', items: [] };
  const found = parser.tuple(() => {
    const one = parser.starred();
    return isClause(parser) && one.kind !== 'starred' ? comprehension(parser, 'generator', one) : one;
  });
  parser.expect(')');
  return found;
}

function items(parser: Cursor, kind: 'list' | 'set', end: string, first?: Expression): Expression {
  const found: Expression[] = first === undefined ? [] : [first];
  if (first !== undefined && !parser.is(end)) parser.expect(',');
  while (!parser.take(end)) {
    found.push(parser.starred());
    if (found.length === 1 && isClause(parser)) {
      const made = comprehension(parser, kind, found[0]!);
      parser.expect(end);
      return made;
    }
    if (!parser.is(end)) parser.expect(',');
  }
  return { kind, items: found };
}

function setOrDict(parser: Cursor): Expression {
  const first = parser.starred();
  if (first.kind !== 'starred' && first.kind !== 'named' && parser.take(':')) return dict(parser, first);
  if (!isClause(parser)) return items(parser, 'set', '}', first);
  const made = comprehension(parser, 'set', first);
  parser.expect('}');
  return made;
}

/** Behind `{`, or behind the first key and its colon. */
function dict(parser: Cursor, firstKey: Expression | undefined): Expression {
  const entries: { key: Expression | undefined; value: Expression }[] = [];
  let key = firstKey;
  do {
    if (key === undefined && parser.is('}')) break;
    if (key === undefined && parser.take('**')) entries.push({ key, value: parser.binary(0) });
    else {
      if (key === undefined) {
        key = parser.expression();
        parser.expect(':');
      }
      entries.push({ key, value: parser.expression() });
      if (entries.length === 1 && isClause(parser)) {
        const made = comprehension(parser, 'dict', entries[0]!.value, key);
        parser.expect('}');
        return made;
      }
    }
    key = undefined;
  } while (parser.take(','));
  parser.expect('}');
  return { kind: 'dict', entries };
}

function isClause(parser: Cursor): boolean {
  return parser.is('for') || parser.is('async');
}

function comprehension(
  parser: Cursor,
  makes: 'list' | 'set' | 'dict' | 'generator',
  element: Expression,
  key?: Expression,
): Expression {
  if (element.kind === 'starred') parser.refuse();
  const clauses: Clause[] = [];
  while (isClause(parser)) {
    parser.take('async');
    parser.expect('for');
    const target = parser.tuple(() => (parser.is('*') ? parser.starred() : parser.binary(0)));
    parser.expect('in');
    const iterable = parser.disjunction();
    const conditions: Expression[] = [];
    while (parser.take('if')) conditions.push(parser.disjunction());
    clauses.push({ target, iterable, conditions });
  }
  return { kind: 'comprehension', makes, key, element, clauses };
}
