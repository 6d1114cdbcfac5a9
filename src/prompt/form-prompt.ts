/** Forms the prompt of a dialogue: messages for a chat model, one text for a model with a meta template. */
import type { ContentPart, Message, PromptList, PromptType } from '../contract/prompt-list.ts';
import type { Section } from './dialogue.ts';
import { type ModelRoles, serviceRole } from './meta-template.ts';
import type { DialogueItem, RoleItem } from './types.ts';

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
