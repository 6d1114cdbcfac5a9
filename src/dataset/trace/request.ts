import type { Row } from '../../contract/dataset.ts';
import { badRow } from '../read.ts';

/** Tokens that one hash stands for. */
export const BLOCK_TOKENS = 512;

/** One line of a trace. */
export interface TraceRequest {
  /** Tokens of the prompt, where the trace has no text. */
  readonly inputLength: number;
  readonly text: string | undefined;
  /** Tokens to generate, at least 1. */
  readonly outputLength: number;
  /** ms from the start of the trace. */
  readonly timestamp: number | undefined;
  /** One for every block of the prompt, the last of which may be shorter. */
  readonly hashIds: readonly number[] | undefined;
}

/** Checks `{input_length | input_text, output_length, timestamp?, hash_ids?}`. Throws DSET-DATA-002 naming `where`. */
export function toTraceRequest(row: Row, where: string): TraceRequest {
  const { input_text: text, hash_ids: ids, timestamp } = row;
  if (text !== undefined && typeof text !== 'string') throw badRow(where, "its 'input_text' is no text");
  const inputLength = text === undefined ? whole(row, 'input_length', 1, where) : 0;
  const outputLength = row['output_length'] === undefined ? 0 : whole(row, 'output_length', 0, where);
  if (
    timestamp !== undefined &&
    !(typeof timestamp === 'number' && timestamp >= 0 && Number.isFinite(timestamp))
  )
    throw badRow(where, "its 'timestamp' is no number of milliseconds ≥ 0");
  if (ids !== undefined && !isHashIds(ids))
    throw badRow(where, "its 'hash_ids' are no list of whole numbers");
  const hashIds = ids === undefined || ids.length === 0 || text !== undefined ? undefined : ids;
  if (hashIds !== undefined) checkLastBlock(inputLength, hashIds.length, where);
  return { inputLength, text, outputLength: outputLength || 1, timestamp, hashIds };
}

function whole(row: Row, key: string, min: number, where: string): number {
  const value = row[key];
  if (Number.isInteger(value) && (value as number) >= min) return value as number;
  throw badRow(where, `its '${key}' is no whole number ≥ ${min}`);
}

function isHashIds(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((id) => Number.isInteger(id));
}

function checkLastBlock(inputLength: number, blocks: number, where: string): void {
  const last = inputLength - BLOCK_TOKENS * (blocks - 1);
  if (last >= 1 && last <= BLOCK_TOKENS) return;
  throw badRow(
    where,
    `${blocks} hash_ids of ${BLOCK_TOKENS} tokens do not fit an input_length of ${inputLength}`,
  );
}
