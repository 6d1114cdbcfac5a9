import { promptRenderer } from '../prompt/render.ts';
import { type Call, caseRef } from './calls.ts';
import { fixedLengthOf, lengthLimit, mediaOption, referenceOf, toolsOf } from './row-options.ts';
import type { Case, Shape, ShapeSetting } from './shape.ts';

/** `GenInferencer`: one question, one answer. Throws as the prompt's renderer does. */
export function singleTurn({ model, dataset, train, mediaRoots = [] }: ShapeSetting): Shape {
  const { infer_cfg, reader_cfg } = dataset.config;
  const render = promptRenderer(infer_cfg, reader_cfg, model.metaTemplate, train);
  return {
    requestsOf: () => 1,
    caseOf: ({ index, row }, repetition) => {
      const asked = {
        prompt: render(row),
        maxOutLen: lengthLimit(row, model),
        ...toolsOf(row, model),
        ...fixedLengthOf(row, model),
      };
      const media = mediaOption(row);
      const ref = caseRef(model, { dataset: dataset.abbr, index, repetition }, Object.values(asked));
      return oneRequest({ ref, ...asked, ...media, mediaRoots, ...referenceOf(row, dataset) });
    },
  };
}

/** A case that is one request. */
export function oneRequest(call: Call): Case {
  return {
    ref: call.ref,
    first: call,
    run: async (scheduled, ask, tell) => {
      const answer = await ask(call, scheduled);
      if (answer !== undefined) tell(answer.transcript);
    },
  };
}
