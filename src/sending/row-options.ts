/** Columns of a row beside the prompt: how it is sent, and what is right. */
import type { ModelPlan } from '../config/plan.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { Reference } from './model-request.ts';
import type { ShapedDataset } from './shape.ts';

/** The row's own `max_out_len`, for this turn where it is a list of limits; else the model's. */
export function lengthLimit(row: Row, { options }: ModelPlan, turn = 0): number {
  const own = row['max_out_len'];
  return positiveInteger(Array.isArray(own) ? own[turn] : own) ?? options.maxOutLen;
}

/** Column `ignore_eos`: the answer is not to end before the limit, where the model class can ask for that. */
export function fixedLengthOf(row: Row, model: ModelPlan): { fixedLength?: true } {
  return row['ignore_eos'] === true && canFixLength(model) ? { fixedLength: true } : {};
}

/** Finds rows that want an exact length of a model class that cannot ask for it. */
export function lengthFindings([first]: readonly Row[], model: ModelPlan): Finding[] {
  if (first?.['ignore_eos'] !== true || canFixLength(model)) return [];
  return [finding('LENGTH-NOT-FIXED', { class: model.modelClass.name })];
}

function canFixLength(model: ModelPlan): boolean {
  return model.attr === 'service' && model.fixesLength;
}

/** What the dataset class makes of the row for scoring, else the answer's column; and what the row shares with others. */
export function makeReference(row: Row, { type, config }: Omit<ShapedDataset, 'abbr'>): Reference {
  const { output_column } = config.reader_cfg;
  const gold = type.reference?.(row) ?? (output_column === null ? undefined : row[output_column]);
  const source = type.source?.(row);
  return { gold, ...(source === undefined ? {} : { source }) };
}

/**
 * The row's functions (column `tools`, a list or its JSON text), where the model's config has `returns_tool_calls`.
 * Throws DSET-DATA-002 when the column is neither.
 */
export function toolsOf(row: Row, model: ModelPlan): { tools?: readonly unknown[] } {
  const { tools } = row;
  const isSent = model.attr === 'service' && model.sendsTools;
  return !isSent || tools === undefined || tools === null || tools === '' ? {} : { tools: listOf(tools) };
}

/** Whether the row's files go into its requests: the column `mm_type` (`path` or `base64`), as AISBench's datasets call it. */
export function mediaOption({ mm_type }: Row): { inlinesMedia?: true } {
  return mm_type === 'base64' ? { inlinesMedia: true } : {};
}

function listOf(tools: unknown): readonly unknown[] {
  let why = 'it is not a list';
  try {
    const list: unknown = typeof tools === 'string' ? JSON.parse(tools) : tools;
    if (Array.isArray(list)) return list;
  } catch (cause) {
    why = messageOf(cause);
  }
  throw new AisBenchError('DSET-DATA-002', `a row's column tools cannot be read: ${why}`, {
    where: String(JSON.stringify(tools)).slice(0, 200),
    cure: 'give a list of functions in the form of OpenAI, or its JSON text',
  });
}

function positiveInteger(value: unknown): number | undefined {
  const number = Number(value);
  return value !== '' && value !== null && Number.isInteger(number) && number > 0 ? number : undefined;
}
