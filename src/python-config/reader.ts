import type { SyntaxNode } from '@lezer/common';
import { messageOf } from '../contract/errors.ts';
import { type LiteralKind, unescaped } from '../python-data/escapes.ts';
import { type ConfigSource, LIMITS, MAY_COMPUTE, unreadable } from './machine.ts';
import type { Expr, FormatPart } from './syntax.ts';

/** Shared by the parts of the parser: the text, its errors, and the way back to expressions. */
export class TreeReader {
  readonly source: ConfigSource;
  readonly #expression: (node: SyntaxNode, reader: TreeReader) => Expr;
  #depth = 0;

  constructor(source: ConfigSource, expression: (node: SyntaxNode, reader: TreeReader) => Expr) {
    this.source = source;
    this.#expression = expression;
  }

  text({ from, to }: { from: number; to: number }): string {
    return this.source.text.slice(from, to);
  }

  expression(node: SyntaxNode): Expr {
    return this.deeper(node, () => this.#expression(node, this));
  }

  deeper<T>(node: SyntaxNode, action: () => T): T {
    this.#depth += 1;
    if (this.#depth > LIMITS.depth) this.refuse(node, `it nests deeper than ${LIMITS.depth} levels`);
    const result = action();
    this.#depth -= 1;
    return result;
  }

  /** The parts of a node; a place where the text is no Python ends the reading. */
  children(node: SyntaxNode): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    for (let child = node.firstChild; child !== null; child = child.nextSibling) {
      if (child.type.isError) this.invalid(child);
      if (child.name !== 'Comment') found.push(child);
    }
    return found;
  }

  invalid({ from, to }: { from: number; to: number }, why = ''): never {
    const near = this.source.text
      .slice(from, Math.max(to, from + 1))
      .split('\n')[0]
      ?.trim();
    const message = why || (near ? `invalid syntax at "${near.slice(0, 40)}"` : 'invalid syntax');
    throw unreadable({ source: this.source, at: from }, message, 'correct the file at that place');
  }

  /** Right Python that a config may not hold. */
  refuse({ from }: { from: number }, what: string): never {
    throw unreadable({ source: this.source, at: from }, what, MAY_COMPUTE);
  }
}

/** Parts between commas, each a list of nodes; what follows the last comma is left out where it is nothing. */
export function commaParts(nodes: readonly SyntaxNode[]): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ',') parts.push([]);
    else (parts.at(-1) as SyntaxNode[]).push(node);
  }
  if (parts.at(-1)?.length === 0) parts.pop();
  return parts;
}

/** A string, an f-string, or several beside each other: one constant, or the parts of a format. */
export function parseStrings(node: SyntaxNode, reader: TreeReader): Expr {
  const pieces = node.name === 'ContinuedString' ? reader.children(node) : [node];
  const parts: FormatPart[] = [];
  const kinds = new Set<boolean>();
  for (const piece of pieces) {
    const literal = parseLiteral(reader.text(piece)) ?? reader.invalid(piece, 'this string is not closed');
    kinds.add(literal.bytes);
    if (piece.name === 'FormatString') parts.push(...formatParts(piece, literal, reader));
    else parts.push(decodeText(literal.body, literal, piece, reader));
  }
  if (kinds.size > 1) return reader.invalid(node, 'bytes and text cannot be joined');
  if (parts.some((part) => typeof part !== 'string')) return { kind: 'format', parts, at: node.from };
  const value = parts.join('');
  return kinds.has(true)
    ? { kind: 'bytes', value, at: node.from }
    : { kind: 'constant', value, at: node.from };
}

function decodeText(body: string, literal: Literal, node: SyntaxNode, reader: TreeReader): string {
  try {
    return unescaped(body, literal);
  } catch (error) {
    return reader.invalid(node, messageOf(error));
  }
}

function formatParts(node: SyntaxNode, literal: Literal, reader: TreeReader): FormatPart[] {
  const end = node.from + literal.from + literal.body.length;
  return piecesBetween(node, { from: node.from + literal.from, to: end, literal }, reader);
}

