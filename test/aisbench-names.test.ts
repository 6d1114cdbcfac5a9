/** Every config name of AISBench's is runnable, or is answered in one line that says what is missing. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalog } from '../src/catalog.ts';
import { findConfigs, listConfigs, whatIsMissing } from '../src/config/find.ts';
import { readRaw } from '../src/config/raw.ts';
import { resolveDataset } from '../src/config/resolve-dataset.ts';
import { AisBenchError, messageOf } from '../src/contract/errors.ts';
import { CLASSES, DATASET_FAMILIES, MODEL_CONFIGS, PROMISED } from './support/aisbench-names.ts';

const shipped = fileURLToPath(new URL('../configs', import.meta.url));
const roots = { base: '', own: shipped, shipped };
const flags = { models: [], mode: 'all', configDir: '', numWarmups: 0, maxErrorRate: 0, set: [] } as const;

/** What a name comes to: `runs`, the one line that says what is missing, or why it is neither. */
async function outcomeOf(kind: 'models' | 'datasets', name: string): Promise<string> {
  try {
    findConfigs(kind, name, roots);
  } catch (error) {
    const isAnswer =
      error instanceof AisBenchError && /^AISBench's config .* does not run here: .+$/.test(error.message);
    return isAnswer ? error.message : `unanswered: ${messageOf(error)}`;
  }
  if (kind === 'models') return 'runs';
  const { datasets } = await readRaw({ ...flags, datasets: [name] }, roots, { base: '', shipped, entry: '' });
  await Promise.all(datasets.map((entry) => resolveDataset(entry, catalog, '')));
  return 'runs';
}

describe('every dataset config of AISBench', () => {
  it.each(DATASET_FAMILIES)('%s', async (family, names) => {
    const outcomes = await Promise.all(names.map((name) => outcomeOf('datasets', name)));
    expect(outcomes.filter((outcome) => outcome.startsWith('unanswered'))).toEqual([]);
    const later = outcomes.filter((outcome) => outcome.includes('not implemented yet'));
    expect(PROMISED.has(family) ? later : []).toEqual([]);
  });
});

it.each(MODEL_CONFIGS)('model config %s', async (name) => {
  expect(await outcomeOf('models', name)).toMatch(name === 'qwen_image_edit' ? /mindie_sd/ : /^runs$/);
});

it.each(CLASSES)('the class %s is known, or is answered in one sentence', async (name) => {
  const values = {
    abbr: 'a',
    type: /Dataset$/.test(name) ? name : 'GSM8KDataset',
    category: 'simple',
    reader_cfg: { input_columns: ['question'] },
    infer_cfg: {
      prompt_template: { template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: /Inferencer$/.test(name) ? name : 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: /Evaluator$/.test(name) ? name : 'AccEvaluator' } },
  };
  const entry = { values, label: 'datasets.0', overridden: {}, where: () => 'here.py:1' };
  const outcome = await resolveDataset(entry, catalog, '').catch((error: unknown) => messageOf(error));
  if (typeof outcome === 'string')
    expect(outcome).toMatch(/^datasets\.0\.\S+: AISBench's \w+ does not run here: .+/);
  else expect(outcome.abbr).toBe('a');
});

it('nothing is called missing that ships', () => {
  const kinds = ['models', 'datasets'] as const;
  const both = kinds.flatMap((kind) =>
    listConfigs(kind, roots).filter(({ name }) => whatIsMissing(kind, name) !== undefined),
  );
  expect(both).toEqual([]);
});
