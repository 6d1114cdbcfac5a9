import { join } from 'node:path';

/**
 * The Python that runs the worker: the one asked for (`--python`, or the config's `python`), else that of the active
 * virtual environment, else `python3` of the search path.
 */
export function findPython(asked: string | undefined): string {
  if (asked !== undefined && asked !== '') return asked;
  const environment = process.env['VIRTUAL_ENV'];
  return environment === undefined || environment === '' ? 'python3' : join(environment, 'bin', 'python');
}
