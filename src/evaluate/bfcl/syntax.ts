/** Python's expressions, as far as an answer that calls functions can hold them. */
import type { PyValue } from '../../python-data/value.ts';

export interface Keyword {
  /** Absent: `**value`. */
  readonly name: string | undefined;
  readonly value: Expression;
}

export interface CallSyntax {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly keywords: readonly Keyword[];
}

export interface Clause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

export type Expression =
  /** `unicode`: written with the prefix `u`. */
  | { readonly kind: 'constant'; readonly value: PyValue; readonly unicode?: true }
  | { readonly kind: 'ellipsis' }
  /** An f-string; `text` is its source. */
  | { readonly kind: 'format'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly object: Expression; readonly index: Expression }
  | {
      readonly kind: 'slice';
      readonly start: Expression | undefined;
      readonly stop: Expression | undefined;
      readonly step: Expression | undefined;
    }
  | CallSyntax
  | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
  /** An entry without a key is `**value`. */
  | {
      readonly kind: 'dict';
      readonly entries: readonly { readonly key: Expression | undefined; readonly value: Expression }[];
    }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly values: readonly Expression[] }
  | {
      readonly kind: 'compare';
      readonly first: Expression;
      readonly rest: readonly { readonly operator: string; readonly operand: Expression }[];
    }
  | {
      readonly kind: 'choice';
      readonly test: Expression;
      readonly chosen: Expression;
      readonly otherwise: Expression;
    }
  /** `parameters` is their source, spaces as Python writes them. */
  | { readonly kind: 'lambda'; readonly parameters: string; readonly body: Expression }
  | { readonly kind: 'starred'; readonly value: Expression }
  | { readonly kind: 'named'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'comprehension';
      readonly makes: 'list' | 'set' | 'dict' | 'generator';
      /** Of a dict. */
      readonly key: Expression | undefined;
      readonly element: Expression;
      readonly clauses: readonly Clause[];
    };
