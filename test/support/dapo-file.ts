/** Files as DAPO-Math is published, with problems of our own. */
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Row } from '../../src/contract/dataset.ts';

export function dapoRow(
  text: string,
  truth: unknown,
  prompt: unknown = [{ role: 'user', content: text }],
): Row {
  const reward_model = { ground_truth: truth, style: 'rule' };
  return { data_source: 'math_dapo', prompt, ability: 'MATH', reward_model };
}

/** As Hugging Face's files have it: a list of structs, and a struct. */
const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const;
const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 4 },
  { name: 'data_source', ...TEXT },
  { name: 'prompt', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'content', ...TEXT },
  { name: 'role', ...TEXT },
  { name: 'ability', ...TEXT },
  { name: 'reward_model', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'ground_truth', ...TEXT },
  { name: 'style', ...TEXT },
];

/** Parquet, in groups of two rows. */
export function dapoFile(rows: readonly Row[]): Uint8Array {
  const columnData = ['data_source', 'prompt', 'ability', 'reward_model'].map((name) => ({
    name,
    data: rows.map((row) => row[name]),
  }));
  return new Uint8Array(parquetWriteBuffer({ schema: SCHEMA, columnData, rowGroupSize: 2 }));
}
