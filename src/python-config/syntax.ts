/** The syntax tree of what configs may say. `at` is the offset in the file. */

interface At {
  readonly at: number;
}

type Constant = null | boolean | bigint | number | string;

export type PyExpression = At &
  (
    | { readonly kind: 'constant'; readonly value: Constant }
    | { readonly kind: 'bytes'; readonly value: string }
    | { readonly kind: 'format'; readonly parts: readonly FormatPart[] }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly PyExpression[] }
    | { readonly kind: 'dict'; readonly entries: readonly DictEntrySyntax[] }
    | { readonly kind: 'starred'; readonly value: PyExpression }
    | Comprehension
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: PyExpression }
    | BinarySyntax
    | {
        readonly kind: 'logic';
        readonly operator: 'and' | 'or';
        readonly left: PyExpression;
        readonly right: PyExpression;
      }
    | { readonly kind: 'compare'; readonly first: PyExpression; readonly rest: readonly ComparisonSyntax[] }
    | {
        readonly kind: 'choice';
        readonly test: PyExpression;
        readonly chosen: PyExpression;
        readonly otherwise: PyExpression;
      }
    | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly body: PyExpression }
    | CallExpression
    | { readonly kind: 'attribute'; readonly object: PyExpression; readonly name: string }
    | { readonly kind: 'item'; readonly object: PyExpression; readonly index: PyExpression }
    | SliceSyntax
    | { readonly kind: 'named'; readonly name: string; readonly value: PyExpression }
  );

interface BinarySyntax extends At {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: PyExpression;
  readonly right: PyExpression;
}

interface SliceSyntax extends At {
  readonly kind: 'slice';
  readonly start: PyExpression | undefined;
  readonly stop: PyExpression | undefined;
  readonly step: PyExpression | undefined;
}

/** `**value` where there is no key. */
export interface DictEntrySyntax extends At {
  readonly key: PyExpression | undefined;
  readonly value: PyExpression;
}

export interface ComparisonSyntax extends At {
  readonly operator: string;
  readonly operand: PyExpression;
}

export interface Comprehension extends At {
  readonly kind: 'comprehension';
  readonly makes: 'list' | 'set' | 'dict' | 'generator';
  /** The key of a dict. */
  readonly key: PyExpression | undefined;
  readonly element: PyExpression;
  readonly clauses: readonly LoopClause[];
}

export interface LoopClause {
  readonly target: PyExpression;
  readonly iterable: PyExpression;
  readonly conditions: readonly PyExpression[];
}

export interface CallExpression extends At {
  readonly kind: 'call';
  readonly callee: PyExpression;
  readonly args: readonly PyExpression[];
  /** `**value` where there is no name. */
  readonly keywords: readonly (At & { readonly name: string | undefined; readonly value: PyExpression })[];
}

export type FormatPart =
  | string
  | (At & {
      readonly value: PyExpression;
      /** `text=` of `{text=}`. */
      readonly label: string | undefined;
      readonly conversion: 'r' | 's' | 'a' | undefined;
      readonly spec: readonly FormatPart[] | undefined;
    });

export interface Parameter extends At {
  readonly name: string;
  readonly form: 'positional' | 'plain' | 'keyword' | 'rest' | 'keywords';
  readonly fallback: PyExpression | undefined;
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
  readonly body: readonly PyStatement[];
}

export interface ForSyntax extends At {
  readonly kind: 'for';
  readonly target: PyExpression;
  readonly iterable: PyExpression;
  readonly body: readonly PyStatement[];
  readonly otherwise: readonly PyStatement[];
}

export type PyStatement = At &
  (
    | { readonly kind: 'expression'; readonly value: PyExpression }
    | { readonly kind: 'assign'; readonly targets: readonly PyExpression[]; readonly value: PyExpression }
    | {
        readonly kind: 'update';
        readonly target: PyExpression;
        readonly operator: string;
        readonly value: PyExpression;
      }
    | {
        readonly kind: 'if';
        readonly branches: readonly { readonly test: PyExpression; readonly body: readonly PyStatement[] }[];
        readonly otherwise: readonly PyStatement[];
      }
    | ForSyntax
    | {
        readonly kind: 'while';
        readonly test: PyExpression;
        readonly body: readonly PyStatement[];
        readonly otherwise: readonly PyStatement[];
      }
    | { readonly kind: 'break' | 'continue' | 'pass' }
    | { readonly kind: 'delete'; readonly targets: readonly PyExpression[] }
    | FunctionSyntax
    | { readonly kind: 'return'; readonly value: PyExpression | undefined }
    | {
        readonly kind: 'import';
        readonly modules: readonly (At & {
          readonly path: readonly string[];
          readonly as: string | undefined;
        })[];
      }
    | ImportFrom
    | { readonly kind: 'bases'; readonly body: readonly PyStatement[] }
    | { readonly kind: 'scope'; readonly which: 'global' | 'nonlocal'; readonly names: readonly string[] }
    | { readonly kind: 'assert'; readonly test: PyExpression; readonly message: PyExpression | undefined }
  );
