import type { LocalModelOptions } from '../../contract/base-model.ts';
import { pythonOptions } from './python-options.ts';
import { WorkerModel } from './worker-model.ts';

/** Where a class stands that a user wrote in Python; paths are absolute. */
export interface PythonClassPlace {
  readonly file: string;
  readonly name: string;
  /** The user's folder: what the file imports is looked for there too. */
  readonly folder: string;
}

/** The model class of a Python class, under its name. */
export function pythonModelClass(place: PythonClassPlace): new (options: LocalModelOptions) => WorkerModel {
  const { file, name, folder } = place;
  class UserModel extends WorkerModel {
    constructor(options: LocalModelOptions) {
      const engineOptions = { file, class: name, folder, arguments: pythonOptions(options) };
      super(options, 'ais_bench_worker.user_class:UserClass', engineOptions);
    }
  }
  return Object.defineProperty(UserModel, 'name', { value: place.name });
}
