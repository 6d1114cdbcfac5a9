import type { BaseAPIModel } from '../contract/base-api-model.ts';
import { detectAttr } from '../contract/base-model.ts';
import type { ModelClass } from '../contract/class-ref.ts';
import { AisBenchError } from '../contract/errors.ts';
import { snakeCase } from './class-names.ts';
import type { LoadedConfig } from './load.ts';
import { isLoadTest, type Mode } from './modes.ts';
import type { RawEntry } from './validate.ts';

/** What the guide's config of a local model says where a class comes without a config; there is no default for `path`. */
const LOCAL_DEFAULTS = { max_out_len: 100, batch_size: 1, max_seq_len: 2048 };

/**
 * The model entry of a module that has a class and no config: default values, the abbr from the class's name. Undefined
 * where the module defines `models` or exports no model class. Throws TMAN-CFG-002 where it exports several.
 */
export function modelOfClass({ path, values }: LoadedConfig, mode: Mode): RawEntry | undefined {
  if (values['models'] !== undefined) return undefined;
  const modelClass = classIn(values, path);
  if (modelClass === undefined) return undefined;
  const common = { type: modelClass, abbr: snakeCase(modelClass.name) };
  const entry =
    detectAttr(modelClass) === 'local'
      ? { attr: 'local', ...common, ...LOCAL_DEFAULTS }
      : { attr: 'service', ...common, stream: streamsBest(modelClass.prototype, mode) };
  return { values: entry, label: 'models.0', overridden: {}, where: () => path };
}

/** Whole replies, as the guide's class has it, unless only a stream can be read or times are what is wanted. */
function streamsBest(methods: Partial<BaseAPIModel>, mode: Mode): boolean {
  return (
    methods.parseStreamResponse !== undefined && (isLoadTest(mode) || methods.parseTextResponse === undefined)
  );
}

function classIn(values: Readonly<Record<string, unknown>>, path: string): ModelClass | undefined {
  if (detectAttr(values['default']) !== undefined) return values['default'] as ModelClass;
  const classes = [...new Set(Object.values(values))].filter(
    (value) => detectAttr(value) !== undefined,
  ) as ModelClass[];
  if (classes.length <= 1) return classes[0];
  const names = classes.map(({ name }) => name).join(', ');
  throw new AisBenchError('TMAN-CFG-002', `this module exports several model classes: ${names}`, {
    where: path,
    cure: 'make one of them the default export, or write a config that names one as type',
  });
}
