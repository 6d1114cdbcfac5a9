import { relative } from 'node:path/posix';
import { classNameOf, snakeCase } from '../config/class-source.ts';
import type { Framing } from '../contract/base-api-model.ts';
import { AisBenchError } from '../contract/errors.ts';
import { framingTemplates } from './framing-templates.ts';
import type { Language, ModelKind } from './kinds.ts';
import {
  PYTHON_API_MODEL_CONFIG,
  PYTHON_LOCAL_MODEL_CLASS,
  PYTHON_LOCAL_MODEL_CONFIG,
  pythonClassTemplate,
} from './python-templates.ts';
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
  /** Absent in Python, where `ais_bench check` is the test. */
  readonly test?: string;
  /** The module of the class as the config imports it: a relative path, or a module's name. */
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
export function namesOf(name: string, configDir: string, language: Language = 'typescript'): Names {
  const snake = snakeCase(name);
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(snake)) {
    throw new AisBenchError('TMAN-CMD-002', `"${name}" is no name for a class`, {
      where: 'ais_bench new',
      cure: 'use letters, digits and _, e.g. my_custom_api',
    });
  }
  const folder = configDir.replace(/^\.\//, '').replace(/(?<!\/)\/+$/, '') || '.';
  const isPython = language === 'python';
  const ending = isPython ? 'py' : 'ts';
  const model = `models/${snake}.${ending}`;
  const config = `${folder}/models/${snake}.${ending}`;
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
    ...(isPython ? {} : { test: `models/${snake}.test.mjs` }),
    classImport: isPython ? `models.${snake}` : relative(`${folder}/models`, model),
  };
}

type ModelTemplates = readonly [model: string, config: string, test?: string];

const TEMPLATES: Readonly<Record<Language, Record<ModelKind, (framing: Framing) => ModelTemplates>>> = {
  typescript: {
    'api-model': (framing) => {
      const [model, test] = framingTemplates(framing);
      return [model, API_MODEL_CONFIG, test];
    },
    'local-model': () => [LOCAL_MODEL_CLASS, LOCAL_MODEL_CONFIG, LOCAL_MODEL_TEST],
  },
  python: {
    'api-model': (framing) => [pythonClassTemplate(framing), PYTHON_API_MODEL_CONFIG],
    'local-model': () => [PYTHON_LOCAL_MODEL_CLASS, PYTHON_LOCAL_MODEL_CONFIG],
  },
};

export interface ScaffoldOptions {
  /** Default: TypeScript. */
  readonly language?: Language;
  /** How the streams of a service are cut; default `sse`. */
  readonly framing?: Framing;
}

/** Fills the files of a new model: class, config, and in TypeScript a test. Throws TMAN-CMD-002 for a framing of a local model. */
export function scaffold(
  kind: ModelKind,
  names: Names,
  { language = 'typescript', framing = 'sse' }: ScaffoldOptions = {},
): KitFile[] {
  if (kind === 'local-model' && framing !== 'sse') {
    throw new AisBenchError('TMAN-CMD-002', 'a local model has no framing', {
      where: '--framing',
      cure: 'leave it out, or write a model behind a service: ais_bench new api-model',
    });
  }
  const [model, config, test] = TEMPLATES[language][kind](framing);
  const fill = (template: string) =>
    template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => names[name as keyof Names] ?? '');
  const files = [
    { path: names.model, content: fill(model), meaning: 'the class' },
    { path: names.config, content: fill(config), meaning: 'its config' },
  ];
  if (names.test === undefined || test === undefined) return files;
  return [...files, { path: names.test, content: fill(test), meaning: 'its test' }];
}
