import { basename, resolve } from 'node:path';
import { defined } from '../basics/defined.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { CompleteConfig } from './flags.ts';
import type { RawEntry } from './validate.ts';

const FLAG = '--custom-dataset-path';

/** What the first row of a data file says about it. */
export interface DataFile {
  readonly kind: 'mcq' | 'qa';
  /** Letters of the options. */
  readonly options: string;
  readonly hasAnswers: boolean;
}

/**
 * Makes the dataset config of `--custom-dataset-path` (AISBench §4.8); undefined without it, and where `--datasets`
 * names others. Throws TMAN-CMD-001 for the other flags without it, and as the file's reader does.
 */
export async function customDataset(
  flags: CompleteConfig,
  base: string,
  inspect: (file: string) => Promise<DataFile>,
): Promise<RawEntry | undefined> {
  const { customDatasetPath, customDatasetMetaPath, customDatasetDataType } = flags;
  if (customDatasetPath === undefined || flags.datasets.length > 0) {
    if (customDatasetPath === undefined && (customDatasetMetaPath ?? customDatasetDataType) !== undefined) {
      throw new AisBenchError('TMAN-CMD-001', 'no file of a dataset of your own is given', {
        where: FLAG,
        cure: `name the .jsonl, .csv or .parquet file with ${FLAG}`,
      });
    }
    return undefined;
  }
  const path = resolve(base, customDatasetPath);
  const found = await inspect(path);
  const kind = customDatasetDataType ?? found.kind;
  const evaluator =
    kind === 'mcq' ? { type: 'OptionSimAccEvaluator', options: found.options } : { type: 'AccEvaluator' };
  return {
    label: 'datasets.0',
    overridden: {},
    where: () => FLAG,
    values: {
      abbr: basename(path).split('.')[0] || 'custom',
      type: 'CustomDataset',
      path,
      data_type: kind,
      ...defined({
        meta_path: customDatasetMetaPath === undefined ? undefined : resolve(base, customDatasetMetaPath),
      }),
      reader_cfg: { input_columns: ['question', 'choices', 'max_out_len'], output_column: 'answer' },
      infer_cfg: {
        prompt_template: {
          type: 'PromptTemplate',
          template: `Question: {question}\n${kind === 'mcq' ? '{choices}' : ''}Answer: {answer}`,
        },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
      ...(found.hasAnswers ? { eval_cfg: { evaluator } } : {}),
    },
  };
}
