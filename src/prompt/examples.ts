import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { mapTexts, type Section, spliceExamples } from './dialogue.ts';
import {
  columnCheck,
  optionalText,
  readLabelTemplates,
  readTemplate,
  type Template,
  templateError,
  withoutTokens,
} from './read-template.ts';
import { assertColumns } from './template.ts';
import type { InferCfg, PromptTemplateCfg, ReaderCfg, RetrieverCfg } from './types.ts';

const WHERE = 'infer_cfg.retriever';

/**
 * The rows that are shown as worked examples, the same ones for every sample (AISBench §4.3).
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

/** Worked examples: a text from a string template, sections from a dialogue. Both are empty when there are none. */
export interface Examples {
  readonly text: string;
  readonly sections: readonly Section[];
}

/** Renders the worked examples with all their columns (AISBench §4.3). Throws as `promptRenderer` does. */
export function renderExamples(inferCfg: InferCfg, readerCfg: ReaderCfg, train: readonly Row[]): Examples {
  const { ice_template, retriever } = inferCfg;
  const rows = retrieveExamples(retriever, train);
  if (rows.length === 0) return { text: '', sections: [] };
  if (ice_template === undefined) {
    throw templateError('worked examples have no template', 'infer_cfg', 'give infer_cfg.ice_template');
  }
  const templateOf = exampleTemplates(ice_template, readerCfg);
  const texts: string[] = [];
  const sections: Section[] = [];
  for (const row of rows) {
    const template = templateOf(row);
    assertColumns(row, columnCheck(template, readerCfg));
    const fill = (text: string) => template.notation.fill(withoutTokens(text, template), row);
    if (typeof template.body === 'string') texts.push(fill(template.body));
    else sections.push(...exampleRounds(template.body, fill));
  }
  return { text: texts.length === 0 ? '' : joinExamples(texts, retriever), sections };
}

/** The template of a worked example: the same for all, or that of the label which is the row's answer. */
function exampleTemplates(cfg: PromptTemplateCfg, { output_column }: ReaderCfg): (row: Row) => Template {
  const where = 'infer_cfg.ice_template';
  const byLabel = readLabelTemplates(cfg, where);
  if (byLabel === undefined) {
    const template = readTemplate(cfg, where);
    return () => template;
  }
  return (row) => {
    const label = typeof output_column === 'string' ? String(row[output_column]) : undefined;
    const template = label === undefined ? undefined : byLabel.get(label);
    if (template !== undefined) return template;
    const cure = `name the answer's column as reader_cfg.output_column; the labels are ${[...byLabel.keys()].join(', ')}`;
    throw templateError(`no label is ${JSON.stringify(label)}, a worked example's answer`, where, cure);
  };
}

/** A worked example is told by its rounds alone. */
function exampleRounds(body: readonly Section[], fill: (text: string) => string): Section[] {
  const rounds = body.filter(({ name }) => name === 'round');
  return rounds.map(({ items }) => ({ name: 'ice', items: mapTexts(items, fill) }));
}

/** Throws ICLR-TYPE-001 when the template of the request has no place for the worked examples, or a token that it does not use. */
export function assertExamplesFit(
  { body, texts, token, where }: Template,
  { text, sections }: Examples,
): void {
  const hasPlace = token !== undefined && texts.some((part) => part.includes(token));
  if (token !== undefined && !hasPlace) {
    const cure = `write ${token} where the worked examples go`;
    throw templateError(`its ice_token '${token}' is not in the template`, where, cure);
  }
  if (text !== '' && !hasPlace) {
    const cure = "set ice_token: '</E>' and write </E> where they go";
    throw templateError('there is no place for the worked examples', where, cure);
  }
  const hasOwnItem =
    typeof body !== 'string' && body.some(({ items }) => items.some((item) => item === token));
  if (sections.length > 0 && !hasOwnItem) {
    const cure = "set ice_token: '</E>' and begin: '</E>' in a dialogue template";
    throw templateError('there is no place for the messages of the worked examples', where, cure);
  }
}

/** Puts example messages in the place of the token; example text is filled in with the columns instead. */
export function insertExamples(body: readonly Section[], token: string | undefined, examples: Examples) {
  if (token === undefined || examples.text !== '') return body;
  return body.flatMap((part) => spliceExamples(part, token, examples.sections));
}

function joinExamples(texts: readonly string[], retriever: RetrieverCfg): string {
  const between = optionalText(retriever.ice_separator, 'infer_cfg.retriever.ice_separator') ?? '\n';
  const after = optionalText(retriever.ice_eos_token, 'infer_cfg.retriever.ice_eos_token') ?? '\n';
  return texts.join(between) + after;
}
