/**
 * From rows to prompts (AISBench §3.3, §4.2, §4.3): a dataset's template and worked examples, told in a model's roles.
 */
import type { Row } from '../contract/dataset.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { renderExamples } from './examples.ts';
import { formPrompt } from './form-prompt.ts';
import { mediaError } from './media.ts';
import { type ModelRoles, readMetaTemplate } from './meta-template.ts';
import { hasMedia, readTemplate } from './read-template.ts';
import { fillParts, fillSections, makeRequestTemplate, requestTemplateCfg } from './request-template.ts';
import type { InferCfg, ReaderCfg } from './types.ts';

/**
 * Checks the configs and renders the worked examples once; the function that it returns renders one row. A string template
 * gives a text, a dialogue gives messages (or a text, where the model's meta template has no `api_role`).
 *
 * `metaTemplate` is the model config's `meta_template`; `train` are the train rows after `train_range`.
 * Throws ICLR-TYPE-001 for a malformed template or a column that the rows lack (the latter also from the returned
 * function), ICLR-PARAM-003 for images, video or audio that have no place, ICLR-PARAM-004 for a worked example that does
 * not exist, UTILS-CFG-003 for an unknown type name.
 */
export function promptRenderer(
  inferCfg: InferCfg,
  readerCfg: ReaderCfg,
  metaTemplate: unknown,
  train: readonly Row[],
): (row: Row) => PromptType {
  const roles = readMetaTemplate(metaTemplate);
  const blank = readerCfg.output_column;
  const { cfg, where } = requestTemplateCfg(inferCfg);
  const template = readTemplate(cfg, where, ['PromptTemplate', 'JinjaTemplate', 'MMPromptTemplate']);
  if (hasMedia(template)) assertMediaFits(inferCfg, roles);
  const examples = renderExamples(inferCfg, readerCfg, train);
  const prepared = makeRequestTemplate(template, { readerCfg, roles, examples, blank });
  const { body } = prepared;
  return (row) => {
    prepared.check(row);
    const fill = (text: string) => prepared.fill(text, row, blank);
    if (typeof body === 'string') return fill(body);
    const withParts = fillParts(body, row, (text, own) => prepared.fill(text, own, blank));
    return formPrompt(fillSections(withParts, fill), roles);
  };
}

/** Parts have a place in messages only, and worked examples with parts are none of AISBench's. */
function assertMediaFits({ retriever }: InferCfg, { form }: ModelRoles): void {
  if (retriever.type !== 'ZeroRetriever') {
    throw mediaError('it takes no worked examples: use the ZeroRetriever', 'infer_cfg.retriever.type');
  }
  if (form === 'text') {
    throw mediaError("the model's meta template makes one text: give its roles an api_role", 'meta_template');
  }
}
