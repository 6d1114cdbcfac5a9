import { relative } from 'node:path/posix';
import { classNameOf, snakeCase } from '../config/class-source.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { ModelKind } from './kinds.ts';
import {
  API_MODEL_CLASS,
  API_MODEL_CONFIG,
  API_MODEL_TEST,
  LOCAL_MODEL_CLASS,
  LOCAL_MODEL_CONFIG,
  LOCAL_MODEL_TEST,
} from './templates.ts';

/** What a new model is called, everywhere. */
export interface Names {
  /** `my_custom_api`: name of its files and of its config, and its abbr. */
  readonly snake: string;
  /** `MyCustomAPI` */
  readonly className: string;
  /** Paths in the user's folder. */
  readonly model: string;
  readonly config: string;
  readonly test: string;
  /** The class as the config imports it. */
  readonly classImport: string;
}

export interface KitFile {
  /** In the user's folder. */
  readonly path: string;
  readonly content: string;
  /** What it is, for the person who gets it. */
  readonly meaning: string;
}

/** The names of a new model, whichever way its own is spelt. Throws TMAN-CMD-002 where it makes no class name. */
export function namesOf(name: string, configDir: string): Names {
  const snake = snakeCase(name);
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(snake)) {
    throw new AisBenchError('TMAN-CMD-002', `"${name}" is no name for a class`, {
      where: 'ais_bench new',
      cure: 'use letters, digits and _, e.g. my_custom_api',
    });
  }
  const folder = configDir.replace(/^\.\//, '').replace(/(?<!\/)\/+$/, '') || '.';
  const model = `models/${snake}.ts`;
  const config = `${folder}/models/${snake}.ts`;
  if (relative(config, model) === '') {
    throw new AisBenchError('TMAN-CMD-002', `class and config would both be ${model}`, {
      where: '--config-dir',
      cure: 'keep configs in a folder of their own, e.g. --config-dir configs',
    });
  }
  return {
    snake,
    className: classNameOf(snake),
    model,
    config,
    test: `models/${snake}.test.mjs`,
    classImport: relative(`${folder}/models`, model),
  };
}

const TEMPLATES = {
  'api-model': [API_MODEL_CLASS, API_MODEL_CONFIG, API_MODEL_TEST],
  'local-model': [LOCAL_MODEL_CLASS, LOCAL_MODEL_CONFIG, LOCAL_MODEL_TEST],
} as const satisfies Record<ModelKind, readonly [string, string, string]>;

/** The files of a new model: class, config, test. */
export function scaffold(kind: ModelKind, names: Names): KitFile[] {
  const [model, config, test] = TEMPLATES[kind];
  const fill = (template: string) =>
    template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => names[name as keyof Names]);
  return [
    { path: names.model, content: fill(model), meaning: 'the class' },
    { path: names.config, content: fill(config), meaning: 'its config' },
    { path: names.test, content: fill(test), meaning: 'its test' },
  ];
}
