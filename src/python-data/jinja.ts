/**
 * Renders Jinja templates as Jinja2 does, the engine of services and of `transformers`. `@huggingface/jinja` parses and runs them; this file
 * corrects what it does differently: how values are printed and compared, missing filters and methods, text before a `break`. The differences
 * were found by rendering the 962 chat templates of 25 packages on npm and PyPI with both.
 */
import { createRequire } from 'node:module';
import { shipped } from '../basics/package-folder.ts';
import {
  attributeOf,
  calculate,
  FILTERS,
  type FilterArguments,
  isKey,
  itemsOf,
  itemsOrNone,
  JinjaError,
  type JinjaValue,
  METHODS,
  ownOf,
  TESTS,
  textOf,
  typeName,
} from './jinja-values.ts';

/** Renders a compiled template. Throws JinjaError. */
export type JinjaTemplate = (names: Readonly<Record<string, unknown>>) => string;

/** Nodes that one rendering may evaluate, which takes seconds: loops in loops would otherwise not end. */
const MOST_STEPS = 1_000_000;
/** Numbers that `range` may give: the limit of Jinja2's sandbox. */
const LONGEST_RANGE = 100_000;
/** The library's reader takes quadratic time for blanks in a row. */
const TOO_MANY_BLANKS = /\s{2000}/;

/** Compiles a template as `transformers` does, with `trim_blocks` and `lstrip_blocks`. Throws JinjaError. */
export function compileTemplate(template: string): JinjaTemplate {
  if (TOO_MANY_BLANKS.test(template)) throw new JinjaError('the template has 2,000 blanks in a row');
  engine ??= loadEngine();
  const render = named(() => (engine as TemplateCompiler)(template));
  return (names) => named(() => render(names));
}

function named<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw cause instanceof JinjaError ? cause : new JinjaError(reasonOf(cause), { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof RangeError) return 'the template calls itself without end, or makes too much text';
  // The library's parser reads on behind the last token.
  if (cause instanceof TypeError)
    return 'the template ends inside a tag or block, or a value has the wrong type';
  return cause instanceof Error ? cause.message : String(cause);
}

type TemplateCompiler = (template: string) => JinjaTemplate;
let engine: TemplateCompiler | undefined;

interface JinjaNode {
  readonly type: string;
  readonly [part: string]: any;
}
interface JinjaToken {
  readonly type: string;
  readonly value: string;
}
interface JinjaScope {
  readonly variables: Map<string, JinjaValue>;
  readonly tests: ReadonlyMap<string, (value: JinjaValue) => boolean>;
  set(name: string, value: unknown): JinjaValue;
}
/** `{% break %}` and `{% continue %}`, with the text that the loop's body had printed before. */
class LoopControl extends Error {
  text = '';
  readonly isBreak: boolean;

  constructor(isBreak: boolean) {
    super('break or continue outside of a loop');
    this.isBreak = isBreak;
  }
}

/** Statements have no value that could be printed, though the library gives them one. */
const SILENT: ReadonlySet<string> = new Set(['Set', 'Macro', 'Comment']);

