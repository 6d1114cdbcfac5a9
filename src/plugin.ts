/** What a plugin of a user's exports: `docs/plugins.md`. */
import type { ModelClass } from './contract/class-ref.ts';
import type { DatasetType } from './contract/dataset.ts';
import type { Inferencer } from './contract/inferencer.ts';
import type { Configurable, Evaluator, Postprocessor } from './evaluate/types.ts';
import type { ArrivalFunction } from './load/arrival.ts';
import type { StoredRun } from './session/open-run.ts';

/** A file that an exporter makes: its content by its path below the folder that `--out` names. */
export type ExportedFiles = Readonly<Record<string, string | Uint8Array>>;

/** Writes a finished run for another tool (`ais_bench export --format NAME`): one text, or files. */
export type Exporter = (
  run: StoredRun,
) => string | Uint8Array | ExportedFiles | Promise<string | Uint8Array | ExportedFiles>;

/** Parts that configs and flags find by the names that they have here. */
export interface Plugin {
  /** For lists and errors. */
  readonly name: string;
  /** `type` of a model. */
  readonly models?: Readonly<Record<string, ModelClass>>;
  /** `type` of a dataset. */
  readonly datasets?: Readonly<Record<string, DatasetType>>;
  /** `eval_cfg.evaluator.type`: an evaluator, or a function that makes one of the keys beside its `type`. */
  readonly evaluators?: Readonly<Record<string, Configurable<Evaluator>>>;
  /** `eval_cfg.pred_postprocessor.type` */
  readonly postprocessors?: Readonly<Record<string, Postprocessor>>;
  /** `infer_cfg.inferencer.type` */
  readonly inferencers?: Readonly<Record<string, Inferencer>>;
  /** `traffic_cfg.arrival`, `--arrival` */
  readonly arrivals?: Readonly<Record<string, ArrivalFunction>>;
  /** `ais_bench export --format` */
  readonly exporters?: Readonly<Record<string, Exporter>>;
  /** Folder with `models/`, `datasets/` and `summarizers/`, relative to the module that describes the plugin. */
  readonly configs?: string;
}

/** Returns the plugin as it is: an editor completes its fields and marks what is wrong. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
