import { createHash } from 'node:crypto';
import type { ServiceModelPlan } from '../config/plan.ts';
import type { Row } from '../dataset/types.ts';
import type { RequestArgs } from '../models/base-api-model.ts';
import type { PromptType } from '../models/prompt-list.ts';
import type { CallRef } from '../record.ts';

/** One request to make: what is asked, and which row it came from. */
export interface Call {
  readonly ref: CallRef;
  readonly prompt: PromptType;
  readonly maxOutLen: number;
  readonly gold: unknown;
  /** Functions that the model may call (the row's column `tools`). */
  readonly tools?: readonly unknown[];
}

/** What a model class is told about a call. */
export function argsOf({ ref, tools }: Call, adapter: string | undefined): RequestArgs {
  const { id, index, repetition, turn = 0 } = ref;
  return {
    index,
    repetition,
    conversationId: id,
    turn,
    ...(adapter === undefined ? {} : { adapter }),
    ...(tools === undefined ? {} : { tools }),
  };
}

/** The rows that are asked, each with its place in the dataset. */
export interface PickedRow {
  readonly index: number;
  readonly row: Row;
}

export interface CallSource {
  readonly model: ServiceModelPlan;
  readonly dataset: string;
  readonly rows: readonly PickedRow[];
  readonly render: (row: Row) => PromptType;
  readonly goldOf: (row: Row) => unknown;
}

/** How many calls a source makes: every row `num_return_sequences` times, repetitions side by side. */
export function callCount({ model, rows }: CallSource): number {
  return rows.length * model.repetitions;
}

/** Call `n`, counted from 0; rendered when it is asked for, so that memory holds what is in flight. */
export function callAt(source: CallSource, n: number): Call {
  const { model, rows } = source;
  const { index, row } = rows[Math.floor(n / model.repetitions)]!;
  const repetition = n % model.repetitions;
  const prompt = source.render(row);
  const maxOutLen = positiveInteger(row['max_out_len']) ?? model.options.maxOutLen;
  const content = [
    model.abbr,
    model.options.model,
    model.options.generationKwargs,
    source.dataset,
    index,
    repetition,
    prompt,
    maxOutLen,
  ];
  const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  return {
    ref: { id, model: model.abbr, dataset: source.dataset, index, repetition },
    prompt,
    maxOutLen,
    gold: source.goldOf(row),
  };
}

function positiveInteger(value: unknown): number | undefined {
  const number = Number(value);
  return value !== '' && value !== null && Number.isInteger(number) && number > 0 ? number : undefined;
}
