import { existsSync, readFileSync } from 'node:fs';
import { AisBenchError } from '../contract/errors.ts';
import type { RunFolder } from './run-folder.ts';

/** What a service says about itself. */
export interface Served {
  /** Its model's name; absent where the config names the model. */
  readonly name?: string;
  /** It says that its answers and times are made up. */
  readonly simulated: boolean;
}

/** What the services of a run say about themselves, by the models' abbr: kept with the run so that a continued one uses the same model. */
export class ServedModels {
  readonly #folder: RunFolder;
  readonly #path: string;
  readonly #known: Record<string, Served>;

  /** Throws RUN-DATA-001 where the run's file is broken. */
  constructor(folder: RunFolder) {
    this.#folder = folder;
    this.#path = folder.file('configs', 'served.json');
    // No prototype: a model may be called __proto__.
    this.#known = Object.assign(Object.create(null), readJsonIfThere(this.#path)) as Record<string, Served>;
  }

  /** Said of itself, in this session or one before, that its answers are made up. */
  isSimulated(abbr: string): boolean {
    return Object.hasOwn(this.#known, abbr) && this.#known[abbr]!.simulated;
  }

  /** Keeps what the service says. Throws RUN-CFG-001 where an earlier session was answered by another model. */
  keep(abbr: string, served: Served): void {
    const before = Object.hasOwn(this.#known, abbr) ? this.#known[abbr] : undefined;
    if (before?.name !== undefined && served.name !== undefined && before.name !== served.name) {
      throw new AisBenchError(
        'RUN-CFG-001',
        `${abbr}: the service now serves "${served.name}", this run was begun with "${before.name}"`,
        { where: this.#path, cure: 'start the service with the same model, or run without --reuse' },
      );
    }
    const merged = { ...before, ...served, simulated: served.simulated || before?.simulated === true };
    if (JSON.stringify(merged) === JSON.stringify(before)) return;
    this.#known[abbr] = merged;
    this.#folder.write(this.#path, `${JSON.stringify(this.#known, null, 2)}\n`);
  }
}

/** The content of a JSON file of a run. Throws RUN-DATA-001, with this cure, where it has none. */
export function readJson(path: string, cure = 'run without --reuse'): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AisBenchError('RUN-DATA-001', 'this file of the run is not readable', {
      where: path,
      cure,
      cause,
    });
  }
}

/** The same; undefined where there is no such file. */
export function readJsonIfThere(path: string): unknown {
  return existsSync(path) ? readJson(path) : undefined;
}
