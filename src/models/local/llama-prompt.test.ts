import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeModel } from '../../../test/support/fake-llama.ts';
import { chatTokens, cutTo, mergeMessages, textTokens } from './llama-prompt.ts';

const withTemplate = (chat_template: string) => ({
  ...fakeModel,
  fileInfo: { metadata: { tokenizer: { chat_template } } },
});
const messages = [{ role: 'user', content: 'Hi' }];

describe('the tokens of a prompt', () => {
  it('begin with what the model wants there, once', () => {
    const tokens = { ...fakeModel.tokens, bos: 2, shouldPrependBosToken: true };
    expect(textTokens({ ...fakeModel, tokens }, 'a')).toEqual([2, 97]);
    expect(textTokens({ ...fakeModel, tokens }, '\u0002a')).toEqual([2, 97]);
    expect(textTokens({ ...fakeModel, tokens }, '')).toEqual([2]);
    expect(textTokens(fakeModel, 'a')).toEqual([97]);
    expect(() => textTokens(fakeModel, '')).toThrow('The prompt is empty.');
  });

  it('of a dialogue are what the model’s template makes of it', () => {
    const render = (template: string) =>
      String.fromCodePoint(...chatTokens(withTemplate(template), messages));
    const text = render('T:{{ {"messages": messages, "begins": add_generation_prompt} | tojson }}');
    expect(text.startsWith('T:')).toBe(true);
    expect(JSON.parse(text.slice(2))).toEqual({ messages, begins: true });
    expect(render('{{ strftime_now("%Y") }}')).toMatch(/^20\d\d$/);
    const sorted = '{% for key, value in messages[0] | dictsort %}{{ key }}={{ value }};{% endfor %}';
    expect(render(sorted)).toBe('content=Hi;role=user;');
    expect(() => chatTokens(fakeModel, messages)).toThrow('no chat template');
    expect(() => render('{{ messages | nonesuch }}')).toThrow('refuses these messages: ');
    expect(() => render('{{ raise_exception("no such role") }}')).toThrow('no such role');
  });
});

describe('mergedMessages', () => {
  it('takes AISBench’s roles, and joins what one role says', () => {
    const text = (value: string) => [{ type: 'text', text: value }];
    const dialogue = [
      { role: 'SYSTEM', content: 'Be brief.' },
      { role: 'HUMAN', content: 'One' },
      { role: 'user', content: text('two') },
      { role: 'BOT', content: '' },
      { role: 'user', content: 'three' },
    ];
    expect(mergeMessages(dialogue)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'One\ntwo\nthree' },
    ]);
    expect(mergeMessages('Hi')).toEqual(messages);
  });

  it('refuses what is no text', () => {
    const content = [{ type: 'image_url', image_url: { url: 'file:///a.png' } }];
    expect(() => mergeMessages([{ role: 'user', content }])).toThrow('a part "image_url"');
  });
});

describe('cutTo', () => {
  it.each([
    [5, 'none', [1, 2, 3, 4, 5]],
    [3, 'none', [3, 4, 5]],
    [3, 'mid', [1, 2, 5]],
    [4, 'mid', [1, 2, 4, 5]],
    [1, 'mid', [1]],
  ] as const)('to %d of five, %s', (room, mode, expected) => {
    expect(cutTo([1, 2, 3, 4, 5], room, mode)).toEqual(expected);
  });

  it('leaves out one stretch, and as little as it can', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer(), { minLength: 1 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('none', 'mid'),
        (ids, room, mode) => {
          const cut = cutTo(ids, room, mode);
          expect(cut).toHaveLength(Math.min(ids.length, room));
          expect(ids.filter((id) => cut.includes(id))).toEqual(cut);
          const left = ids.filter((id) => !cut.includes(id));
          expect(left.map((id) => ids.indexOf(id) - ids.indexOf(left[0]!))).toEqual([...left.keys()]);
        },
      ),
    );
  });
});