interface LiteralSpan {
  readonly from: number;
  readonly to: number;
  readonly literal: Literal;
}

/** Texts and replacements of a node in turn; of a format specification too, where braces are not doubled. */
function piecesBetween(
  node: SyntaxNode,
  { from, to, literal }: LiteralSpan,
  reader: TreeReader,
): FormatPart[] {
  const parts: FormatPart[] = [];
  let at = from;
  const text = (until: number) => {
    const between = reader.text({ from: at, to: until });
    const braces = between.replaceAll('{{', '').replaceAll('}}', '');
    if (node.name === 'FormatString' && /[{}]/.test(braces))
      reader.invalid(node, 'a single brace in an f-string');
    const single = between.replaceAll('{{', '{').replaceAll('}}', '}');
    if (single !== '') parts.push(decodeText(single, literal, node, reader));
  };
  for (const child of reader.children(node).filter(({ name }) => name === 'FormatReplacement')) {
    text(child.from);
    parts.push(replacement(child, literal, reader));
    at = child.to;
  }
  text(to);
  return parts;
}

function replacement(node: SyntaxNode, literal: Literal, reader: TreeReader): FormatPart {
  const children = reader.children(node);
  const value = children[1] ?? reader.invalid(node);
  const part = (name: string) => children.find((child) => child.name === name);
  const label = part('FormatSelfDoc');
  const conversion = part('FormatConversion');
  const spec = part('FormatSpec');
  const letter = conversion === undefined ? undefined : reader.text(conversion).slice(1);
  if (letter !== undefined && !/^[rsa]$/.test(letter))
    return reader.invalid(node, `no conversion "!${letter}"`);
  return {
    value: reader.expression(value),
    label:
      label === undefined ? undefined : reader.text({ from: node.from + 1, to: endOfLabel(label, reader) }),
    conversion: letter as 'r' | 's' | 'a' | undefined,
    spec:
      spec === undefined
        ? undefined
        : piecesBetween(spec, { from: spec.from + 1, to: spec.to, literal }, reader),
    at: value.from,
  };
}

/** `{x = }` keeps the blanks after its sign too. */
function endOfLabel({ to }: SyntaxNode, reader: TreeReader): number {
  let end = to;
  while (/\s/.test(reader.text({ from: end, to: end + 1 }))) end += 1;
  return end;
}

/** Returns the value of a number; undefined for one that a config may not hold (imaginary ones). */
export function parseNumberText(text: string): bigint | number | undefined {
  const plain = text.replaceAll('_', '');
  if (/__|_$|^_|_[.eE]|[.]_/.test(text)) return undefined;
  if (/^0[xob]/i.test(plain)) return attempt(() => BigInt(plain.toLowerCase()));
  if (/^0+$/.test(plain)) return 0n;
  if (/^[1-9]\d*$/.test(plain)) return BigInt(plain);
  return /^(\d+\.\d*|\.\d+|\d+)(e[+-]?\d+)?$/i.test(plain) && !/^0\d*$/.test(plain)
    ? Number(plain)
    : undefined;
}

function attempt(make: () => bigint): bigint | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** A string literal taken apart: prefix letters, quotes, and the offset of what is between them. */
interface Literal extends LiteralKind {
  readonly body: string;
  /** Offset of the body in the literal. */
  readonly from: number;
}

/** Undefined where the string is not closed. */
function parseLiteral(text: string): Literal | undefined {
  const found = /^([a-zA-Z]*)("""|'''|"|')/.exec(text);
  if (found === null) return undefined;
  const [head, prefix = '', quote = ''] = found;
  if (text.length < head.length + quote.length || !text.endsWith(quote)) return undefined;
  const body = text.slice(head.length, text.length - quote.length);
  // An escaped quote at the end closes nothing; nor may a short string run over a line.
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(body)) return undefined;
  if (quote.length === 1 && /(?:^|[^\\])(?:\\\\)*[\r\n]/.test(body)) return undefined;
  const letters = prefix.toLowerCase();
  return { raw: letters.includes('r'), bytes: letters.includes('b'), body, from: head.length };
}
