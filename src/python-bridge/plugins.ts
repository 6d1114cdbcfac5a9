import { findPython } from '../basics/environment.ts';
import { PythonWorker } from './python-worker.ts';

/** A class that a Python plugin brings. */
export interface PythonPluginClass {
  readonly name: string;
  /** Importable in the worker's Python: what `PythonClass.file` may say instead of a file. */
  readonly module: string;
  readonly file: string | null;
  /** `model-service`, `model-local`, `dataset`, `evaluator`, `postprocessor`, …, or `other`. */
  readonly kind: string;
  /** The nearest base class that the plugin does not bring itself. */
  readonly base: string;
  /** Of a `model-service`. */
  readonly service?: {
    readonly parses_text: boolean;
    readonly parses_stream: boolean;
    readonly scores_prompts: boolean;
    readonly fixes_length: boolean;
    readonly chunks_are_tokens: boolean;
    /** Names of what its `__init__` takes. */
    readonly arguments: readonly string[];
  };
}

/** An entry point of AISBench's group in the worker's Python. */
export interface PythonPlugin {
  readonly group: string;
  readonly name: string;
  /** The package that it names. */
  readonly module: string;
  /** The installed distribution, and its version. */
  readonly package: string | null;
  readonly version: string | null;
  readonly classes: readonly PythonPluginClass[];
  /** Why it cannot be imported, in part or at all. */
  readonly error?: string;
}

/**
 * Lists the plugins that the worker's Python has: packages with an entry point `ais_bench.benchmark_plugins`. Imports them. Throws
 * UTILS-DEPENDENCY-001 where there is no such interpreter.
 */
export async function listPythonPlugins(python?: string): Promise<readonly PythonPlugin[]> {
  const worker = new PythonWorker({ python: findPython(python) });
  try {
    return (await worker.request('plugins', {})) as readonly PythonPlugin[];
  } finally {
    await worker.close();
  }
}
