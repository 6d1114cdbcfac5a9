/** The syntax tree of what configs may say. `at` is the offset in the file. */

interface At {
  readonly at: number;
}

type Constant = null | boolean | bigint | number | string;

/** An expression. */
export type Expr = At &
  (
    | { readonly kind: 'constant'; readonly value: Constant }
    | { readonly kind: 'bytes'; readonly value: string }
    | { readonly kind: 'format'; readonly parts: readonly FormatPart[] }
    | { readonly kind: 'ellipsis' }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expr[] }
    | { readonly kind: 'dict'; readonly entries: readonly DictEntrySyntax[] }
    | { readonly kind: 'starred'; readonly value: Expr }
    | Comprehension
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expr }
    | BinarySyntax
    | {
        readonly kind: 'logic';
        readonly operator: 'and' | 'or';
        readonly left: Expr;
        readonly right: Expr;
      }
    | { readonly kind: 'compare'; readonly first: Expr; readonly rest: readonly ComparisonSyntax[] }
    | {
        readonly kind: 'choice';
        readonly test: Expr;
        readonly chosen: Expr;
        readonly otherwise: Expr;
      }
    | { readonly kind: 'lambda'; readonly parameters: readonly ParameterSyntax[]; readonly body: Expr }
    | CallExpression
    | { readonly kind: 'attribute'; readonly object: Expr; readonly name: string }
    | { readonly kind: 'item'; readonly object: Expr; readonly index: Expr }
    | SliceSyntax
    | { readonly kind: 'named'; readonly name: string; readonly value: Expr }
  );

interface BinarySyntax extends At {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: Expr;
  readonly right: Expr;
}

interface SliceSyntax extends At {
  readonly kind: 'slice';
  readonly start: Expr | undefined;
  readonly stop: Expr | undefined;
  readonly step: Expr | undefined;
}

/** `**value` where there is no key. */
export interface DictEntrySyntax extends At {
  readonly key: Expr | undefined;
  readonly value: Expr;
}

/** One step of `a < b < c`. */
export interface ComparisonSyntax extends At {
  readonly operator: string;
  readonly operand: Expr;
}

/** A list, set or dict comprehension, or a generator. */
export interface Comprehension extends At {
  readonly kind: 'comprehension';
  readonly makes: 'list' | 'set' | 'dict' | 'generator';
  /** The key of a dict. */
  readonly key: Expr | undefined;
  readonly element: Expr;
  readonly clauses: readonly LoopClause[];
}

/** `for target in iterable if …` */
export interface LoopClause {
  readonly target: Expr;
  readonly iterable: Expr;
  readonly conditions: readonly Expr[];
}

/** `callee(…)` */
export interface CallExpression extends At {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: readonly Expr[];
  /** `**value` where there is no name. */
  readonly keywords: readonly (At & { readonly name: string | undefined; readonly value: Expr })[];
}

/** Text or a replacement field of an f-string. */
export type FormatPart =
  | string
  | (At & {
      readonly value: Expr;
      /** `text=` of `{text=}`. */
      readonly label: string | undefined;
      readonly conversion: 'r' | 's' | 'a' | undefined;
      readonly spec: readonly FormatPart[] | undefined;
    });

/** A parameter of a function. */
export interface ParameterSyntax extends At {
  readonly name: string;
  readonly form: 'positional' | 'plain' | 'keyword' | 'rest' | 'keywords';
  readonly fallback: Expr | undefined;
}

/** `name as as` */
export interface ImportedName extends At {
  readonly name: string;
  readonly as: string;
}

/** `from module import names` */
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
  readonly parameters: readonly ParameterSyntax[];
  readonly body: readonly Stmt[];
}

/** A `for` loop. */
export interface ForSyntax extends At {
  readonly kind: 'for';
  readonly target: Expr;
  readonly iterable: Expr;
  readonly body: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
}

/** `try` with its handlers. */
export interface TrySyntax extends At {
  readonly kind: 'try';
  readonly body: readonly Stmt[];
  readonly handlers: readonly HandlerSyntax[];
  readonly otherwise: readonly Stmt[];
  readonly final: readonly Stmt[];
}

/** `except type as name:`; without a type it takes all. */
export interface HandlerSyntax extends At {
  readonly type: Expr | undefined;
  readonly name: string | undefined;
  readonly body: readonly Stmt[];
}

/** A statement. */
export type Stmt = At &
  (
    | { readonly kind: 'expression'; readonly value: Expr }
    | { readonly kind: 'assign'; readonly targets: readonly Expr[]; readonly value: Expr }
    | {
        readonly kind: 'update';
        readonly target: Expr;
        readonly operator: string;
        readonly value: Expr;
      }
    | {
        readonly kind: 'if';
        readonly branches: readonly { readonly test: Expr; readonly body: readonly Stmt[] }[];
        readonly otherwise: readonly Stmt[];
      }
    | ForSyntax
    | {
        readonly kind: 'while';
        readonly test: Expr;
        readonly body: readonly Stmt[];
        readonly otherwise: readonly Stmt[];
      }
    | { readonly kind: 'break' | 'continue' | 'pass' }
    | { readonly kind: 'delete'; readonly targets: readonly Expr[] }
    | FunctionSyntax
    | { readonly kind: 'return'; readonly value: Expr | undefined }
    | {
        readonly kind: 'import';
        readonly modules: readonly (At & {
          readonly path: readonly string[];
          readonly as: string | undefined;
        })[];
      }
    | ImportFrom
    | { readonly kind: 'bases'; readonly body: readonly Stmt[] }
    | TrySyntax
    | { readonly kind: 'raise'; readonly value: Expr | undefined }
    /** Right Python that a config may not hold: an error once it is executed. */
    | { readonly kind: 'refused'; readonly what: string }
    | { readonly kind: 'scope'; readonly which: 'global' | 'nonlocal'; readonly names: readonly string[] }
    | { readonly kind: 'assert'; readonly test: Expr; readonly message: Expr | undefined }
  );
