/**
 * The environment that child programs and optional packages start from: the only file below the command line that reads the process'
 * environment or working directory. Python interpreters, their packages and node_modules are where the user's shell has them.
 */
import { join } from 'node:path';

/** Returns the Python to start: the one named, else that of the active virtual environment, else `python3` of the search path. */
export function findPython(named?: string): string {
  if (named !== undefined && named !== '') return named;
  const environment = process.env['VIRTUAL_ENV'];
  return environment === undefined || environment === '' ? 'python3' : join(environment, 'bin', 'python');
}

/** Returns the environment of a trusted child program, with `added` variables. */
export function childEnvironment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...added };
}

/** Returns all that an untrusted program's launcher needs of the environment: where programs are. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '' } = process.env;
  return { PATH, LANG: 'C.UTF-8' };
}

/** Returns the folders from which optional packages are searched: that of AIS_BENCH_PEERS where it is set, then the working directory. */
export function peerFolders(): readonly string[] {
  const named = process.env['AIS_BENCH_PEERS'];
  return [...(named ? [named] : []), process.cwd()];
}
