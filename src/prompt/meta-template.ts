import { AisBenchError } from '../contract/errors.ts';
import { asItems, checkItem, isPlainObject, type Section } from './dialogue.ts';
import type { DialogueItem, MetaRole, MetaTemplate, RoleItem } from './types.ts';

/** AISBench's names for who speaks, as chat services know them; other roles are told as they are (§2.3). */
const SERVICE_ROLES: ReadonlyMap<string, string> = new Map([
  ['HUMAN', 'user'],
  ['BOT', 'assistant'],
  ['SYSTEM', 'system'],
  ['TOOL', 'tool'],
]);

/** Who may speak to a model, and how it is told. */
export interface ModelRoles {
  /** Messages, or one text: AISBench's API and LM template parsers (§3.3). */
  readonly form: 'chat' | 'text';
  /** Roles of a round in their order: a role that does not come later than the one before it opens a new round. */
  readonly order: readonly string[];
  /** Parts of a round, texts and roles, in order. */
  readonly round: readonly (string | MetaRole)[];
  readonly begin: readonly DialogueItem[];
  readonly end: readonly DialogueItem[];
  /** How a role is told; undefined for a role that the model does not know. */
  find(role: string): MetaRole | undefined;
  /** Whether a message of the last round is where generation starts. */
  startsGeneration(item: RoleItem): boolean;
}

/** Without a meta template: HUMAN and BOT take turns, any role may speak, generation starts at BOT's turn, as in AISBench. */
const PLAIN_CHAT: ModelRoles = {
  form: 'chat',
  order: ['HUMAN', 'BOT'],
  round: [],
  begin: [],
  end: [],
  find: (role) => ({ role, api_role: role }),
  startsGeneration: ({ role }) => role === 'BOT',
};

/** Reads a model config's `meta_template`. Throws ICLR-TYPE-001 when it is malformed. */
export function readMetaTemplate(value: unknown): ModelRoles {
  if (value === undefined || value === null) return PLAIN_CHAT;
  const { round, reserved_roles: reserved = [], begin, end } = checkedShape(value);
  const inRound = round.filter((part) => typeof part !== 'string');
  const known = rolesByName([...inRound, ...reserved]);
  return {
    form: formOf([...known.values()]),
    order: inRound.map(({ role }) => role),
    round,
    begin: checkedItems(begin, 'begin'),
    end: checkedItems(end, 'end'),
    find: (role) => known.get(role),
    startsGeneration: ({ role }) => known.get(role)?.generate === true,
  };
}

/** The role's name in a service's messages. */
export function serviceRole(role: string): string {
  return SERVICE_ROLES.get(role) ?? role;
}

/** Gives every message a role that the model knows, or its fallback. Throws ICLR-TYPE-001 where there is neither. */
export function settleRoles(section: Section, roles: ModelRoles): Section {
  const settle = (item: DialogueItem): DialogueItem => {
    if (typeof item === 'string' || roles.find(item.role) !== undefined) return item;
    const fallback = item.fallback_role;
    if (fallback !== undefined && roles.find(fallback) !== undefined) return { ...item, role: fallback };
    throw malformed(
      `it has no role '${item.role}', which the dataset's template uses`,
      'add the role, or give the message a fallback_role',
    );
  };
  return { name: section.name, items: section.items.map(settle) };
}

function checkedShape(value: unknown): MetaTemplate {
  if (!isPlainObject(value) || !Array.isArray(value['round'])) throw malformed('its round is not a list');
  const { reserved_roles: reserved = [] } = value;
  if (!Array.isArray(reserved)) throw malformed('its reserved_roles is not a list');
  for (const part of value['round']) if (typeof part !== 'string') checkRole(part);
  for (const part of reserved) checkRole(part);
  return value as unknown as MetaTemplate;
}

function checkRole(part: unknown): void {
  if (!isPlainObject(part) || typeof part['role'] !== 'string') throw malformed('a part of it has no role');
  for (const key of ['api_role', 'begin', 'end', 'prompt']) {
    if (part[key] !== undefined && typeof part[key] !== 'string') {
      throw malformed(`the ${key} of role ${part['role']} is not a text`);
    }
  }
}

function checkedItems(part: MetaTemplate['begin'], name: string): readonly DialogueItem[] {
  const items = asItems(part);
  for (const item of items) checkItem(item, `meta_template.${name}`);
  return items;
}

function rolesByName(roles: readonly MetaRole[]): ReadonlyMap<string, MetaRole> {
  const known = new Map<string, MetaRole>();
  for (const role of roles) {
    if (known.has(role.role)) throw malformed(`it names the role ${role.role} twice`);
    known.set(role.role, role);
  }
  return known;
}

function formOf(roles: readonly MetaRole[]): 'chat' | 'text' {
  const withName = roles.filter(({ api_role }) => api_role !== undefined).length;
  if (withName !== 0 && withName !== roles.length)
    throw malformed('some of its roles have an api_role and some have not');
  return withName > 0 ? 'chat' : 'text';
}

function malformed(why: string, cure?: string): AisBenchError {
  return new AisBenchError('ICLR-TYPE-001', `the model's meta template does not fit: ${why}`, {
    where: 'meta_template',
    cure:
      cure ??
      "write { round: [{ role: 'HUMAN', api_role: 'HUMAN' }, { role: 'BOT', api_role: 'BOT', generate: true }] }",
  });
}
