import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { RetrieverCfg } from './types.ts';

const WHERE = 'infer_cfg.retriever';

/**
 * The rows that are shown as worked examples, the same ones with every asked row (AISBench §4.3).
 * Throws UTILS-CFG-003 for an unknown retriever, ICLR-PARAM-004 for a row that the train split has not.
 */
export function retrieveExamples(cfg: RetrieverCfg, train: readonly Row[]): readonly Row[] {
  switch (cfg.type) {
    case 'ZeroRetriever':
      return [];
    case 'FixKRetriever':
      return fixedRows(cfg.fix_id_list, train);
    default:
      throw new AisBenchError('UTILS-CFG-003', `there is no retriever '${String(cfg.type)}'`, {
        where: `${WHERE}.type`,
        cure: 'use ZeroRetriever (no worked examples) or FixKRetriever (the rows of fix_id_list)',
      });
  }
}

function fixedRows(ids: unknown, train: readonly Row[]): readonly Row[] {
  if (!Array.isArray(ids)) {
    throw new AisBenchError('ICLR-PARAM-004', 'FixKRetriever needs a list of train rows', {
      where: `${WHERE}.fix_id_list`,
      cure: 'give fix_id_list, for example [0, 1, 2, 3]',
    });
  }
  return ids.map((id: unknown) => {
    const row = Number.isInteger(id) && (id as number) >= 0 ? train[id as number] : undefined;
    if (row === undefined) throw noSuchRow(id, train.length);
    return row;
  });
}

function noSuchRow(id: unknown, trainRows: number): AisBenchError {
  const where = `${WHERE}.fix_id_list`;
  if (trainRows === 0) {
    return new AisBenchError(
      'ICLR-PARAM-004',
      `worked example ${String(id)} is asked for, but there are no train rows`,
      {
        where,
        cure: "put the dataset's train file (train.jsonl) beside its test file, or use a config without worked examples",
      },
    );
  }
  return new AisBenchError('ICLR-PARAM-004', `the train split has no row ${String(id)}`, {
    where,
    cure: `use row numbers from 0 to ${trainRows - 1} (after train_range)`,
  });
}
