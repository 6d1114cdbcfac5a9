import type { Row } from '../contract/dataset.ts';
import { mapTexts, type Section } from './dialogue.ts';
import { assertExamplesFit, type Examples, insertExamples } from './examples.ts';
import { type FillText, fillMedia } from './media.ts';
import { type ModelRoles, settleRoles } from './meta-template.ts';
import { columnCheck, type Template, templateError, withoutTokens } from './read-template.ts';
import { assertColumns } from './template.ts';
import type { InferCfg, PromptTemplateCfg, ReaderCfg } from './types.ts';

/** The template of a request: examples in place, roles that the model knows, columns still to be filled. */
export interface RequestTemplate {
  readonly body: string | readonly Section[];
  /** Throws ICLR-TYPE-001 when the row lacks a column. */
  check(row: Row): void;
  /** Fills one text; `blank` is the column that stays empty. */
  fill(text: string, row: Row, blank?: string | null): string;
}

interface RequestTemplateOptions {
  readonly readerCfg: ReaderCfg;
  readonly roles: ModelRoles;
  readonly examples: Examples;
  /** The column that may be missing because it is left empty. */
  readonly blank?: string | null | undefined;
}

/** Prepares a template for the samples' columns. Throws ICLR-TYPE-001 where the examples find no place or a role is unknown. */
export function makeRequestTemplate(template: Template, options: RequestTemplateOptions): RequestTemplate {
  const { readerCfg, roles, examples, blank } = options;
  assertExamplesFit(template, examples);
  const columns = columnCheck(template, readerCfg, blank);
  const { body, token } = template;
  return {
    body:
      typeof body === 'string'
        ? body
        : insertExamples(body, token, examples).map((part) => settleRoles(part, roles)),
    check: (row) => assertColumns(row, columns),
    // The examples' text goes in last, so that braces in it stay as they are.
    fill: (text, row, empty) =>
      (token === undefined ? [text] : text.split(token))
        .map((piece) => template.notation.fill(withoutTokens(piece, template), row, empty))
        .join(examples.text),
  };
}

type Templates = Pick<InferCfg, 'prompt_template' | 'ice_template'>;

/** Throws ICLR-TYPE-001 where AISBench has no template for the request either, or no place for worked examples (§4.2). */
export function checkTemplates({ prompt_template, ice_template }: Templates): void {
  if (prompt_template !== undefined && ice_template !== undefined && !prompt_template.ice_token) {
    throw templateError(
      'ice_template is given, and prompt_template has no ice_token: worked examples have no place',
      'infer_cfg.prompt_template.ice_token',
      "set ice_token: '</E>' and write </E> where they go, or take ice_template out",
    );
  }
  requestTemplateCfg({ prompt_template, ice_template });
}

/**
 * Finds the template of the request, and its key path: `prompt_template`, or an `ice_template` with an `ice_token`, which then
 * serves for worked examples and request alike. Throws ICLR-TYPE-001 when there is none.
 */
export function requestTemplateCfg({ prompt_template, ice_template }: Templates): {
  readonly cfg: PromptTemplateCfg;
  readonly where: string;
} {
  if (prompt_template !== undefined) return { cfg: prompt_template, where: 'infer_cfg.prompt_template' };
  if (ice_template === undefined)
    throw templateError(
      'there is no prompt_template',
      'infer_cfg.prompt_template',
      'give infer_cfg.prompt_template',
    );
  if (!ice_template.ice_token) {
    throw templateError(
      'there is no prompt_template, and ice_template has no ice_token',
      'infer_cfg.ice_template.ice_token',
      'give infer_cfg.prompt_template, or set ice_token and write it into ice_template where the worked examples go',
    );
  }
  return { cfg: ice_template, where: 'infer_cfg.ice_template' };
}

/** Fills every text of the sections; worked examples are rendered already. */
export function fillSections(sections: readonly Section[], fill: (text: string) => string): Section[] {
  return sections.map(({ name, items }) => ({ name, items: name === 'ice' ? items : mapTexts(items, fill) }));
}

/** Makes the parts of every message that has a template of them. Throws as `fillMedia` does. */
export function fillParts(sections: readonly Section[], row: Row, fill: FillText): Section[] {
  return sections.map(({ name, items }) => ({
    name,
    items: items.map((item) =>
      typeof item === 'string' || item.media === undefined
        ? item
        : { ...item, parts: fillMedia(item.media, row, fill) },
    ),
  }));
}
