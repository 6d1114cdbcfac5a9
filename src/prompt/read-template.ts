import { AisBenchError } from '../errors.ts';
import { readDialogue, type Section, sectionsOf, textsOf } from './dialogue.ts';
import { type ColumnCheck, placesIn } from './template.ts';
import type { PromptTemplateCfg, ReaderCfg } from './types.ts';

/** A template that is checked: its body, and its texts to look for columns and the token in. */
export interface Template {
  readonly body: string | readonly Section[];
  readonly texts: readonly string[];
  /** Where worked examples go. */
  readonly token: string | undefined;
  /** Taken out of every text. */
  readonly separator: string | undefined;
  /** Key path, for errors. */
  readonly where: string;
}

/** Checks a template config; `where` is its key path. Throws ICLR-TYPE-001, or UTILS-CFG-003 for another type. */
export function readTemplate(cfg: PromptTemplateCfg, where: string): Template {
  if (cfg.type !== undefined && cfg.type !== 'PromptTemplate') {
    throw new AisBenchError('UTILS-CFG-003', `there is no template type '${String(cfg.type)}'`, {
      where: `${where}.type`,
      cure: 'use PromptTemplate',
    });
  }
  const token = readToken(cfg.ice_token, `${where}.ice_token`);
  const separator = readToken(cfg.sep_token, `${where}.sep_token`);
  const path = `${where}.template`;
  if (typeof cfg.template === 'string') {
    return { body: cfg.template, texts: [cfg.template], token, separator, where: path };
  }
  const dialogue = readDialogue(cfg.template, path);
  return { body: sectionsOf(dialogue), texts: textsOf(dialogue), token, separator, where: path };
}

/** The text without the marks that are no part of it. */
export function withoutTokens(text: string, { token, separator }: Template): string {
  const tokens = [token, separator].filter((part) => part !== undefined);
  return tokens.reduce((left, part) => left.replaceAll(part, ''), text);
}

/** What the rows of a template must have; `blank` is the column that is left empty. */
export function columnCheck(template: Template, readerCfg: ReaderCfg, blank?: string | null): ColumnCheck {
  const output = readerCfg.output_column;
  return {
    places: placesIn(template.texts.map((text) => withoutTokens(text, template))),
    declared: typeof output === 'string' ? [...readerCfg.input_columns, output] : readerCfg.input_columns,
    blank,
    where: template.where,
  };
}

/** A text of a config, undefined where it is left out. Throws ICLR-TYPE-001 for anything else. */
export function optionalText(value: unknown, where: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw templateError('it is not a text', where, 'give a text in quotes');
}

export function templateError(why: string, where: string, cure: string): AisBenchError {
  return new AisBenchError('ICLR-TYPE-001', `malformed prompt template: ${why}`, { where, cure });
}

function readToken(value: unknown, where: string): string | undefined {
  return optionalText(value, where) || undefined;
}
