/** What a user installs, read from the lock file and the packages themselves. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

export interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** SHA-512 that the installed archive must have. */
  readonly integrity: string;
  readonly hasInstallScript: boolean;
  readonly kilobytes: number;
  /** Names of the packages that ask for it; none: this one. */
  readonly neededBy: readonly string[];
  /** Where its authors keep it, as it says itself. */
  readonly home: string;
}

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly peer?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Development dependencies whose code is a part of what is built and shipped, and of which part. */
export const BUNDLED: Readonly<Record<string, string>> = {
  'csv-parse': 'the tool, as a part of its own files',
  preact: 'the report page',
  uplot: 'the report page',
  zod: 'the tool, as a part of its own files',
};

/** In the order of their names. */
export function dependencies(): Dependency[] {
  const packages: Readonly<Record<string, Locked>> = readJson('package-lock.json').packages;
  const own = packages['']!;
  const shipped = Object.entries(packages).filter(
    ([path, { dev }]) => path !== '' && (dev !== true || nameOf(path) in BUNDLED),
  );
  return shipped.map(([path, locked]) => {
    const name = nameOf(path);
    const others = shipped.filter(([, one]) => name in { ...one.dependencies, ...one.optionalDependencies });
    return {
      name,
      version: locked.version,
      licence: locked.license ?? '',
      integrity: locked.integrity ?? '',
      hasInstallScript: locked.hasInstallScript === true,
      kilobytes: Math.ceil(bytesBelow(join(root, path)) / 1000),
      neededBy: own.dependencies?.[name] === undefined ? others.map(([one]) => nameOf(one)) : [],
      home: homeOf(join(path, 'package.json')),
    };
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function homeOf(file: string): string {
  if (!existsSync(join(root, file))) return '';
  const { repository } = readJson(file) as { repository?: string | { url?: string } };
  const url = (typeof repository === 'string' ? repository : repository?.url) ?? '';
  const place = url.replace(/^(git\+)?(https?|ssh|git):\/\/(git@)?|^github:|\.git$/g, '');
  // The short form of an address at GitHub.
  return /^[^/.]+\/[^/]+$/.test(place) ? `github.com/${place}` : place;
}

function bytesBelow(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter(({ parentPath }) => !parentPath.slice(folder.length).includes('node_modules'))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
