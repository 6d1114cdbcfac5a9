/** A choice between labels (AISBench §4.2, §4.4): for each label the whole text that claims it. */

import { nearest } from '../basics/nearest.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { renderExamples } from './examples.ts';
import { formPrompt } from './form-prompt.ts';
import { type ModelRoles, readMetaTemplate } from './meta-template.ts';
import { placesOf, readLabelTemplates, templateError } from './read-template.ts';
import {
  fillSections,
  makeRequestTemplate,
  type RequestTemplate,
  requestTemplateCfg,
} from './request-template.ts';
import type { InferCfg, ReaderCfg } from './types.ts';

export interface LabelPrompt {
  readonly label: string;
  readonly prompt: PromptType;
}

export interface LabelRenderer {
  /** The labels that a row can have, in order: those whose template names no column that is null in this row. */
  labelsOf(row: Row): readonly string[];
  /** A complete prompt for each of them. Throws ICLR-TYPE-001 for a column that the row lacks. */
  render(row: Row): readonly LabelPrompt[];
}

interface Choice extends RequestTemplate {
  readonly label: string;
  readonly places: readonly string[];
}

/**
 * Checks a config with a template for each label. Nothing is left blank: a label's template says the answer itself.
 * `inferencer.labels` picks labels and their order. Throws as `promptRenderer` does, UTILS-CFG-002 for labels that are not there.
 */
export function labelRenderer(
  inferCfg: InferCfg,
  readerCfg: ReaderCfg,
  metaTemplate: unknown,
  train: readonly Row[],
): LabelRenderer {
  const roles = readMetaTemplate(metaTemplate);
  const { cfg, where } = requestTemplateCfg(inferCfg);
  const templates = readLabelTemplates(cfg, where);
  if (templates === undefined) {
    const cure = "write template: { A: '… {A}', B: '… {B}' }, one whole text for each label";
    throw templateError('PPLInferencer needs a template for each label', `${where}.template`, cure);
  }
  const examples = renderExamples(inferCfg, readerCfg, train);
  const choices = wantedLabels(inferCfg.inferencer.labels, [...templates.keys()]).map((label): Choice => {
    const template = templates.get(label)!;
    return {
      label,
      places: placesOf(template),
      ...makeRequestTemplate(template, { readerCfg, roles, examples }),
    };
  });
  const choicesOf = (row: Row) => choices.filter(({ places }) => !places.some((name) => row[name] === null));
  return {
    labelsOf: (row) => choicesOf(row).map(({ label }) => label),
    render: (row) =>
      choicesOf(row).map((choice) => ({ label: choice.label, prompt: renderChoice(choice, row, roles) })),
  };
}

function renderChoice({ body, check, fill }: Choice, row: Row, roles: ModelRoles): PromptType {
  check(row);
  const filled = (text: string) => fill(text, row);
  return typeof body === 'string' ? filled(body) : formPrompt(fillSections(body, filled), roles, 'whole');
}

function wantedLabels(wanted: unknown, known: readonly string[]): readonly string[] {
  if (wanted === undefined || wanted === null) return known;
  const where = 'infer_cfg.inferencer.labels';
  const labels = Array.isArray(wanted) ? wanted.map(String) : [];
  const missing = labels.find((label) => !known.includes(label));
  if (labels.length > 1 && missing === undefined && new Set(labels).size === labels.length) return labels;
  const near = missing === undefined ? undefined : nearest(missing, known);
  const why =
    missing === undefined ? 'it is not a list of different labels' : `no template has the label "${missing}"`;
  throw new AisBenchError('UTILS-CFG-002', `infer_cfg.inferencer.labels: ${why}`, {
    where,
    cure: near === undefined ? `list at least two of: ${known.join(', ')}` : `did you mean "${near}"?`,
  });
}
