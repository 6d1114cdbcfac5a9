/** The syntax tree of what configs may say. `at` is the offset in the file. */

interface At {
  readonly at: number;
}

type Constant = null | boolean | bigint | number | string;

export type Expression = At &
  (
    | { readonly kind: 'constant'; readonly value: Constant }
    | { readonly kind: 'bytes'; readonly value: string }
    | { readonly kind: 'format'; readonly parts: readonly FormatPart[] }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly DictEntrySyntax[] }
    | { readonly kind: 'starred'; readonly value: Expression }
    | Comprehension
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    | BinarySyntax
    | {
        readonly kind: 'logic';
        readonly operator: 'and' | 'or';
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: 'compare'; readonly first: Expression; readonly rest: readonly Comparison[] }
    | {
        readonly kind: 'choice';
        readonly test: Expression;
        readonly chosen: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly body: Expression }
    | CallSyntax
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'item'; readonly object: Expression; readonly index: Expression }
    | SliceSyntax
    | { readonly kind: 'named'; readonly name: string; readonly value: Expression }
  );

interface BinarySyntax extends At {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

interface SliceSyntax extends At {
  readonly kind: 'slice';
  readonly start: Expression | undefined;
  readonly stop: Expression | undefined;
  readonly step: Expression | undefined;
}

/** `**value` where there is no key. */
export interface DictEntrySyntax extends At {
  readonly key: Expression | undefined;
  readonly value: Expression;
}

export interface Comparison extends At {
  readonly operator: string;
  readonly operand: Expression;
}

export interface Comprehension extends At {
  readonly kind: 'comprehension';
  readonly makes: 'list' | 'set' | 'dict' | 'generator';
  /** The key of a dict. */
  readonly key: Expression | undefined;
  readonly element: Expression;
  readonly clauses: readonly Clause[];
}

export interface Clause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

export interface CallSyntax extends At {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  /** `**value` where there is no name. */
  readonly keywords: readonly (At & { readonly name: string | undefined; readonly value: Expression })[];
}

export type FormatPart =
  | string
  | (At & {
      readonly value: Expression;
      /** `text=` of `{text=}`. */
      readonly label: string | undefined;
      readonly conversion: 'r' | 's' | 'a' | undefined;
      readonly spec: readonly FormatPart[] | undefined;
    });

export interface Parameter extends At {
  readonly name: string;
  readonly form: 'positional' | 'plain' | 'keyword' | 'rest' | 'keywords';
  readonly fallback: Expression | undefined;
}

export interface ImportedName extends At {
  readonly name: string;
  readonly as: string;
}

export interface ImportFrom extends At {
  readonly kind: 'from';
  /** Number of leading dots. */
  readonly level: number;
  readonly module: readonly string[];
  /** Absent: `*`. */
  readonly names: readonly ImportedName[] | undefined;
}

interface FunctionSyntax extends At {
  readonly kind: 'def';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

export interface ForSyntax extends At {
  readonly kind: 'for';
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export type Statement = At &
  (
    | { readonly kind: 'expression'; readonly value: Expression }
    | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
    | {
        readonly kind: 'update';
        readonly target: Expression;
        readonly operator: string;
        readonly value: Expression;
      }
    | {
        readonly kind: 'if';
        readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
        readonly otherwise: readonly Statement[];
      }
    | ForSyntax
    | {
        readonly kind: 'while';
        readonly test: Expression;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | { readonly kind: 'break' | 'continue' | 'pass' }
    | { readonly kind: 'delete'; readonly targets: readonly Expression[] }
    | FunctionSyntax
    | { readonly kind: 'return'; readonly value: Expression | undefined }
    | {
        readonly kind: 'import';
        readonly modules: readonly (At & {
          readonly path: readonly string[];
          readonly as: string | undefined;
        })[];
      }
    | ImportFrom
    | { readonly kind: 'bases'; readonly body: readonly Statement[] }
    | { readonly kind: 'scope'; readonly which: 'global' | 'nonlocal'; readonly names: readonly string[] }
    | { readonly kind: 'assert'; readonly test: Expression; readonly message: Expression | undefined }
  );
