import type { RunRecord } from '../../contract/record.ts';
import { AisbenchDialect } from './aisbench.ts';
import { GenaiPerfDialect } from './genai-perf.ts';
import { GuidellmDialect } from './guidellm.ts';
import type { Dialect, DialectName, DialectOptions, DialectReport } from './types.ts';
import { VllmDialect } from './vllm.ts';

const MAKERS: Readonly<Record<DialectName, (options: DialectOptions) => Dialect>> = {
  aisbench: (options) => new AisbenchDialect(options),
  vllm: (options) => new VllmDialect(options),
  'genai-perf': () => new GenaiPerfDialect(),
  guidellm: () => new GuidellmDialect(),
};

/** A counter of each tool that is named; feed it the records of a run. */
export class Dialects {
  readonly #dialects: readonly Dialect[];

  constructor(names: readonly DialectName[], options: DialectOptions) {
    this.#dialects = names.map((name) => MAKERS[name](options));
  }

  add(record: RunRecord): void {
    for (const dialect of this.#dialects) dialect.add(record);
  }

  finish(): DialectReport[] {
    return this.#dialects.flatMap((dialect) => dialect.finish());
  }
}
