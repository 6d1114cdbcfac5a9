import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { catalog } from '../../catalog.ts';
import { classFile } from '../../config/class-files.ts';
import type { Plan } from '../../config/plan.ts';
import { toolVersion } from '../version.ts';

/** The code of a model of the plan: who runs it must hold the same. */
export interface ClassCode {
  /** The model's. */
  readonly abbr: string;
  readonly className: string;
  /** Of a class that ships the tool's version; else a hash of the file that exports it, and of the class and those above it. */
  readonly hash: string;
}

export async function codeOf({ models }: Plan): Promise<ClassCode[]> {
  return Promise.all(
    models.map(async ({ abbr, modelClass }) => ({
      abbr,
      className: modelClass.name,
      hash: await hashOf(modelClass),
    })),
  );
}

async function hashOf(modelClass: object): Promise<string> {
  const hash = createHash('sha256');
  let one: unknown = modelClass;
  for (
    ;
    typeof one === 'function' && one.name !== '' && !(await isShipped(one));
    one = Object.getPrototypeOf(one)
  ) {
    const file = classFile(one);
    if (file !== undefined) hash.update(readFileSync(file));
    hash.update(Function.prototype.toString.call(one));
  }
  const base = typeof one === 'function' && one.name !== '' ? one.name : '';
  const version = `ais_bench ${toolVersion()} ${base}`;
  return one === modelClass ? version : `${version} ${hash.digest('hex')}`;
}

async function isShipped(modelClass: { readonly name: string }): Promise<boolean> {
  const { models } = catalog;
  const { name } = modelClass;
  return (
    Object.hasOwn(models, name) && (await models[name as keyof typeof models]()) === (modelClass as unknown)
  );
}
