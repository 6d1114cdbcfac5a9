import { editDistance } from '../basics/nearest.ts';
import { type LocalModelClass, type ModelClass, optionalMethods } from '../contract/class-ref.ts';
import { AisBenchError } from '../contract/errors.ts';
import { originsOf, shownFields } from './catalog.ts';
import { repetitionsOf, requireJson, sentKwargs } from './generation-kwargs.ts';
import type { LocalModelPlan } from './plan.ts';
import type { ResolvedClass } from './resolve-class.ts';
import { camelCase } from './resolve-model.ts';
import { localModelSchema } from './schema.ts';
import { type RawEntry, unknownKey, validate } from './validate.ts';

const KNOWN = Object.keys(localModelSchema.shape);

/** A raw model entry with `attr: "local"` becomes the plan of a model that is loaded in this process. */
export function resolveLocal(entry: RawEntry, { modelClass, ref }: ResolvedClass): LocalModelPlan {
  requireGenerate(entry, modelClass);
  const config = validate(localModelSchema, entry);
  requireJson(config, entry);
  const own = Object.entries(config).filter(([key]) => !KNOWN.includes(key));
  for (const [key] of own) refuseMisspelling(key, entry);
  return {
    attr: 'local',
    abbr: config.abbr,
    modelClass: ref,
    methods: optionalMethods(modelClass),
    options: {
      ...Object.fromEntries(own.map(([key, value]) => [camelCase(key), value])),
      path: config.path,
      maxOutLen: config.max_out_len,
      batchSize: config.batch_size,
      maxSeqLen: config.max_seq_len,
      tokenizerOnly: config.tokenizer_only,
      ...(config.meta_template === undefined ? {} : { metaTemplate: config.meta_template }),
      generationKwargs: sentKwargs(config.generation_kwargs),
      ...(config.python === undefined ? {} : { python: config.python }),
      further: Object.fromEntries(own),
    },
    concurrency: config.batch_size,
    arrival: { kind: 'closed' },
    attempts: 1,
    ...repetitionsOf(config, entry),
    metaTemplate: config.meta_template,
    fields: shownFields(config),
    origins: originsOf(entry, KNOWN),
  };
}

function requireGenerate(entry: RawEntry, modelClass: ModelClass): void {
  if (typeof (modelClass as LocalModelClass).prototype?.generate === 'function') return;
  throw new AisBenchError('MODEL-IMPL-003', `${modelClass.name} lacks generate`, {
    where: entry.where(['type']),
    cure: 'extend BaseModel and write generate(inputs, maxOutLen, args)',
  });
}

/** Any further key is the class's, but one that is a slip away from ours was meant to be ours. */
function refuseMisspelling(key: string, entry: RawEntry): void {
  if (!KNOWN.some((known) => editDistance(key, known) <= (known.length > 6 ? 2 : 1))) return;
  const { text, where, cure } = unknownKey([key], key, entry, KNOWN);
  throw new AisBenchError('UTILS-CFG-002', text, { where, cure });
}
