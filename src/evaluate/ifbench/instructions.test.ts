import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IFBENCH, instructionsOf } from '../evaluators/ifeval.ts';
import type { RuleSet } from '../types.ts';
import { csvRows } from './formats.ts';
import { isOdd } from './word-rules.ts';

const RULES = ['fixed', 'compat'] as const;

function checkOf(rules: RuleSet, id: string, kwargs: object = {}): (reply: string) => boolean {
  const gold = { key: 1, instruction_id_list: [id], kwargs: [kwargs] };
  return instructionsOf(gold, { name: 'IFBench', families: IFBENCH[rules] })[0]!.isFollowed;
}

it('has 58 types under both rule sets', () => {
  for (const rules of RULES)
    expect(Object.values(IFBENCH[rules]).flatMap((family) => Object.keys(family))).toHaveLength(58);
});

/** A made-up reply, and what the authors' code (`fixed`; null: not asked) and AISBench's copy (`compat`) said of it. */
type Recorded = readonly [id: string, kwargs: object, reply: string, fixed: boolean | null, compat: boolean];

it('says what the code of the authors, and AISBench’s, said', () => {
  const file = new URL('../../../test/fixtures/ifbench/verdicts.json', import.meta.url);
  const recorded: Recorded[] = JSON.parse(readFileSync(file, 'utf8'));
  expect(new Set(recorded.map(([id]) => id)).size).toBe(57);
  const wrong = recorded.filter(([id, kwargs, reply, fixed, compat]) => {
    const said = RULES.map((rules) => reply.trim() !== '' && checkOf(rules, id, kwargs)(reply));
    return (fixed !== null && said[0] !== fixed) || said[1] !== compat;
  });
  expect(wrong).toEqual([]);
});

/** Where the two rule sets differ, or differ from code that raises. */
const APART: readonly (readonly [
  id: string,
  kwargs: object,
  reply: string,
  fixed: boolean,
  compat: boolean,
])[] = [
  ['count:person_names', { N: 1 }, 'Miami', false, true],
  ['count:pronouns', { N: 2 }, 'Who is this?', true, false],
  ['sentence:keyword', { word: 'lamp', N: 1 }, 'Two lamps.', false, true],
  ['words:words_position', { keyword: 'lamp' }, 'A Lamp is a lamp now.', true, false],
  ['words:keywords_specific_position', { keyword: 'lamp', n: 1, m: 2 }, 'The, LAMP.', true, false],
  ['repeat:repeat_span', { prompt_to_repeat: 'So it goes on', n_start: 1, n_end: 2 }, 'it goes', true, false],
  ['repeat:repeat_span', { prompt_to_repeat: 'So it goes on', n_start: 3, n_end: 6 }, 'it g', false, true],
  ['ratio:overlap', { reference_text: 'a b c d', percentage: 100 }, 'a b c', true, true],
  ['ratio:overlap', { reference_text: 'abcd', percentage: 100 }, 'abc', false, true],
  ['format:quote_unquote', {}, '12.', true, false],
  ['format:thesis', {}, '<em>So</em> it is.', true, true],
  ['format:thesis', {}, '<em>So</em>', false, false],
  ['format:title_case', {}, 'Plan b', false, true],
  ['format:line_indent', {}, 'a\n\n\n b\n  c', true, true],
  ['words:last_first', {}, 'Go!! Go.', false, false],
  ['ratio:stop_words', { percentage: 50 }, '!!!', false, false],
];

describe('where the rule sets, or code that raises, are apart', () => {
  it.each(APART)('%s %j %j', (id, kwargs, reply, fixed, compat) => {
    expect(RULES.map((rules) => checkOf(rules, id, kwargs)(reply))).toEqual([fixed, compat]);
  });
});

it.each([
  ['Consider the sea.', true],
  ['Conceive that', true],
  ['Water is wet.', false],
  ['Building it takes time.', true],
  ['Is it so?', true],
  ['Nothing is lost.', false],
  ['The sea', false],
  ['**Consider**', false],
  ['Can it be?', false],
])('a verb begins %j: %s', (reply, begins) => {
  expect(checkOf('fixed', 'words:start_verb')(reply)).toBe(begins);
});

it.each([
  ['cat', true],
  ['table', false],
  ['actual', true], // by its list: the rule says two
  ['x1', false],
  ['e', true],
])('the syllables of %j are odd: %s', (word, odd) => {
  expect(isOdd(word)).toBe(odd);
});

describe('csvRows', () => {
  it.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a,"b,c"', [['a', 'b,c']]],
    ['"a\nb",c', [['a\nb', 'c']]],
    ['"a""b"x', [['a"bx']]],
    ['a"b', [['a"b']]],
    ['a\n\nb', [['a'], [], ['b']]],
    ['a,', [['a', '']]],
    ['a\r\nb', [['a'], ['b']]],
    ['"a', [['a']]],
    ['a\rb', undefined], // Python raises
    ['', []],
  ])('%j', (text, rows) => expect(csvRows(text, ',')).toEqual(rows));

  it('reads what is written with all fields in quotes', () => {
    const fields = fc.array(
      fc.string().map((one) => one.replaceAll('\r', '')),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 4 }), (rows) => {
        const text = rows
          .map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join('\t'))
          .join('\n');
        expect(csvRows(text, '\t')).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });
});

it.each([
  ['count:numbers', {}],
  ['repeat:repeat_change', { prompt_to_repeat: ' ' }],
  ['words:keywords_specific_position', { keyword: 'a', n: 1 }],
])('%s with the kwargs %j is an error that names the row', (id, kwargs) => {
  expect(() => checkOf('fixed', id, kwargs)).toThrow(
    expect.objectContaining({ code: 'DSET-DATA-002', where: `IFBench, key 1, ${id}` }),
  );
});
