import { AisBenchError } from '../contract/errors.ts';
import { mediaTexts, readMedia } from './media.ts';
import type { DialogueItem, DialogueTemplate, RoleItem } from './types.ts';

/** A stretch of a dialogue. Rounds are told by the meta template's order of roles, the other parts item by item. */
export interface Section {
  readonly name: 'begin' | 'ice' | 'round' | 'end';
  readonly items: readonly DialogueItem[];
}

/** Checks a dialogue template's shape. Throws ICLR-TYPE-001; `where` is its key path. */
export function readDialogue(template: unknown, where: string): DialogueTemplate {
  if (!isPlainObject(template)) throw malformed('it is neither a text nor an object', where);
  const strange = Object.keys(template).find((key) => !['begin', 'round', 'end'].includes(key));
  if (strange !== undefined) throw malformed(`it has a part '${strange}'`, where);
  if (!Array.isArray(template['round'])) throw malformed('its round is not a list', where);
  const dialogue = template as unknown as DialogueTemplate;
  const read = partsOf(dialogue).map(([part, items]) => [
    part,
    items.map((item, index) => readItem(item, `${where}.${part}[${index}]`)),
  ]);
  return Object.fromEntries(read);
}

/** An item with its parts' template checked. */
function readItem(item: unknown, where: string): DialogueItem {
  if (!isPlainObject(item) || item['prompt_mm'] === undefined) {
    checkItem(item, where);
    return item as DialogueItem;
  }
  const { prompt_mm, ...rest } = item;
  const read = { ...rest, prompt: '' };
  checkItem(read, where);
  return { ...(read as unknown as RoleItem), media: readMedia(prompt_mm, `${where}.prompt_mm`) };
}

/** All texts of a dialogue template, to look for columns and tokens in. */
export function textsOf(dialogue: DialogueTemplate): string[] {
  return partsOf(dialogue)
    .flatMap(([, items]) => items)
    .flatMap((item) => (typeof item === 'string' ? item : [item.prompt, ...mediaTexts(item.media)]));
}

/** The parts of a dialogue template, in order. */
export function sectionsOf(dialogue: DialogueTemplate): Section[] {
  return partsOf(dialogue).map(([name, items]) => ({ name, items }));
}

/** Applies a change to every text of the items. */
export function mapTexts(items: readonly DialogueItem[], change: (text: string) => string): DialogueItem[] {
  return items.map((item) =>
    typeof item === 'string' ? change(item) : { ...item, prompt: change(item.prompt) },
  );
}

/** Replaces items that are the token alone by the worked examples; the part is cut in two around them. */
export function spliceExamples(section: Section, token: string, examples: readonly Section[]): Section[] {
  const at = section.items.indexOf(token);
  if (at === -1) return [section];
  const { name, items } = section;
  const rest = spliceExamples({ name, items: items.slice(at + 1) }, token, examples);
  return [{ name, items: items.slice(0, at) }, ...examples, ...rest].filter((part) => part.items.length > 0);
}

function partsOf(dialogue: DialogueTemplate): [Exclude<Section['name'], 'ice'>, readonly DialogueItem[]][] {
  return [
    ['begin', asItems(dialogue.begin)],
    ['round', dialogue.round],
    ['end', asItems(dialogue.end)],
  ];
}

/** A part as a list: one text or message may stand without it. */
export function asItems(part: DialogueItem | readonly DialogueItem[] | undefined): readonly DialogueItem[] {
  if (part === undefined) return [];
  return Array.isArray(part) ? part : [part as DialogueItem];
}

/** Throws ICLR-TYPE-001 when an item is neither a text nor a message with a role. */
export function checkItem(item: unknown, where: string): void {
  if (typeof item === 'string') return;
  if (!isPlainObject(item)) throw malformed('an item is neither a text nor a message', where);
  const { role, prompt } = item as Partial<RoleItem>;
  if (typeof role !== 'string' || role === '') throw malformed('a message has no role', where);
  if (typeof prompt !== 'string') throw malformed(`the ${role} message has no text in 'prompt'`, where);
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(why: string, where: string): AisBenchError {
  return new AisBenchError('ICLR-TYPE-001', `malformed dialogue template: ${why}`, {
    where,
    cure: "write { begin?, round: [{ role: 'HUMAN', prompt: '…' }, …], end? }, or one text",
  });
}
