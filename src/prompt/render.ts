/**
 * From rows to prompts (AISBench §3.3, §4.2, §4.3): a dataset's template and worked examples, told in a model's roles.
 */
import type { Row } from '../dataset/types.ts';
import type { PromptType } from '../models/prompt-list.ts';
import { toChatPrompt } from './chat-prompt.ts';
import { mapTexts, type Section } from './dialogue.ts';
import { assertExamplesFit, insertExamples, renderExamples } from './examples.ts';
import { type ModelRoles, readMetaTemplate, settleRoles } from './meta-template.ts';
import { columnCheck, readTemplate, type Template, templateError, withoutTokens } from './read-template.ts';
import { assertColumns, fillColumns } from './template.ts';
import { toTextPrompt } from './text-prompt.ts';
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
  const asked = readAskedTemplate(inferCfg);
  const examples = renderExamples(inferCfg, readerCfg, train);
  assertExamplesFit(asked, examples);
  const check = columnCheck(asked, readerCfg, readerCfg.output_column);
  const fill = textFiller(asked, examples.text, readerCfg.output_column);
  const { body } = asked;
  const sections =
    typeof body === 'string'
      ? []
      : insertExamples(body, asked.token, examples).map((part) => settleRoles(part, roles));
  return (row) => {
    assertColumns(row, check);
    if (typeof body === 'string') return fill(body, row);
    return tell(
      sections.map((part) => fillSection(part, (text) => fill(text, row))),
      roles,
    );
  };
}

function readAskedTemplate({ prompt_template, ice_template }: InferCfg): Template {
  if (prompt_template !== undefined) return readTemplate(prompt_template, 'infer_cfg.prompt_template');
  if (ice_template !== undefined) return readTemplate(ice_template, 'infer_cfg.ice_template');
  throw templateError('there is no prompt_template', 'infer_cfg', 'give infer_cfg.prompt_template');
}

/** Fills a text of the asked template. The examples' text goes in last, so that braces in it stay as they are. */
function textFiller(template: Template, examples: string, blank: string | null | undefined) {
  return (text: string, row: Row): string => {
    const pieces = template.token === undefined ? [text] : text.split(template.token);
    return pieces.map((piece) => fillColumns(withoutTokens(piece, template), row, blank)).join(examples);
  };
}

/** Worked examples are rendered already. */
function fillSection(section: Section, fill: (text: string) => string): Section {
  return section.name === 'ice' ? section : { name: section.name, items: mapTexts(section.items, fill) };
}

function tell(sections: readonly Section[], roles: ModelRoles): PromptType {
  return roles.form === 'chat' ? toChatPrompt(sections, roles) : toTextPrompt(sections, roles);
}
