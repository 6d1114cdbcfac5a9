import type { Section } from './dialogue.ts';
import type { ModelRoles } from './meta-template.ts';
import { splitRounds } from './rounds.ts';
import type { DialogueItem, RoleItem } from './types.ts';

interface OpenText {
  readonly text: string;
  /** Whether the text ends where generation starts. */
  readonly isOpen: boolean;
}

/**
 * The dialogue as one text, each role between its `begin` and `end`. Every round is told with all roles of the meta
 * template; the last one ends after the `begin` of the role that generates, and then nothing follows, unless the dialogue is
 * wanted whole.
 */
export function toTextPrompt(
  sections: readonly Section[],
  roles: ModelRoles,
  extent: 'until-generation' | 'whole' = 'until-generation',
): string {
  const lastRounds = extent === 'whole' ? -1 : sections.findLastIndex(({ name }) => name === 'round');
  let text = toldAlone(roles.begin, roles);
  for (const [index, section] of sections.entries()) {
    const told = tellSection(section, roles, index === lastRounds);
    text += told.text;
    if (told.isOpen) return text;
  }
  return text + toldAlone(roles.end, roles);
}

function tellSection(section: Section, roles: ModelRoles, isLast: boolean): OpenText {
  if (section.name === 'begin' || section.name === 'end') {
    return { text: toldAlone(section.items, roles), isOpen: false };
  }
  const rounds = splitRounds(section.items, roles.order);
  const last = isLast ? rounds.pop() : undefined;
  const text = rounds.map((round) => tellRound(round, roles, false).text).join('');
  if (last === undefined) return { text, isOpen: false };
  const { text: end, isOpen } = tellRound(last, roles, true);
  return { text: text + end, isOpen };
}

/** Items outside the meta template's round, reserved roles and loose texts, stand before it. */
function tellRound(items: readonly DialogueItem[], roles: ModelRoles, generates: boolean): OpenText {
  const isInRound = (item: DialogueItem): item is RoleItem =>
    typeof item !== 'string' && roles.order.includes(item.role);
  const said = new Map(items.filter(isInRound).map(({ role, prompt }) => [role, prompt]));
  let text = toldAlone(
    items.filter((item) => !isInRound(item)),
    roles,
  );
  if (said.size === 0 && !generates) return { text, isOpen: false };
  for (const part of roles.round) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    text += part.begin ?? '';
    if (generates && part.generate === true) return { text, isOpen: true };
    text += (said.get(part.role) ?? part.prompt ?? '') + (part.end ?? '');
  }
  return { text, isOpen: false };
}

function toldAlone(items: readonly DialogueItem[], roles: ModelRoles): string {
  return items
    .map((item) => {
      if (typeof item === 'string') return item;
      const { begin = '', end = '' } = roles.find(item.role) ?? {};
      return `${begin}${item.prompt}${end}`;
    })
    .join('');
}
