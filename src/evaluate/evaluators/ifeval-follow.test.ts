import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { follow, instructionsOf, looseVariants } from './ifeval.ts';

const one = (id: string, kwargs: Record<string, unknown> = {}) =>
  instructionsOf({ key: 1, instruction_id_list: [id], kwargs: [kwargs] });

describe('follow', () => {
  it.each([
    ['as it is', 'My answer is yes.', 'detectable_format:constrained_response', true, true],
    ['first line dropped', 'Sure, here it is:\n{"a": 1}', 'detectable_format:json_format', false, true],
    ['last line dropped', '"So it is."\nDone!', 'startend:quotation', false, true],
    ['both dropped', 'Sure:\n"So it is."\nDone!', 'startend:quotation', false, true],
    ['stars removed', '*"So it is."*', 'startend:quotation', false, true],
    ['both and stars', 'Sure:\n**"So it is."**\nDone!', 'startend:quotation', false, true],
    ['nothing helps', 'Sure:\n\n"So it is."\nDone!\n.', 'startend:quotation', false, false],
  ])('%s', (_, reply, id, strict, loose) => {
    expect(follow(reply, one(id))).toEqual([{ id, strict, loose }]);
  });

  it.each(['', '  \n\t '])('a blank reply %j follows nothing', (reply) => {
    expect(follow(reply, one('punctuation:no_comma'))).toMatchObject([{ strict: false, loose: false }]);
  });

  it('a text that is blank without its lines or stars follows nothing', () => {
    expect(follow('a,b', one('punctuation:no_comma'))).toMatchObject([{ loose: false }]);
    expect(follow('***,***', one('punctuation:no_comma'))).toMatchObject([{ loose: false }]);
  });
});

it('leaves seven texts', () => {
  expect(looseVariants('a*\n b\nc')).toEqual(['b\nc', 'a*\n b', 'b', 'a\n b\nc', 'b\nc', 'a\n b', 'b']);
});

const texts = ['One two. ', 'THREE! ', 'SECTION 1', '<<a>>', '[x]', 'é', ',', '"'];
const marks = ['* ', '**', '***', '- ', '\n', '\n\n'];
const pieces = fc.constantFrom(...texts, ...marks);
const replies = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
const limits = fc.nat(6);

const INSTRUCTIONS = (n: number) =>
  instructionsOf({
    key: 1,
    instruction_id_list: [
      'detectable_format:number_bullet_lists',
      'detectable_format:title',
      'length_constraints:number_paragraphs',
      'startend:quotation',
      'punctuation:no_comma',
      'detectable_format:multiple_sections',
    ],
    kwargs: [
      { num_bullets: n },
      {},
      { num_paragraphs: n },
      {},
      {},
      { section_spliter: 'SECTION', num_sections: n },
    ],
  });

it('what is followed strictly is followed loosely', () => {
  fc.assert(
    fc.property(replies, limits, (reply, n) => {
      for (const { strict, loose } of follow(reply, INSTRUCTIONS(n))) expect(loose || !strict).toBe(true);
    }),
    { numRuns: 100 },
  );
});

it.each([
  ['keywords:frequency', (n: number) => ({ keyword: 'one', frequency: n }), 'relation'],
  ['keywords:letter_frequency', (n: number) => ({ letter: 'e', let_frequency: n }), 'let_relation'],
  ['length_constraints:number_words', (n: number) => ({ num_words: n }), 'relation'],
  ['length_constraints:number_sentences', (n: number) => ({ num_sentences: n }), 'relation'],
  ['change_case:capital_word_frequency', (n: number) => ({ capital_frequency: n }), 'capital_relation'],
])('%s: a reply has at least n, or less than n', (id, kwargs, relation) => {
  fc.assert(
    fc.property(replies, limits, (reply, n) => {
      const [atLeast] = one(id, { ...kwargs(n), [relation]: 'at least' });
      const [lessThan] = one(id, { ...kwargs(n), [relation]: 'less than' });
      expect(atLeast!.isFollowed(reply)).toBe(!lessThan!.isFollowed(reply));
    }),
    { numRuns: 40 },
  );
});

/** Made-up replies, and what the authors' code in lm-eval 0.4.13, with nltk's Punkt, said of each: strict, loose. */
type Recorded = readonly [
  id: string,
  kwargs: Record<string, unknown>,
  reply: string,
  strict: boolean,
  loose: boolean,
];

it('says what the authors’ code said', () => {
  const file = new URL('../../../test/fixtures/ifeval/verdicts.json', import.meta.url);
  const recorded: Recorded[] = JSON.parse(readFileSync(file, 'utf8'));
  expect(new Set(recorded.map(([id]) => id)).size).toBe(22);
  const wrong = recorded.filter(([id, kwargs, reply, strict, loose]) => {
    const [followed] = follow(reply, one(id, kwargs));
    return followed?.strict !== strict || followed.loose !== loose;
  });
  expect(wrong).toEqual([]);
});
