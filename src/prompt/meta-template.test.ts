import { describe, expect, it } from 'vitest';
import { serviceRole } from './meta-template.ts';
import { promptRenderer } from './render.ts';

const said = (role: string, prompt: string, fallback_role?: string) => ({
  role,
  prompt,
  ...(fallback_role === undefined ? {} : { fallback_role }),
});

function render(template: unknown, meta: unknown, examples = false) {
  const ice_template = { template: { round: [said('HUMAN', '{q}'), said('BOT', '{a}')] } };
  const retriever = examples ? { type: 'FixKRetriever', fix_id_list: [0] } : { type: 'ZeroRetriever' };
  const prompt_template = { template, ice_token: examples ? '</E>' : undefined };
  const inferCfg = { prompt_template, ice_template, retriever, inferencer: { type: 'GenInferencer' } };
  const readerCfg = { input_columns: ['q'], output_column: 'a' };
  return promptRenderer(inferCfg, readerCfg, meta, [{ q: 'q0', a: 'a0' }])({ q: 'Q', a: 'A' });
}

const textMeta = {
  begin: '<s>',
  round: [
    { role: 'HUMAN', begin: '<u>', end: '</u>' },
    '\n',
    { role: 'BOT', begin: '<b>', end: '</b>', generate: true },
  ],
  reserved_roles: [{ role: 'SYSTEM', begin: '<sys>', end: '</sys>' }],
  end: '</s>',
};
const chatMeta = {
  round: [
    { role: 'HUMAN', api_role: 'HUMAN' },
    { role: 'BOT', api_role: 'BOT', generate: true },
  ],
  reserved_roles: [{ role: 'SYSTEM', api_role: 'SYSTEM' }],
};

describe('a meta template without api_role', () => {
  it('gives one text that ends where generation starts', () => {
    expect(render({ round: [said('HUMAN', '{q}'), said('BOT', '{a}')] }, textMeta)).toBe('<s><u>Q</u>\n<b>');
    expect(render({ round: [said('HUMAN', '{q}')], end: 'never told' }, textMeta)).toBe('<s><u>Q</u>\n<b>');
  });

  it('tells earlier rounds and examples in full', () => {
    const round = [said('HUMAN', '1'), said('BOT', '2'), said('HUMAN', '{q}')];
    expect(render({ round }, textMeta)).toBe('<s><u>1</u>\n<b>2</b><u>Q</u>\n<b>');
    const template = { begin: [said('SYSTEM', 'Go'), '</E>'], round: [said('HUMAN', '{q}')] };
    expect(render(template, textMeta, true)).toBe('<s><sys>Go</sys><u>q0</u>\n<b>a0</b><u>Q</u>\n<b>');
  });

  it('tells everything when no role generates', () => {
    const meta = { begin: '<s>', round: [{ role: 'HUMAN', begin: '<u>', end: '</u>' }], end: '</s>' };
    expect(render({ begin: 'B', round: [said('HUMAN', '{q}')], end: 'E' }, meta)).toBe('<s>B<u>Q</u>E</s>');
  });

  it('tells a role’s own text where the template has none, and lets reserved roles into a round', () => {
    const meta = {
      round: [{ role: 'RULES', prompt: 'Be kind. ' }, { role: 'HUMAN' }],
      reserved_roles: [{ role: 'SYSTEM' }],
    };
    const round = [said('SYSTEM', 'S '), said('HUMAN', '{q}')];
    expect(render({ round }, meta)).toBe('S Be kind. Q');
  });
});

describe('a meta template with api_role', () => {
  it('gives messages and stops at the generating role of the last round', () => {
    const round = [
      said('HUMAN', '1'),
      said('BOT', '2'),
      said('HUMAN', '{q}'),
      said('BOT', 'The answer is {a}'),
    ];
    expect(render({ begin: [said('SYSTEM', 'Go')], round, end: 'never told' }, chatMeta)).toEqual([
      { role: 'system', content: 'Go' },
      { role: 'user', content: '1' },
      { role: 'assistant', content: '2' },
      { role: 'user', content: 'Q' },
    ]);
  });

  it('wraps a role in its begin and end, joins neighbours, and puts its own begin first', () => {
    const meta = {
      begin: said('SYSTEM', 'Rules'),
      round: [
        { role: 'HUMAN', api_role: 'HUMAN', begin: '[', end: ']' },
        { role: 'BOT', api_role: 'BOT', generate: true },
      ],
      reserved_roles: [{ role: 'NOTE', api_role: 'HUMAN' }],
    };
    expect(render({ begin: [said('NOTE', 'n')], round: [said('HUMAN', '{q}')] }, meta)).toEqual([
      { role: 'system', content: 'Rules' },
      { role: 'user', content: 'n\n[Q]' },
    ]);
  });

  it('puts its end behind a dialogue that is told in full', () => {
    const meta = { round: [{ role: 'HUMAN', api_role: 'HUMAN' }], end: [said('HUMAN', 'Go on.')] };
    expect(render({ round: [said('HUMAN', '{q}')] }, meta)).toEqual([{ role: 'user', content: 'Q\nGo on.' }]);
  });
});

describe('roles', () => {
  it('fall back where the model does not know them', () => {
    const template = { begin: [said('SYSTEM', 'S', 'HUMAN')], round: [said('HUMAN', '{q}')] };
    const { reserved_roles: _, ...meta } = chatMeta;
    expect(render(template, meta)).toEqual([{ role: 'user', content: 'S\nQ' }]);
  });

  it.each([[undefined], ['NOBODY']])('are refused when unknown, fallback %s', (fallback) => {
    const template = { begin: [said('CRITIC', 'x', fallback)], round: [said('HUMAN', '{q}')] };
    expect(() => render(template, chatMeta)).toThrow(
      expect.objectContaining({ code: 'ICLR-TYPE-001', message: expect.stringContaining("'CRITIC'") }),
    );
  });

  it.each([
    ['no round', {}],
    ['a list', []],
    ['a part without role', { round: [{ api_role: 'HUMAN' }] }],
    ['a begin that is no text', { round: [{ role: 'HUMAN', begin: [1] }] }],
    ['a role twice', { round: [{ role: 'HUMAN' }], reserved_roles: [{ role: 'HUMAN' }] }],
    ['reserved roles that are no list', { round: [{ role: 'HUMAN' }], reserved_roles: { role: 'SYSTEM' } }],
    ['api_role for some', { round: [{ role: 'HUMAN', api_role: 'HUMAN' }, { role: 'BOT' }] }],
    ['a begin message without role', { begin: { prompt: 'x' }, round: [{ role: 'HUMAN' }] }],
  ])('of a malformed meta template are refused: %s', (_, meta) => {
    expect(() => render({ round: [said('HUMAN', '{q}')] }, meta)).toThrow(
      expect.objectContaining({ code: 'ICLR-TYPE-001' }),
    );
  });
});

it.each([
  ['HUMAN', 'user'],
  ['critic', 'critic'],
  ['constructor', 'constructor'],
])('the role %s is %s to a service', (role, name) => {
  expect(serviceRole(role)).toBe(name);
});