/** Loads the library at the first template: most runs have none. */
function loadEngine(): TemplateCompiler {
  const library = createRequire(shipped('package.json'))(
    '@huggingface/jinja',
  ) as typeof import('@huggingface/jinja');
  const Scope = library.Environment as unknown as new (outer?: JinjaScope) => JinjaScope;
  const Base = library.Interpreter as unknown as new (
    scope: JinjaScope,
  ) => { evaluate(node: JinjaNode | undefined, scope: JinjaScope): JinjaValue };

  const classOf = (sample: unknown) =>
    new Scope().set('sample', sample).constructor as new (
      value: unknown,
    ) => JinjaValue;
  const [List, Dict, Func] = [classOf([]), classOf({}), classOf(() => 0)];
  const UNDEFINED = new Scope().set('sample', undefined);
  const RuntimeValue = Object.getPrototypeOf(UNDEFINED.constructor) as abstract new () => unknown;

  /** A value of the runtime as it is, a list of them as a list, anything else converted. */
  const wrap = (value: unknown): JinjaValue => {
    if (value instanceof RuntimeValue) return value as JinjaValue;
    if (Array.isArray(value)) return new List(value.map(wrap));
    return new Scope().set('it', value);
  };

  class Runtime extends Base {
    #steps = 0;

    override evaluate(node: JinjaNode | undefined, scope: JinjaScope): JinjaValue {
      if (++this.#steps > MOST_STEPS) throw new JinjaError('the template takes more than a million steps');
      switch (node?.type) {
        case 'Known':
          return node['known'] as JinjaValue;
        case 'Break':
        case 'Continue':
          throw new LoopControl(node.type === 'Break');
        case 'For':
          return this.#loop(node, scope);
        case 'Body':
          return this.#body(node as LoopBody, scope);
        case 'BinaryExpression':
          return this.#binary(node, scope);
        case 'FilterExpression':
          return this.#filter(this.evaluate(node['operand'], scope), node, scope);
        case 'FilterStatement':
          return this.#filter(this.evaluateBlock(node['body'], scope), node, scope);
        case 'TestExpression':
          return wrap(
            this.#has(this.evaluate(node['operand'], scope), node['test'].value, [], scope) !==
              node['negate'],
          );
        case 'MemberExpression':
          return this.#member(node, scope);
        case 'ObjectLiteral':
          return this.#dict(node, scope);
        default:
          return super.evaluate(node, scope);
      }
    }

    /** Overrides the library's private method of this name: prints as Python does. */
    evaluateBlock(statements: readonly JinjaNode[], scope: JinjaScope): JinjaValue {
      let text = '';
      for (const statement of statements) {
        try {
          const value = this.evaluate(statement, scope);
          if (!SILENT.has(statement.type)) text += textOf(value);
        } catch (error) {
          if (error instanceof LoopControl) error.text = text + error.text;
          throw error;
        }
      }
      return wrap(text);
    }

    /** Loops over what Python can: texts and undefined names too. */
    #loop(node: JinjaNode, scope: JinjaScope): JinjaValue {
      const { iterable, body } = node;
      const select = iterable.type === 'SelectExpression';
      const unpacks = node['loopvar'].type === 'TupleLiteral';
      const items = itemsOf(this.evaluate(select ? iterable.lhs : iterable, scope))
        .map(wrap)
        .map((item) => (unpacks && item.type === 'TupleValue' ? new List(item.value) : item));
      const list = known(new List(items));
      const loopBody: LoopBody = { type: 'Body', statements: body, isOver: false };
      return super.evaluate(
        { ...node, iterable: select ? { ...iterable, lhs: list } : list, body: [loopBody] },
        scope,
      );
    }

    /** One round of a loop, in a scope of its own. After a `break` the rounds that are left print nothing. */
    #body(body: LoopBody, scope: JinjaScope): JinjaValue {
      if (body.isOver) return UNDEFINED;
      try {
        return this.evaluateBlock(body.statements, new Scope(scope));
      } catch (error) {
        if (!(error instanceof LoopControl)) throw error;
        body.isOver = error.isBreak;
        return wrap(error.text);
      }
    }

    #binary(node: JinjaNode, scope: JinjaScope): JinjaValue {
      const operator: string = node['operator'].value;
      if (operator === 'and' || operator === 'or') return super.evaluate(node, scope);
      const [a, b] = [this.evaluate(node['left'], scope), this.evaluate(node['right'], scope)];
      const result = calculate(operator, a, b);
      if (result !== undefined) return wrap(result);
      return super.evaluate({ ...node, left: known(a), right: known(b) }, scope);
    }

    #filter(value: JinjaValue, node: JinjaNode, scope: JinjaScope): JinjaValue {
      const { filter } = node;
      const isCall = filter.type === 'CallExpression';
      const name: string = isCall ? filter.callee.value : filter.value;
      const args = isCall ? this.#arguments(filter.args, scope) : NONE;
      if (name.startsWith(IS_NOT))
        return wrap(!this.#has(value, name.slice(IS_NOT.length), args.list, scope));
      if (name.startsWith(IS)) return wrap(this.#has(value, name.slice(IS.length), args.list, scope));
      if (name === 'map' && args.list.length > 0) return this.#map(value, args.list, scope);
      if (SELECTIONS.has(name)) return this.#select(value, name, args.list, scope);
      const own = ownOf(FILTERS, name);
      if (own !== undefined) return wrap(own(value, args));
      return super.evaluate({ ...node, operand: known(value) }, scope) ?? UNDEFINED;
    }

    /** `map('filter', …)`. */
    #map(value: JinjaValue, [name, ...args]: readonly JinjaValue[], scope: JinjaScope): JinjaValue {
      const callee = { type: 'Identifier', value: textOf(name!) };
      const filter = { type: 'CallExpression', callee, args: args.map(known) };
      const node = args.length === 0 ? callee : filter;
      return wrap(
        itemsOrNone(value).map((item) =>
          this.#filter(wrap(item), { type: 'FilterExpression', filter: node }, scope),
        ),
      );
    }

    /** `select`, `reject`, and the same by an attribute. */
    #select(value: JinjaValue, name: string, list: readonly JinjaValue[], scope: JinjaScope): JinjaValue {
      const byAttribute = name.endsWith('attr');
      const [test, ...args] = byAttribute ? list.slice(1) : list;
      const wanted = name.startsWith('select');
      return wrap(
        itemsOrNone(value)
          .map(wrap)
          .filter((item) => {
            const one = byAttribute ? (attributeOf(item, textOf(list[0]!)) ?? UNDEFINED) : item;
            const has = test === undefined ? one.__bool__().value : this.#has(one, textOf(test), args, scope);
            return has === wanted;
          }),
      );
    }

    #has(value: JinjaValue, test: string, args: readonly JinjaValue[], scope: JinjaScope): boolean {
      const own = ownOf(TESTS, test);
      if (own !== undefined) return own(value, args);
      const has = scope.tests.get(test);
      if (has === undefined) throw new JinjaError(`the test ${test} is not supported`);
      return has(value);
    }

    #arguments(nodes: readonly JinjaNode[], scope: JinjaScope): FilterArguments {
      const isNamed = (node: JinjaNode) => node.type === 'KeywordArgumentExpression';
      return {
        list: nodes.filter((node) => !isNamed(node)).map((node) => this.evaluate(node, scope)),
        named: new Map(
          nodes.filter(isNamed).map((node) => [node['key'].value, this.evaluate(node['value'], scope)]),
        ),
      };
    }

    /** Methods that the library lacks or has otherwise; a dict's method comes before its key of that name, as in Python. */
    #member(node: JinjaNode, scope: JinjaScope): JinjaValue {
      const object = this.evaluate(node['object'], scope);
      const name: unknown = node['computed'] ? undefined : node['property'].value;
      if (typeof name === 'string') {
        const method = ownOf(METHODS[object.type] ?? {}, name);
        if (method !== undefined)
          return new Func((list: readonly JinjaValue[]) => wrap(method(object, list)));
        if (object.type === 'ObjectValue' && object.builtins.has(name))
          return object.builtins.get(name) as JinjaValue;
      }
      if (node['computed'] && object.value instanceof Map && node['property'].type !== 'SliceExpression') {
        const key = this.evaluate(node['property'], scope);
        const found = isKey(key) ? object.value.get(key.value) : undefined;
        return found ?? super.evaluate({ ...node, object: known(object), property: known(key) }, scope);
      }
      return super.evaluate({ ...node, object: known(object) }, scope);
    }

    #dict(node: JinjaNode, scope: JinjaScope): JinjaValue {
      const entries = [...(node['value'] as Map<JinjaNode, JinjaNode>)].map(([key, value]) => {
        const name = this.evaluate(key, scope);
        if (!isKey(name)) throw new JinjaError(`a ${typeName(name)} as a key is not supported`);
        return [name.value, this.evaluate(value, scope)] as const;
      });
      return new Dict(new Map(entries));
    }
  }

  return (template) => {
    const tokens = library.tokenize(asBlocks(template), { trim_blocks: true, lstrip_blocks: true });
    const program = library.parse(markTests(tokens) as typeof tokens) as unknown as JinjaNode;
    return (names) => {
      const scope = new Scope();
      scope.variables.set('dict', new Func((list: readonly JinjaValue[]) => list.at(-1) ?? wrap({})));
      for (const [name, value] of Object.entries({ ...GLOBALS, ...names }))
        scope.variables.set(name, wrap(value));
      return textOf(new Runtime(scope).evaluate(program, scope));
    };
  };
}

