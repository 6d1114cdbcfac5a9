import type { Row } from '../contract/dataset.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { compileTemplate, type JinjaTemplate } from '../python-data/jinja.ts';
import { isPlainObject, readDialogue, type Section, sectionsOf, textsOf } from './dialogue.ts';
import { mediaError } from './media.ts';
import { type ColumnCheck, fillColumns, placesIn } from './template.ts';
import type { DialogueItem, PromptTemplateCfg, ReaderCfg } from './types.ts';

/** How a template names the row's columns. */
interface Notation {
  /** The text with the row's columns in it; `blank` is the column that is left empty. */
  fill(text: string, row: Row, blank?: string | null): string;
  /** Names in the texts that could be columns. */
  placesIn(texts: readonly string[]): string[];
}

/** AISBench's `{column}`. */
const BRACES: Notation = { fill: fillColumns, placesIn };

/** A name that a Jinja expression begins with. */
const JINJA_PLACE = /\{\{-?\s*([\p{L}_][\p{L}\p{N}_]*)/gu;

/** Jinja: `{{ column }}`, conditions, loops and filters. `fill` throws ICLR-TYPE-001 for a template that cannot be rendered. */
function jinja(where: string): Notation {
  const compiled = new Map<string, JinjaTemplate>();
  const compile = (text: string) => {
    // Jinja drops a template's last line break; in a prompt it counts.
    const known = compiled.get(text) ?? compileTemplate(text.endsWith('\n') ? `${text}\n` : text);
    compiled.set(text, known);
    return known;
  };
  return {
    fill: (text, row, blank) => {
      try {
        return compile(text)({ ...row, ...(typeof blank === 'string' ? { [blank]: '' } : {}) });
      } catch (cause) {
        throw new AisBenchError(
          'ICLR-TYPE-001',
          `the Jinja template cannot be rendered: ${messageOf(cause)}`,
          {
            where,
            cure: 'correct it, or write a PromptTemplate with {column}',
            cause,
          },
        );
      }
    },
    placesIn: (texts) => [
      ...new Set(texts.flatMap((text) => [...text.matchAll(JINJA_PLACE)].map(([, name]) => name!))),
    ],
  };
}

/** The notation of a template of this type; `where` is its key path. */
function notationOf(type: unknown, where: string): Notation {
  return type === 'JinjaTemplate' ? jinja(where) : BRACES;
}

/** A template that is checked: its body, and its texts to look for columns and the token in. */
export interface Template {
  readonly body: string | readonly Section[];
  readonly texts: readonly string[];
  /** Where worked examples go. */
  readonly token: string | undefined;
  /** How it names columns. */
  readonly notation: Notation;
  /** Taken out of every text. */
  readonly separator: string | undefined;
  /** Key path, for errors. */
  readonly where: string;
}

/** Kinds of template, and which inferencer another kind than the first needs. */
const KINDS: Readonly<Record<string, string>> = {
  PromptTemplate: 'GenInferencer',
  JinjaTemplate: 'GenInferencer',
  MultiTurnPromptTemplate: 'MultiTurnGenInferencer',
  MMPromptTemplate: 'GenInferencer',
};

/** Checks a template config; `where` is its key path. Throws ICLR-TYPE-001, or UTILS-CFG-003 for another type. */
export function readTemplate(
  cfg: PromptTemplateCfg,
  where: string,
  kinds: readonly string[] = ['PromptTemplate', 'JinjaTemplate'],
): Template {
  checkKind(cfg.type, where, kinds);
  const path = `${where}.template`;
  if (isLabelled(cfg.template)) {
    const cure = 'choose among labels with the inferencer PPLInferencer, or write one template';
    throw templateError('it has a template for each label', path, cure);
  }
  const template = readBody(cfg.template, cfg, where, path);
  checkMedia(cfg, template);
  return template;
}

/** Whether a message of the template has parts. */
export function hasMedia({ body }: Template): boolean {
  const hasParts = (item: DialogueItem) => typeof item !== 'string' && item.media !== undefined;
  return typeof body !== 'string' && body.some(({ items }) => items.some(hasParts));
}

/** `prompt_mm` and `MMPromptTemplate` belong together (AISBench §4.2). Throws ICLR-PARAM-003 for one without the other. */
function checkMedia({ type }: PromptTemplateCfg, template: Template): void {
  const isNamed = type === 'MMPromptTemplate';
  if (isNamed === hasMedia(template)) return;
  throw mediaError(
    isNamed ? 'no message has prompt_mm' : 'prompt_mm needs the type MMPromptTemplate',
    template.where,
  );
}

/** Checks a config with a template for each label (AISBench §4.2); undefined where it is one template. Throws likewise. */
export function readLabelTemplates(
  cfg: PromptTemplateCfg,
  where: string,
): ReadonlyMap<string, Template> | undefined {
  checkKind(cfg.type, where, ['PromptTemplate', 'JinjaTemplate']);
  const { template } = cfg;
  if (!isLabelled(template)) return undefined;
  const read = ([label, body]: [string, unknown]) => {
    const one = readBody(body, cfg, where, `${where}.template.${label}`);
    checkMedia(cfg, one);
    return [label, one] as const;
  };
  return new Map(Object.entries(template).map(read));
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
    places: placesOf(template),
    declared: typeof output === 'string' ? [...readerCfg.input_columns, output] : readerCfg.input_columns,
    blank,
    where: template.where,
  };
}

/** Names in braces that could be columns. */
export function placesOf(template: Template): string[] {
  return template.notation.placesIn(template.texts.map((text) => withoutTokens(text, template)));
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

function checkKind(type: unknown, where: string, kinds: readonly string[]): void {
  if (type === undefined || kinds.includes(type as string)) return;
  const inferencer = Object.hasOwn(KINDS, String(type)) ? KINDS[String(type)] : undefined;
  const elsewhere = inferencer === undefined ? '' : `, or the inferencer ${inferencer}`;
  const what = inferencer === undefined ? 'there is no template type' : 'this inferencer takes no';
  throw new AisBenchError('UTILS-CFG-003', `${what} '${String(type)}'`, {
    where: `${where}.type`,
    cure: `use ${kinds.join(' or ')}${elsewhere}`,
  });
}

/** A dialogue has rounds, or parts of a dialogue alone; any other table names labels, be one of them `end`. */
function isLabelled(template: unknown): template is Record<string, unknown> {
  if (!isPlainObject(template)) return false;
  const keys = Object.keys(template);
  const isDialogue = keys.includes('round') || keys.every((key) => key === 'begin' || key === 'end');
  return keys.length > 0 && !isDialogue;
}

function readBody(body: unknown, cfg: PromptTemplateCfg, where: string, path: string): Template {
  const token = readToken(cfg.ice_token, `${where}.ice_token`);
  const separator = readToken(cfg.sep_token, `${where}.sep_token`);
  const how = { notation: notationOf(cfg.type, path), token, separator, where: path };
  if (typeof body === 'string') return { body, texts: [body], ...how };
  const dialogue = readDialogue(body, path);
  return { body: sectionsOf(dialogue), texts: textsOf(dialogue), ...how };
}

function readToken(value: unknown, where: string): string | undefined {
  return optionalText(value, where) || undefined;
}
