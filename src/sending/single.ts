import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { PromptList } from '../contract/prompt-list.ts';
import { promptRenderer } from '../prompt/render.ts';
import { type ModelRequest, sampleRef } from './model-request.ts';
import { fixedLengthOf, lengthLimit, makeReference, mediaOption, toolsOf } from './row-options.ts';
import type { SampleRun, Shape, ShapeOptions } from './shape.ts';

/** `GenInferencer`: one prompt, one answer. Throws as the prompt's renderer does. */
export function singleTurn({ model, dataset, train, mediaRoots = [] }: ShapeOptions): Shape {
  const { infer_cfg, reader_cfg } = dataset.config;
  const render = promptRenderer(infer_cfg, reader_cfg, model.metaTemplate, train);
  return {
    countRequests: () => 1,
    makeRun: ({ index, row }, repetition) => {
      const asked = {
        prompt: render(row),
        maxOutLen: lengthLimit(row, model),
        ...toolsOf(row, model),
        ...fixedLengthOf(row, model),
      };
      const media = mediaOption(row);
      const ref = sampleRef(model, { dataset: dataset.abbr, index, repetition }, Object.values(asked));
      return singleRequest({ ref, ...asked, ...media, mediaRoots, ...makeReference(row, dataset) });
    },
  };
}

/** A sample that is one request. */
export function singleRequest(call: ModelRequest): SampleRun {
  return {
    ref: call.ref,
    first: call,
    run: async (scheduled, ask, tell) => {
      const answer = await ask(call, scheduled);
      if (answer !== undefined) tell(answer.transcript);
    },
  };
}

/**
 * `BFCLV3FunctionCallInferencer`: a dialogue and functions that may be called. A model whose config has `returns_tool_calls` gets
 * them as tools; any other gets the template, filled with `{functions}`, as its system message. Which of the two it was is kept
 * with the reference. Throws as the prompt's renderer does, DSET-DATA-002 for a row without `messages` and `functions`.
 */
export function functionCall({ model, dataset, train }: ShapeOptions): Shape {
  const { infer_cfg, reader_cfg } = dataset.config;
  const isTools = model.attr === 'service' && model.sendsTools;
  const tell = promptRenderer(infer_cfg, reader_cfg, undefined, train);
  return {
    countRequests: () => 1,
    makeRun: ({ index, row }, repetition) => {
      const messages = dialogueOf(row, `${dataset.abbr}, row ${index}`);
      const asked = {
        prompt: isTools ? messages : withSystem(tell(row), messages),
        maxOutLen: lengthLimit(row, model),
        ...toolsOf(row, model),
      };
      const ref = sampleRef(model, { dataset: dataset.abbr, index, repetition }, Object.values(asked));
      const { gold, ...shared } = makeReference(row, dataset);
      const how = { asked: isTools ? 'tools' : 'text' };
      return singleRequest({ ref, ...asked, ...shared, gold: isTable(gold) ? { ...gold, ...how } : gold });
    },
  };
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dialogueOf({ messages }: Row, where: string): PromptList {
  if (Array.isArray(messages) && messages.length > 0) return messages as unknown as PromptList;
  throw new AisBenchError('DSET-DATA-002', 'a row has no dialogue in its column messages', {
    where,
    cure: 'use a dataset class that makes messages, tools and functions, as BFCLDataset does',
  });
}

/** A system message that the dialogue has already comes behind ours, in the same message. */
function withSystem(told: string | PromptList, messages: PromptList): PromptList {
  if (typeof told !== 'string') return [...told, ...messages];
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: told }, ...messages];
  return [{ ...first, content: `${told}\n\n${String(first.content)}` }, ...rest];
}