interface LoopBody extends JinjaNode {
  readonly statements: readonly JinjaNode[];
  isOver: boolean;
}

/** `generation` marks what a model learns from. The library cuts its tags out, and then takes blanks around them otherwise than Jinja2. */
function asBlocks(template: string): string {
  return template
    .replace(/\r\n?/g, '\n')
    .replace(
      /\{%([-+]?) *(end)?generation *([-+]?)%\}/g,
      (_, before: string, end: string | undefined, after: string) =>
        end === undefined ? `{%${before} if true ${after}%}` : `{%${before} endif ${after}%}`,
    );
}

/** A node that has been evaluated. */
const known = (value: JinjaValue): JinjaNode => ({ type: 'Known', known: value });
const NONE: FilterArguments = { list: [], named: new Map() };
const SELECTIONS: ReadonlySet<string> = new Set(['select', 'reject', 'selectattr', 'rejectattr']);

/** `is NAME ARGUMENT`, which the library's parser does not know, is given to it as a filter of this name. */
const IS = 'is ';
const IS_NOT = 'is not ';
const OPENS: Readonly<Record<string, string>> = {
  OpenParen: 'CloseParen',
  OpenSquareBracket: 'CloseSquareBracket',
  OpenCurlyBracket: 'CloseCurlyBracket',
};
const ENDS_TEST: ReadonlySet<string> = new Set(['and', 'or', 'if', 'else', 'is', 'not', 'in']);

