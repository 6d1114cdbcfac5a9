import type { DatasetType, Evaluator, Postprocessor } from 'ais-bench';

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

/** The last word of a reply. */
export const lastWord: Postprocessor = (text) => /(\w+)\W*$/.exec(text)?.[1];

/** Right where the reply names the capital; with `whole: true` only where it is what the post-processor found. */
export function nameEvaluator({ whole = false }: { readonly whole?: unknown }): Evaluator {
  return {
    name: 'NameEvaluator',
    grade: ({ answer, text, reference }) => {
      const isRight = whole === true ? answer === reference : text.includes(reference);
      return { credit: isRight ? 1 : 0, explanation: `looked for ${reference}` };
    },
  };
}
