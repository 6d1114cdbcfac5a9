import type { ContentPart, Message, PromptList } from '../contract/prompt-list.ts';
import type { Section } from './dialogue.ts';
import { type ModelRoles, serviceRole } from './meta-template.ts';
import { splitRounds } from './rounds.ts';
import type { DialogueItem } from './types.ts';

/**
 * The dialogue as messages. It ends where generation starts in the last round, unless it is wanted whole; neighbours of one
 * role become one message, joined by a newline. A text without a role is the user's; AISBench leaves it out with a warning.
 */
export function toChatPrompt(
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
