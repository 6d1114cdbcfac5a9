/**
 * From rows to prompts (AISBench §3.3, §4.2, §4.3): a dataset's template and worked examples, told in a model's roles.
 */
import type { Row } from '../dataset/types.ts';
import type { PromptType } from '../models/prompt-list.ts';
import { askedCfg, askedTemplate, fillSections, tell } from './asked.ts';
import { renderExamples } from './examples.ts';
import { readMetaTemplate } from './meta-template.ts';
import { readTemplate } from './read-template.ts';
import type { InferCfg, ReaderCfg } from './types.ts';

/**
 * Checks the configs and renders the worked examples once; the function that it returns renders one row. A string template
 * gives a text, a dialogue gives messages (or a text, where the model's meta template has no `api_role`).
 *
 * `metaTemplate` is the model config's `meta_template`; `train` are the train rows after `train_range`.
 * Throws ICLR-TYPE-001 for a malformed template or a column that the rows lack (the latter also from the returned
 * function), ICLR-PARAM-004 for a worked example that does not exist, UTILS-CFG-003 for an unknown type name.
 */
export function promptRenderer(
  inferCfg: InferCfg,
  readerCfg: ReaderCfg,
  metaTemplate: unknown,
  train: readonly Row[],
): (row: Row) => PromptType {
  const roles = readMetaTemplate(metaTemplate);
  const blank = readerCfg.output_column;
  const { cfg, where } = askedCfg(inferCfg);
  const template = readTemplate(cfg, where);
  const examples = renderExamples(inferCfg, readerCfg, train);
  const asked = askedTemplate(template, { readerCfg, roles, examples, blank });
  const { body } = asked;
  return (row) => {
    asked.check(row);
    const fill = (text: string) => asked.fill(text, row, blank);
    return typeof body === 'string' ? fill(body) : tell(fillSections(body, fill), roles);
  };
}