function markTests(tokens: readonly JinjaToken[]): JinjaToken[] {
  const out: JinjaToken[] = [];
  const isWord = (at: number, word: string) =>
    tokens[at]?.type === 'Identifier' && tokens[at]?.value === word;
  for (let at = 0; at < tokens.length; at++) {
    const not = isWord(at + 1, 'not');
    const nameAt = at + (not ? 2 : 1);
    const [test, first] = [tokens[nameAt], tokens[nameAt + 1]];
    const hasArgument =
      test?.type === 'Identifier' &&
      first !== undefined &&
      (first.type in OPENS ||
        ['StringLiteral', 'NumericLiteral'].includes(first.type) ||
        (first.type === 'Identifier' && !ENDS_TEST.has(first.value)));
    if (!isWord(at, 'is') || !hasArgument) {
      out.push(tokens[at]!);
      continue;
    }
    const end = operandEnd(tokens, nameAt + 1);
    const inner = markTests(tokens.slice(nameAt + 1, end));
    out.push(
      { type: 'Pipe', value: '|' },
      { type: 'Identifier', value: `${not ? IS_NOT : IS}${test.value}` },
    );
    if (first.type === 'OpenParen') out.push(...inner);
    else out.push({ type: 'OpenParen', value: '(' }, ...inner, { type: 'CloseParen', value: ')' });
    at = end - 1;
  }
  return out;
}

/** The place behind a value and its members, subscripts and calls. */
function operandEnd(tokens: readonly JinjaToken[], start: number): number {
  let at = closeOf(tokens, start);
  for (;;) {
    const type = tokens[at]?.type;
    if (type === 'Dot') at += 2;
    else if (type === 'OpenParen' || type === 'OpenSquareBracket') at = closeOf(tokens, at);
    else return at;
  }
}

/** The place behind a token, or behind the bracket that closes it. */
function closeOf(tokens: readonly JinjaToken[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const { type } = tokens[at]!;
    if (type in OPENS) depth += 1;
    else if (Object.values(OPENS).includes(type)) depth -= 1;
    if (depth <= 0) return at + 1;
  }
  return tokens.length;
}

const GLOBALS: Readonly<Record<string, unknown>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  range: (start: number, stop?: number, step = 1) => {
    const [from, to] = stop === undefined ? [0, start] : [start, stop];
    const length = Math.max(0, Math.ceil((to - from) / step));
    if (!(length <= LONGEST_RANGE)) throw new JinjaError(`a range of more than ${LONGEST_RANGE} numbers`);
    return Array.from({ length }, (_, i) => from + i * step);
  },
  raise_exception: (message: unknown) => {
    throw new JinjaError(`it says: ${message}`);
  },
};
