/** Every package that a user installs has been looked at: docs/dependencies.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dependencies } from './support/dependency-table.ts';

const LICENCES = ['MIT', 'ISC', 'Apache-2.0', 'BSD-3-Clause'];

it.each(dependencies())(
  '$name runs nothing at install, is pinned by its checksum, and may be passed on',
  (one) => {
    expect(one.hasInstallScript).toBe(false);
    expect(one.integrity).toMatch(/^sha512-/);
    expect(LICENCES).toContain(one.licence);
  },
);

it.each(dependencies())('$name is in the docs, with what it is used for', ({ name, version }) => {
  const row = readFileSync('docs/dependencies.md', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| \`${name}\` | ${version} |`));
  expect(row?.split(' | ').at(-1)).toMatch(/^\S.{9,} \|$/);
});

it('every version that we name ourselves is one version, not a range', () => {
  const { dependencies: own } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(Object.values(own).filter((range) => !/^\d+\.\d+\.\d+$/.test(String(range)))).toEqual([]);
});

it('no package has native code', () => {
  const files = dependencies().flatMap(({ name }) =>
    readdirSync(`node_modules/${name}`, { recursive: true, encoding: 'utf8' }).map(
      (file) => `${name}/${file}`,
    ),
  );
  expect(files.filter((file) => /\.(node|so|dll|dylib|exe)$/.test(file))).toEqual([]);
});
