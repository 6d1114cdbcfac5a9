import type { LocalModelOptions } from '../../contract/base-model.ts';

/** Options that every local model has, and whose names on both sides are known. */
const COMMON = [
  'path',
  'maxOutLen',
  'batchSize',
  'maxSeqLen',
  'tokenizerOnly',
  'metaTemplate',
  'generationKwargs',
];

/** Options that Python does not get. */
const NOT_SHARED = ['further', 'python'];

/**
 * The options as a Python engine gets them: AISBench's names, and every further key as the config's author wrote it. Of a
 * class that was made without a config, the further keys are the options' in snake_case.
 */
export function pythonOptions(options: LocalModelOptions): Record<string, unknown> {
  const shared = Object.entries(options)
    .filter(([key, value]) => !NOT_SHARED.includes(key) && value !== undefined)
    .filter(([key]) => options.further === undefined || COMMON.includes(key))
    .map(([key, value]) => [snakeCase(key), value]);
  return { ...(options.further ?? {}), ...Object.fromEntries(shared) };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
