/** From samples to prompts (AISBench §3.3, §4.2, §4.3, §4.4): a dataset's template and worked examples in the roles of a model. */

import { nearest } from '../basics/nearest.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { ContentPart, Message, PromptList, PromptType } from '../contract/prompt-list.ts';
import type { Section } from './dialogue.ts';
import { renderExamples } from './examples.ts';
import { mediaError } from './media.ts';
import { type ModelRoles, readMetaTemplate, serviceRole } from './meta-template.ts';
import { hasMedia, placesOf, readLabelTemplates, readTemplate, templateError } from './read-template.ts';
import {
  fillParts,
  fillSections,
  makeRequestTemplate,
  type RequestTemplate,
  requestTemplateCfg,
} from './request-template.ts';
import type { DialogueItem, InferCfg, ReaderCfg, RoleItem } from './types.ts';

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

// A choice between labels (AISBench §4.2, §4.4): for each label the whole text that claims it.

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

// Forms the prompt of a dialogue: messages for a chat model, one text for a model with a meta template.

/**
 * Cuts a dialogue into rounds: a new one begins with a role that does not come later in `order` than the role before it
 * (AISBench §3.3). Texts without a role and roles outside the order belong to the round of the role after them.
 */
export function splitRounds(items: readonly DialogueItem[], order: readonly string[]): DialogueItem[][] {
  const rounds: DialogueItem[][] = [];
  let loose: DialogueItem[] = [];
  let last = -1;
  for (const item of items) {
    const place = typeof item === 'string' ? -1 : order.indexOf(item.role);
    if (place === -1) {
      loose.push(item);
      continue;
    }
    if (rounds.length === 0 || place <= last) rounds.push([]);
    rounds.at(-1)!.push(...loose, item);
    loose = [];
    last = place;
  }
  if (rounds.length === 0) return loose.length === 0 ? [] : [loose];
  rounds.at(-1)!.push(...loose);
  return rounds;
}

/**
 * The dialogue as messages. It ends where generation starts in the last round, unless it is wanted whole; neighbours of one
 * role become one message, joined by a newline. A text without a role is the user's; AISBench leaves it out with a warning.
 */
function toChatPrompt(
  sections: readonly Section[],
  roles: ModelRoles,
  extent: 'until-generation' | 'whole' = 'until-generation',
): PromptList {
  const { items, isOpen } =
    extent === 'whole'
      ? { items: sections.flatMap((section) => section.items), isOpen: false }
      : untilGeneration(sections, roles);
  const all = [...roles.begin, ...items, ...(isOpen ? [] : roles.end)];
  return mergeNeighbours(all.flatMap((item) => toMessage(item, roles)));
}

function untilGeneration(sections: readonly Section[], roles: ModelRoles) {
  const lastRounds = sections.findLastIndex(({ name }) => name === 'round');
  const items: DialogueItem[] = [];
  for (const [index, section] of sections.entries()) {
    const rounds = splitRounds(section.items, roles.order);
    const last = index === lastRounds ? (rounds.pop() ?? []) : [];
    items.push(...rounds.flat());
    const stop = last.findIndex((item) => typeof item !== 'string' && roles.startsGeneration(item));
    if (stop !== -1) return { items: [...items, ...last.slice(0, stop)], isOpen: true };
    items.push(...last);
  }
  return { items, isOpen: false };
}

function toMessage(item: DialogueItem, roles: ModelRoles): Message[] {
  if (typeof item === 'string') {
    const user = roles.find('HUMAN')?.api_role ?? 'HUMAN';
    return item.trim() === '' ? [] : [{ role: serviceRole(user), content: item }];
  }
  const { api_role, begin = '', end = '' } = roles.find(item.role) ?? { role: item.role };
  const content =
    item.parts === undefined
      ? `${begin}${item.prompt}${end}`
      : [...partsOf(begin), ...item.parts, ...partsOf(end)];
  return [{ role: serviceRole(api_role ?? item.role), content }];
}

function mergeNeighbours(messages: readonly Message[]): Message[] {
  const merged: Message[] = [];
  for (const message of messages) {
    const before = merged.at(-1);
    if (before?.role !== message.role) merged.push(message);
    else merged[merged.length - 1] = { role: message.role, content: joined(before.content, message.content) };
  }
  return merged;
}

function joined(first: Message['content'], second: Message['content']): Message['content'] {
  const areTexts = typeof first === 'string' && typeof second === 'string';
  return areTexts ? `${first}\n${second}` : [...partsOf(first), ...partsOf(second)];
}

function partsOf(content: Message['content']): readonly ContentPart[] {
  if (typeof content !== 'string') return content;
  return content === '' ? [] : [{ type: 'text', text: content }];
}

interface OpenText {
  readonly text: string;
  /** Whether the text ends where generation starts. */
  readonly isOpen: boolean;
}

/**
 * The dialogue as one text, each role between its `begin` and `end`. Every round has all roles of the meta
 * template; the last one ends after the `begin` of the role that generates, and then nothing follows, unless the dialogue is
 * wanted whole.
 */
function toTextPrompt(
  sections: readonly Section[],
  roles: ModelRoles,
  extent: 'until-generation' | 'whole' = 'until-generation',
): string {
  const lastRounds = extent === 'whole' ? -1 : sections.findLastIndex(({ name }) => name === 'round');
  let text = textAlone(roles.begin, roles);
  for (const [index, section] of sections.entries()) {
    const part = sectionText(section, roles, index === lastRounds);
    text += part.text;
    if (part.isOpen) return text;
  }
  return text + textAlone(roles.end, roles);
}

function sectionText(section: Section, roles: ModelRoles, isLast: boolean): OpenText {
  if (section.name === 'begin' || section.name === 'end') {
    return { text: textAlone(section.items, roles), isOpen: false };
  }
  const rounds = splitRounds(section.items, roles.order);
  const last = isLast ? rounds.pop() : undefined;
  const text = rounds.map((round) => roundText(round, roles, false).text).join('');
  if (last === undefined) return { text, isOpen: false };
  const { text: end, isOpen } = roundText(last, roles, true);
  return { text: text + end, isOpen };
}

/** Items outside the meta template's round, reserved roles and loose texts, stand before it. */
function roundText(items: readonly DialogueItem[], roles: ModelRoles, generates: boolean): OpenText {
  const isInRound = (item: DialogueItem): item is RoleItem =>
    typeof item !== 'string' && roles.order.includes(item.role);
  const prompts = new Map(items.filter(isInRound).map(({ role, prompt }) => [role, prompt]));
  let text = textAlone(
    items.filter((item) => !isInRound(item)),
    roles,
  );
  if (prompts.size === 0 && !generates) return { text, isOpen: false };
  for (const part of roles.round) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    text += part.begin ?? '';
    if (generates && part.generate === true) return { text, isOpen: true };
    text += (prompts.get(part.role) ?? part.prompt ?? '') + (part.end ?? '');
  }
  return { text, isOpen: false };
}

function textAlone(items: readonly DialogueItem[], roles: ModelRoles): string {
  return items
    .map((item) => {
      if (typeof item === 'string') return item;
      const { begin = '', end = '' } = roles.find(item.role) ?? {};
      return `${begin}${item.prompt}${end}`;
    })
    .join('');
}

/** Forms a dialogue as a model takes it: up to where generation starts, or whole. */
export function formPrompt(
  sections: readonly Section[],
  roles: ModelRoles,
  extent: 'until-generation' | 'whole' = 'until-generation',
): PromptType {
  return roles.form === 'chat'
    ? toChatPrompt(sections, roles, extent)
    : toTextPrompt(sections, roles, extent);
}
