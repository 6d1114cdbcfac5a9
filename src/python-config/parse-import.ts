import type { SyntaxNode } from '@lezer/common';
import { commaParts, type Reader } from './reader.ts';
import type { ImportedName, Statement } from './syntax.ts';

/** `import a.b as c, d` and `from ..a.b import (c as d, e)`. */
export function parseImport(nodes: readonly SyntaxNode[], reader: Reader, node: SyntaxNode): Statement {
  const [word] = nodes;
  if (word?.name !== 'from') {
    const modules = commaParts(nodes.slice(1)).map((part) => {
      const names = part.filter(({ name }) => name === 'VariableName').map((name) => reader.text(name));
      const isRenamed = part.at(-2)?.name === 'as';
      const path = isRenamed ? names.slice(0, -1) : names;
      return { path, as: isRenamed ? names.at(-1) : undefined, at: (part[0] ?? node).from };
    });
    return { kind: 'import', modules, at: node.from };
  }
  const split = nodes.findIndex(({ name }) => name === 'import');
  const head = nodes.slice(1, split);
  const module = head.filter(({ name }) => name === 'VariableName').map((name) => reader.text(name));
  const tail = nodes.slice(split + 1).filter(({ name }) => name !== '(' && name !== ')');
  return {
    kind: 'from',
    level: levelOf(head),
    module,
    names:
      tail[0]?.name === '*' ? undefined : commaParts(tail).map((part) => importedName(part, reader, node)),
    at: node.from,
  };
}

/** Dots before the first name. */
function levelOf(head: readonly SyntaxNode[]): number {
  const first = head.findIndex(({ name }) => name === 'VariableName');
  return head.slice(0, first < 0 ? head.length : first).reduce((sum, { from, to }) => sum + to - from, 0);
}

function importedName(part: readonly SyntaxNode[], reader: Reader, node: SyntaxNode): ImportedName {
  const [name, , as] = part;
  if (name === undefined) return reader.invalid(node);
  return { name: reader.text(name), as: reader.text(as ?? name), at: name.from };
}
