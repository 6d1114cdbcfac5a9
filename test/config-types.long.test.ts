import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { configTypes } from '../scripts/config-types.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

it('has the types of configs as the schema makes them (npx jiti scripts/config-types.ts)', () => {
  const formatted = execFileSync(
    `${root}node_modules/.bin/biome`,
    ['format', '--stdin-file-path=src/config/config-types.ts'],
    { cwd: root, input: configTypes(), encoding: 'utf8' },
  );
  expect(readFileSync(`${root}src/config/config-types.ts`, 'utf8')).toBe(formatted);
});
