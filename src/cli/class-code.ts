/** The code that a model's class is made of: whether it is the same elsewhere, or was the same before. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { toolVersion } from '../basics/version.ts';
import { catalog } from '../catalog.ts';
import { classSource } from '../config/class-files.ts';
import type { ModelPlan, Plan } from '../config/plan.ts';
import type { ClassCode } from '../workers/protocol.ts';
import { moduleFiles } from './module-files.ts';

type ModelClass = ModelPlan['modelClass'];

/** Hashes the code of the plan's models: the tool's version, the shipped class that each is or extends, and `ownCodeOf`. */
export async function codeOf({ models }: Plan): Promise<ClassCode[]> {
  return Promise.all(
    models.map(async ({ abbr, modelClass }) => {
      const { base, own } = await partsOf(modelClass);
      const hash = [`ais_bench ${toolVersion()} ${base}`, ...hashOf(own)].join(' ');
      return { abbr, className: modelClass.name, hash };
    }),
  );
}

/**
 * A hash of what of the class is the user's: its text and that of those that it extends, the files that export them, and whatever
 * these import of the user's own files (`moduleFiles`). Undefined for a class that ships.
 */
export async function ownCodeOf(modelClass: ModelClass): Promise<string | undefined> {
  return hashOf((await partsOf(modelClass)).own)[0];
}

interface Parts {
  /** The user's classes, the model's first. */
  readonly own: readonly ModelClass[];
  /** Name of the shipped class behind them; '' where there is none. */
  readonly base: string;
}

async function partsOf(modelClass: ModelClass): Promise<Parts> {
  const own: ModelClass[] = [];
  let one: unknown = modelClass;
  while (typeof one === 'function' && one.name !== '' && !(await isOurs(one))) {
    own.push(one as unknown as ModelClass);
    // What runs a class in Python is ours.
    if (isPython(one)) return { own, base: '' };
    one = Object.getPrototypeOf(one);
  }
  return { own, base: typeof one === 'function' ? one.name : '' };
}

function isPython(modelClass: object): boolean {
  return classSource(modelClass)?.path.endsWith('.py') === true;
}

function hashOf(own: readonly ModelClass[]): string[] {
  if (own.length === 0) return [];
  const hash = createHash('sha256');
  const seen = new Set<string>();
  for (const one of own) {
    for (const { name, file } of filesOf(one)) {
      if (seen.has(file)) continue;
      seen.add(file);
      hash.update(`${name}\0`).update(readFileSync(file));
    }
    if (!isPython(one)) hash.update(Function.prototype.toString.call(one));
  }
  return [hash.digest('hex')];
}

/** Names are relative to the class's file: hosts keep it in different places. */
function filesOf(modelClass: ModelClass): { readonly name: string; readonly file: string }[] {
  const source = classSource(modelClass);
  if (source === undefined) return [];
  const [first = '', ...imported] = moduleFiles(source.path, process.cwd());
  return [...(source.isConfig ? [] : [first]), ...imported].map((file) => ({
    name: relative(dirname(first), file).replaceAll(sep, '/'),
    file,
  }));
}

const BASES: ReadonlySet<string> = new Set(['BaseAPIModel', 'BaseModel']);

/** A class that no file of a user exported may still be a user's: of a package, or of a config's own. */
async function isOurs(modelClass: { readonly name: string }): Promise<boolean> {
  const { models } = catalog;
  const { name } = modelClass;
  if (classSource(modelClass) !== undefined) return false;
  if (BASES.has(name)) return true;
  return (
    Object.hasOwn(models, name) && (await models[name as keyof typeof models]()) === (modelClass as unknown)
  );
}
