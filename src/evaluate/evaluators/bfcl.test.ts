import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BFCLDataset } from '../../dataset/builtin/instructions.ts';
import type { Grade, RuleSet } from '../types.ts';
import { bfclEvaluator, bfclReply } from './bfcl.ts';

const path = fileURLToPath(new URL('../../../test/fixtures/bfcl', import.meta.url));

async function referenceOf(category: string, index = 0): Promise<object> {
  const { test } = await BFCLDataset.load({ path, roots: [], params: { category } });
  return test[index]!['reference'] as object;
}

interface Reply {
  readonly text?: string;
  readonly tools?: readonly (readonly [name: string, args: string])[];
  readonly rules?: RuleSet;
}

function grade(reference: object, { text = '', tools, rules = 'fixed' }: Reply): Grade {
  const toolCalls = (tools ?? []).map(([name, args]) => ({ name, arguments: args }));
  const gold = { ...reference, asked: tools === undefined ? 'text' : 'tools' };
  return bfclEvaluator.grade({
    answer: text,
    text,
    reference: '',
    gold,
    prompt: [],
    toolCalls,
    rules,
  }) as Grade;
}

const kitchen = await referenceOf('parallel_multiple');
const softly = await referenceOf('parallel_multiple', 1);

describe('calls in a text', () => {
  it.each([
    ["[kitchen.boil(litres=2.0), set_timer(minutes=9, labels=['pasta', 'peas'])]", 'in their order'],
    [
      "set_timer(labels=['PASTA ', 'p-e_a.s'], minutes=9), kitchen.boil(salt=False, litres=2)",
      'in another, no brackets',
    ],
    [
      "```\n[kitchen.boil(litres=4/2), set_timer(minutes=3 * 3, labels=['pasta, and peas'])]\n```",
      'computed',
    ],
  ])('%s: right, %s', (text) => {
    expect(grade(kitchen, { text })).toEqual({ credit: 1 });
  });

  it.each([
    ['[kitchen.boil(litres=2.0)]', /no_order:wrong_count: 1 calls in place of 2/],
    [
      "[kitchen.boil(litres='2.0'), set_timer(minutes=9, labels=['pasta', 'peas'])]",
      /litres: str in place of float/,
    ],
    ['[kitchen.boil(litres=2.0), set_timer(minutes=9)]', /'labels' is left out and is not optional/],
    ['[kitchen.boil(litres=2.0), set_timer(minutes=9, labels=[1, 2])]', /not of the type str/],
    [
      "[kitchen.boil(litres=2.0), set_timer(minutes=9, labels=['peas', 'pasta'])]",
      /none of the right values/,
    ],
    ["[kitchen.boil(litres=2.0), set_timer(labels=['pasta', 'peas'])]", /minutes is missing/],
    [
      "[kitchen.boil(litres=2.0, lid=True), set_timer(minutes=9, labels=['pasta', 'peas'])]",
      /'lid' is expected/,
    ],
    [
      "Sure! [kitchen.boil(litres=2.0), set_timer(minutes=9, labels=['pasta', 'peas'])]",
      /^ast_decoder:decoder_failed/,
    ],
    [
      "```python\n[kitchen.boil(litres=2.0), set_timer(minutes=9, labels=['pasta', 'peas'])]\n```",
      /decoder_failed/,
    ],
  ])('%s: wrong', (text, why) => {
    const { credit, explanation } = grade(kitchen, { text });
    expect(credit).toBe(0);
    expect(explanation).toMatch(why);
  });

  it('compares dicts key by key, a key that is optional may be missing', () => {
    const text = (sound: string) =>
      `[set_timer(minutes=3, sound=${sound}), set_timer(minutes=5, sound={'name': 'Soft'})]`;
    expect(grade(softly, { text: text("{'level': 1, 'name': 'bell'}") }).credit).toBe(1);
    expect(grade(softly, { text: text("{'name': 'loud'}") }).explanation).toMatch(/sound\['name'\]: 'loud'/);
    expect(grade(softly, { text: text("{'level': 1}") }).explanation).toMatch(/the key 'name' is missing/);
    expect(grade(softly, { text: text("{'name': 'soft', 'pan': 0}") }).explanation).toMatch(/no key 'pan'/);
  });
});

