import type { APIModelOptions, BaseAPIModel } from './base-api-model.ts';
import type { BaseModel, LocalModelOptions } from './base-model.ts';

export interface APIModelClass {
  new (options: APIModelOptions): BaseAPIModel;
  readonly name: string;
  readonly extraOptions: readonly string[];
  readonly fixesLength?: boolean;
  /** Absent: true. */
  readonly chunksAreTokens?: boolean;
}

export interface LocalModelClass {
  new (options: LocalModelOptions): BaseModel;
  readonly name: string;
}

export type ModelClass = APIModelClass | LocalModelClass;

/** `ClassRef.module` of what ships with this package: its `export` is a name of the catalog. */
export const SHIPPED = 'ais-bench';

/** `ClassRef.module` of a class that a program handed over and no file is known to hold: this process alone can load it. */
export const INLINE = 'inline';

/** What the text of a Python class for a service says about it, read without Python. */
export interface PythonService {
  readonly parsesText: boolean;
  readonly parsesStream: boolean;
  /** Config keys that its `__init__` takes and no other class. */
  readonly extraOptions: readonly string[];
  /** Whether it can request the log probabilities of a prompt; absent: it cannot. */
  readonly scoresPrompts?: boolean;
  /** `BaseAPIModel.fixesLength` and `chunksAreTokens`, where the class says other than that one does. */
  readonly fixesLength?: true;
  readonly chunksAreTokens?: false;
}

/** Names a model class or a dataset class as plain data, so that every process that holds its code can load it. */
export interface ClassRef {
  /**
   * `ais-bench`, `inline`, the name of a package, `python:` and the name of a Python module, or a file: `./models/mine.ts` where it lies inside the base folder, else its absolute
   * path.
   */
  readonly module: string;
  /**
   * The name in the catalog, the name of the export, the class in a Python file; of a class that a config holds as a `type` and does not
   * export its place there, such as `models.0.type`.
   */
  readonly export: string;
  /** The class's own name. */
  readonly name: string;
  /** SHA-256 of the user's code that the class is made of; absent: it ships. */
  readonly code?: string;
  /** Of a Python class for a service; a Python class without it is a local model's. */
  readonly service?: PythonService;
}

/** Methods that a model class may have or not, and that decide what can be run with it. */
const OPTIONAL_METHODS = [
  'parseTextResponse',
  'parseStreamResponse',
  'getPplRequestBody',
  'getPromptLogprobs',
  'getPpl',
] as const;

export type OptionalMethod = (typeof OPTIONAL_METHODS)[number];

/** Returns the optional methods that a model class has. */
export function optionalMethods(modelClass: ModelClass): OptionalMethod[] {
  const { prototype = {} } = modelClass as { readonly prototype?: Readonly<Record<string, unknown>> };
  return OPTIONAL_METHODS.filter((name) => typeof prototype[name] === 'function');
}
