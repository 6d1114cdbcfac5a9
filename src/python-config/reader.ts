import type { SyntaxNode } from '@lezer/common';
import { type ConfigSource, LIMITS, unreadable } from './machine.ts';
import type { Expr } from './syntax.ts';

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
    throw unreadable(
      { source: this.source, at: from },
      what,
      'a Python config is read, not run: keep to data, or use a TypeScript config, which may compute',
    );
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
