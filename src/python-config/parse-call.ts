import type { SyntaxNode } from '@lezer/common';
import { commaParts, type Reader } from './reader.ts';
import type { CallSyntax, Comprehension, Expression, Parameter } from './syntax.ts';

/** Makes a comprehension of the nodes of one; handed in, because expressions hold calls and calls hold expressions. */
type ComprehensionOf = (
  makes: Comprehension['makes'],
  nodes: readonly SyntaxNode[],
  reader: Reader,
) => Comprehension;

export function parseCall(node: SyntaxNode, reader: Reader, comprehensionOf: ComprehensionOf): CallSyntax {
  const [callee, list] = reader.children(node);
  if (callee === undefined || list === undefined) return reader.invalid(node);
  const args: Expression[] = [];
  const keywords: CallSyntax['keywords'][number][] = [];
  for (const part of commaParts(reader.children(list).slice(1, -1))) {
    const [first, second, third] = part;
    if (first === undefined) return reader.invalid(list);
    if (part.some(({ name }) => name === 'for')) args.push(comprehensionOf('generator', part, reader));
    else if (second === undefined) {
      if (keywords.some(({ name }) => name !== undefined))
        return reader.invalid(first, 'a positional argument follows a keyword argument');
      args.push(reader.expression(first));
    } else if (first.name === '*')
      args.push({ kind: 'starred', value: reader.expression(second), at: first.from });
    else if (first.name === '**')
      keywords.push({ name: undefined, value: reader.expression(second), at: first.from });
    else if (third === undefined) return reader.invalid(second);
    else if (reader.text(second) === ':=')
      args.push({ kind: 'named', name: reader.text(first), value: reader.expression(third), at: first.from });
    else keywords.push({ name: reader.text(first), value: reader.expression(third), at: first.from });
  }
  return { kind: 'call', callee: reader.expression(callee), args, keywords, at: callee.from };
}

/** What stands between the parentheses of `def`, or between `lambda` and its colon. */
export function parseParameters(nodes: readonly SyntaxNode[], reader: Reader): Parameter[] {
  const parameters: Parameter[] = [];
  let afterStar = false;
  const list = nodes.filter(({ name }) => name !== 'TypeDef');
  for (const [index, part] of commaParts(list).entries()) {
    const [first, second, third] = part;
    // The grammar drops the `/` that ends positional parameters; an empty part is all that is left of it.
    if (first === undefined) {
      if (index === 0) return reader.invalid(nodes[0] as SyntaxNode);
      parameters.forEach((one, at) => {
        parameters[at] = { ...one, form: 'positional' };
      });
    } else if (first.name === '*') {
      if (second !== undefined) parameters.push(named(second, 'rest', undefined, reader));
      afterStar = true;
    } else if (first.name === '**')
      parameters.push(named(second ?? reader.invalid(first), 'keywords', undefined, reader));
    else parameters.push(named(first, afterStar ? 'keyword' : 'plain', third, reader));
  }
  const last = list.at(-1);
  if (last?.name === '*') return reader.invalid(last, 'named parameters must follow a bare *');
  return parameters;
}

function named(
  node: SyntaxNode,
  form: Parameter['form'],
  fallback: SyntaxNode | undefined,
  reader: Reader,
): Parameter {
  const value = fallback === undefined ? undefined : reader.expression(fallback);
  return { name: reader.text(node), form, fallback: value, at: node.from };
}