describe('tool calls', () => {
  it('are right by their JSON; points in names are `_`', () => {
    const timer = ['set_timer', '{"minutes": 9, "labels": ["pasta", "peas"]}'] as const;
    expect(grade(kitchen, { tools: [['kitchen_boil', '{"litres": 2}'], timer] })).toEqual({ credit: 1 });
    expect(grade(kitchen, { tools: [timer, ['kitchen_boil', '{"litres": 2.0}']] })).toEqual({ credit: 1 });
    expect(grade(kitchen, { tools: [['kitchen.boil', '{"litres": 2}'], timer] }).credit).toBe(0);
  });

  it('an integer is no float and a float no integer', () => {
    const tools = (minutes: string) => [
      ['set_timer', `{"minutes": ${minutes}, "labels": ["pasta", "peas"]}`] as const,
      ['kitchen_boil', '{"litres": 2}'] as const,
    ];
    expect(grade(kitchen, { tools: tools('9') }).credit).toBe(1);
    expect(grade(kitchen, { tools: tools('9.0') }).explanation).toMatch(/minutes: float in place of int/);
    expect(grade(kitchen, { tools: tools('true') }).explanation).toMatch(/minutes: bool in place of int/);
  });

  it('broken arguments are told apart from wrong ones', () => {
    expect(grade(kitchen, { tools: [['f', '{"a": ']] }).explanation).toMatch(/^ast_decoder:decoder_failed/);
    expect(grade(kitchen, { tools: [['f', '[1]']] }).explanation).toMatch(
      /wrong_output_format: the arguments of f/,
    );
  });

  it('where there are none, AISBench takes JSON of the text', () => {
    const text =
      '[{"kitchen_boil": {"litres": 2}}, {"set_timer": "{\\"minutes\\": 9, \\"labels\\": [\\"pasta\\", \\"peas\\"]}"}]';
    expect(grade(kitchen, { text, tools: [], rules: 'compat' }).credit).toBe(1);
    expect(grade(kitchen, { text, tools: [] }).explanation).toMatch(/a text and no tool call/);
  });
});

describe('relevance', () => {
  it('where no function fits, right is a reply without a call', async () => {
    const planet = await referenceOf('irrelevance');
    for (const text of ['Jupiter.', '', '[]', 'None of these (functions) fits.']) {
      expect(grade(planet, { text }), text).toEqual({ credit: 1 });
    }
    expect(grade(planet, { text: 'Jupiter.', tools: [] })).toEqual({ credit: 1 });
    expect(grade(planet, { text: 'largest(of="planets")' }).explanation).toMatch(
      /^irrelevance_error:decoder_success/,
    );
    expect(grade(planet, { tools: [['set_timer', '{}']] }).credit).toBe(0);
    const opposite = { ...planet, category: 'live_relevance' };
    expect(grade(opposite, { text: 'Jupiter.' }).explanation).toMatch(/^relevance_error:decoder_failed/);
    expect(grade(opposite, { text: 'anything()' })).toEqual({ credit: 1 });
  });

  it('takes the whole reply, an empty one too', () => {
    expect(bfclReply.fixed('')).toEqual({ answer: '', rule: 'reply', span: [0, 0] });
    expect(bfclReply.compat('\n f(a=1)\n')).toEqual({ answer: 'f(a=1)', rule: 'reply', span: [2, 8] });
  });
});

describe('Java and JavaScript', () => {
  it('Java: texts that hold literals', async () => {
    const lists = await referenceOf('java');
    const tools = (items: string, count = '3') => [
      ['Lists_keep', JSON.stringify({ items, count, order: 'Order.UP' })] as const,
    ];
    expect(grade(lists, { tools: tools('new ArrayList<>(Arrays.asList("ann", "bo"))') })).toEqual({
      credit: 1,
    });
    expect(
      grade(lists, { tools: tools('new ArrayList<String>() {{ add("ann"); add("bo"); }}') }).credit,
    ).toBe(1);
    expect(grade(lists, { tools: tools('new String[]{"ann", "bo"}') }).credit).toBe(0);
    expect(grade(lists, { tools: tools('new ArrayList<>(Arrays.asList("ann", "bo"))', '3L') }).credit).toBe(
      0,
    );
    expect(grade(lists, { tools: [['Lists_keep', '{"count": 3, "items": "[]"}']] }).explanation).toMatch(
      /count: int in place of/,
    );
    const text = '[Lists.keep(items=new ArrayList<>(Arrays.asList("ann", "bo")), count=3, order=Order.UP)]';
    expect(grade(lists, { text })).toEqual({ credit: 1 });
    expect(grade(lists, { text: text.replace('count=3', 'count=[3]') }).explanation).toMatch(
      /decoder_failed/,
    );
  });

  it('JavaScript', async () => {
    const draw = await referenceOf('javascript');
    const tools = (at: string, style = '{"border": "red"}') => [
      ['draw', JSON.stringify({ at, style })] as const,
    ];
    expect(grade(draw, { tools: tools('[1.5, 2.0]') })).toEqual({ credit: 1 });
    expect(grade(draw, { tools: tools('new Array(1.5, 2)', "{'border': 'red'}") })).toEqual({ credit: 1 });
    expect(grade(draw, { tools: tools('[1.5]') }).credit).toBe(0);
    expect(grade(draw, { text: '[draw(at=[1.5, 2.0], style={border: "red"})]' })).toEqual({ credit: 1 });
    expect(grade(draw, { text: '[draw(at=[1.5, 2.0], style={border: "red"})' }).credit).toBe(1);
    expect(grade(draw, { text: '[draw(at=[1.5, 2.0] style={})]' }).explanation).toMatch(/decoder_failed/);
  });
});

it('a gold of another dataset is refused', () => {
  const sample = { answer: '', text: '', reference: '', prompt: [], toolCalls: [], rules: 'fixed' } as const;
  expect(() => bfclEvaluator.grade({ ...sample, gold: '18' })).toThrow(/not one of BFCL/);
});
