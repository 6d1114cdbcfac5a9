import { relative } from 'node:path/posix';
import { classNameOf, snakeCase } from '../config/class-source.ts';
import type { Framing } from '../contract/base-api-model.ts';
import { AisBenchError } from '../contract/errors.ts';
import { framingTemplates } from './framing-templates.ts';
import type { ModelKind } from './kinds.ts';
import { API_MODEL_CONFIG, LOCAL_MODEL_CLASS, LOCAL_MODEL_CONFIG, LOCAL_MODEL_TEST } from './templates.ts';

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

/** The files of a new model: class, config, test. `framing`: how the streams of a service are cut. Throws TMAN-CMD-002 where the kind has none. */
export function scaffold(kind: ModelKind, names: Names, framing: Framing = 'sse'): KitFile[] {
  if (kind === 'local-model' && framing !== 'sse') {
    throw new AisBenchError('TMAN-CMD-002', 'a local model has no framing', {
      where: '--framing',
      cure: 'leave it out, or write a model behind a service: ais_bench new api-model',
    });
  }
  const isService = kind === 'api-model';
  const [model, test] = isService ? framingTemplates(framing) : [LOCAL_MODEL_CLASS, LOCAL_MODEL_TEST];
  const config = isService ? API_MODEL_CONFIG : LOCAL_MODEL_CONFIG;
  const fill = (template: string) =>
    template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => names[name as keyof Names]);
  return [
    { path: names.model, content: fill(model), meaning: 'the class' },
    { path: names.config, content: fill(config), meaning: 'its config' },
    { path: names.test, content: fill(test), meaning: 'its test' },
  ];
}
