import type { SyntaxNode } from '@lezer/common';
import { messageOf } from '../contract/errors.ts';
import { unescaped } from '../python-data/escapes.ts';
import { type Literal, literalOf } from './parse-literals.ts';
import type { Reader } from './reader.ts';
import type { Expression, FormatPart } from './syntax.ts';

/** A string, an f-string, or several beside each other: one constant, or the parts of a format. */
export function parseStrings(node: SyntaxNode, reader: Reader): Expression {
  const pieces = node.name === 'ContinuedString' ? reader.children(node) : [node];
  const parts: FormatPart[] = [];
  const kinds = new Set<boolean>();
  for (const piece of pieces) {
    const literal = literalOf(reader.text(piece)) ?? reader.invalid(piece, 'this string is not closed');
    kinds.add(literal.bytes);
    if (piece.name === 'FormatString') parts.push(...formatParts(piece, literal, reader));
    else parts.push(textOf(literal.body, literal, piece, reader));
  }
  if (kinds.size > 1) return reader.invalid(node, 'bytes and text cannot be joined');
  if (parts.some((part) => typeof part !== 'string')) return { kind: 'format', parts, at: node.from };
  const value = parts.join('');
  return kinds.has(true)
    ? { kind: 'bytes', value, at: node.from }
    : { kind: 'constant', value, at: node.from };
}

function textOf(body: string, literal: Literal, node: SyntaxNode, reader: Reader): string {
  try {
    return unescaped(body, literal);
  } catch (error) {
    return reader.invalid(node, messageOf(error));
  }
}

function formatParts(node: SyntaxNode, literal: Literal, reader: Reader): FormatPart[] {
  const end = node.from + literal.from + literal.body.length;
  return piecesBetween(node, { from: node.from + literal.from, to: end, literal }, reader);
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly literal: Literal;
}

/** Texts and replacements of a node in turn; of a format specification too, where braces are not doubled. */
function piecesBetween(node: SyntaxNode, { from, to, literal }: Span, reader: Reader): FormatPart[] {
  const parts: FormatPart[] = [];
  let at = from;
  const text = (until: number) => {
    const between = reader.text({ from: at, to: until });
    const braces = between.replaceAll('{{', '').replaceAll('}}', '');
    if (node.name === 'FormatString' && /[{}]/.test(braces))
      reader.invalid(node, 'a single brace in an f-string');
    const single = between.replaceAll('{{', '{').replaceAll('}}', '}');
    if (single !== '') parts.push(textOf(single, literal, node, reader));
  };
  for (const child of reader.children(node).filter(({ name }) => name === 'FormatReplacement')) {
    text(child.from);
    parts.push(replacement(child, literal, reader));
    at = child.to;
  }
  text(to);
  return parts;
}

function replacement(node: SyntaxNode, literal: Literal, reader: Reader): FormatPart {
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
function endOfLabel({ to }: SyntaxNode, reader: Reader): number {
  let end = to;
  while (/\s/.test(reader.text({ from: end, to: end + 1 }))) end += 1;
  return end;
}
