import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('mutants.py', import.meta.url));

/** For each program the same with one operator of the function `name` changed, in all ways; needs python3. */
export function mutantsOf(
  programs: readonly { readonly program: string; readonly name: string }[],
): string[][] {
  const input = JSON.stringify(programs);
  const { stdout, stderr, status } = spawnSync('python3', [SCRIPT], {
    ...{ input, encoding: 'utf8' as const },
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
