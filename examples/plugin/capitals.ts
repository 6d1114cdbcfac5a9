import type { DatasetType, Evaluator } from 'ais-bench';

const CAPITALS = [
  ['France', 'Paris'],
  ['Japan', 'Tokyo'],
  ['Peru', 'Lima'],
  ['Kenya', 'Nairobi'],
] as const;

/** Questions that need no file. */
export const capitals: DatasetType = {
  name: 'CapitalsDataset',
  load: async () => ({
    train: [],
    test: CAPITALS.map(([country, capital]) => ({ country, capital })),
  }),
};

/** Right where the reply names the capital; with `whole: true` only where it is the whole reply. */
export function nameEvaluator({ whole = false }: { readonly whole?: unknown }): Evaluator {
  return {
    name: 'NameEvaluator',
    grade: ({ text, reference }) => {
      const isRight = whole === true ? text.trim() === reference : text.includes(reference);
      return { credit: isRight ? 1 : 0, explanation: `looked for ${reference}` };
    },
  };
}
