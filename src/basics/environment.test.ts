import { afterEach, expect, it, vi } from 'vitest';
import { findPython } from './environment.ts';

afterEach(() => vi.unstubAllEnvs());

it.each([
  ['/opt/python', '/venv', '/opt/python'],
  [undefined, '/venv', '/venv/bin/python'],
  [undefined, undefined, 'python3'],
  ['', '', 'python3'],
])('asked for %j in %j: %s', (asked, environment, expected) => {
  vi.stubEnv('VIRTUAL_ENV', environment);
  expect(findPython(asked)).toBe(expected);
});
