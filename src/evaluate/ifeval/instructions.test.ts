import { describe, expect, it } from 'vitest';
import { FAMILIES, instructionsOf } from '../evaluators/ifeval.ts';

type Example = readonly [kwargs: Record<string, unknown>, reply: string, isFollowed: boolean];

const limits = (n: number) => ({ frequency: n, num_words: n, num_sentences: n });
const atLeast = (n: number) => ({ relation: 'at least', ...limits(n) });
const lessThan = (n: number) => ({ relation: 'less than', ...limits(n) });
const letters = (letter: string, let_relation: string, let_frequency: number) => ({
  ...{ letter, let_relation, let_frequency },
});
const capitals = (capital_relation: string, capital_frequency: number) => ({
  ...{ capital_relation, capital_frequency },
});
const first = (num_paragraphs: number, nth_paragraph: number, first_word: string) => ({
  ...{ num_paragraphs, nth_paragraph, first_word },
});
const sections = (section_spliter: string, num_sections: number) => ({ section_spliter, num_sections });

const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  'keywords:existence': [
    [{ keywords: ['cat', 'Dog'] }, 'A CAT and a dog.', true],
    [{ keywords: ['cat', 'dog'] }, 'A cat.', false],
    [{ keywords: ['cat'] }, 'To concatenate.', true], // inside of a word too
    [{ keywords: ['a.c'] }, 'abc', false],
  ],
  'keywords:frequency': [
    [{ keyword: 'sun', ...atLeast(3) }, 'Sun, sunny, SUN', true],
    [{ keyword: 'sun', ...atLeast(3) }, 'Sun, sunny', false],
    [{ keyword: 'sun', ...lessThan(3) }, 'Sun, sunny', true],
    [{ keyword: 'sun', ...lessThan(3) }, 'sunsunsun', false],
    [{ keyword: ' aa ', ...atLeast(2) }, 'aaa', false], // matches do not overlap; space around the keyword goes
  ],
  'keywords:forbidden_words': [
    [{ forbidden_words: ['rock'] }, 'Rocks, rocket, rock_2', true], // only where it stands alone
    [{ forbidden_words: ['rock'] }, 'A ROCK!', false],
    [{ forbidden_words: ['sand', 'rock'] }, 'hard-rock', false],
    [{ forbidden_words: ['rock'] }, 'rocké', true],
    [{ forbidden_words: ['it'] }, 'ıt', false], // Python takes ı for an i where case is ignored
  ],
  'keywords:letter_frequency': [
    [letters('Q', 'at least', 2), 'Quick queen', true],
    [letters('q', 'at least', 3), 'Quick queen', false],
    [letters('q', 'less than', 2), 'quick', true],
    [letters('q', 'less than', 1), 'Q', false],
    [letters('#', 'at least', 2), '## heading', true],
    [letters('!', 'less than', 1), 'Ho!', false],
  ],
  'language:response_language': [
    [{ language: 'de' }, 'Das ist ein Satz, der nicht auf Englisch geschrieben wurde.', true],
    [{ language: 'de' }, 'This is a sentence that was not written in German.', false],
    [{ language: 'ko' }, '저는 오늘 아침에 커피를 마셨습니다.', true],
    [{ language: 'hi' }, '123 !!!', true], // no letters: cannot be told, and counts as followed
  ],
  'length_constraints:number_sentences': [
    [atLeast(2), 'One. Two!', true],
    [atLeast(3), 'One. Two!', false],
    [lessThan(2), 'Mr. Smith came at 5 p.m. to eat', true],
    [lessThan(2), 'He came. He ate.', false],
  ],
  'length_constraints:number_words': [
    [atLeast(4), "It's two-fold", true], // it s two fold
    [atLeast(5), "It's two-fold", false],
    [lessThan(3), 'snake_case 3.5', false],
    [lessThan(3), 'snake_case 35', true],
    [atLeast(2), 'हिन्दी', true], // vowel signs end a word
  ],
  'length_constraints:number_paragraphs': [
    [{ num_paragraphs: 2 }, 'One\n***\nTwo', true],
    [{ num_paragraphs: 2 }, '***\nOne\n***\nTwo\n***\n', true],
    [{ num_paragraphs: 2 }, 'One\n\nTwo', false], // a blank line divides nothing
    [{ num_paragraphs: 1 }, 'One\n\nTwo', true],
    [{ num_paragraphs: 3 }, 'One\n***\n***\nTwo', false], // a blank one in the middle
    [{ num_paragraphs: 2 }, 'One *** Two *** Three', false],
  ],
  'length_constraints:nth_paragraph_first_word': [
    [first(2, 2, 'Then'), 'First this.\n\nThen that.', true],
    [first(2, 2, 'then'), 'First this.\n\n"THEN", he said.', true],
    [first(2, 2, 'then'), "First this.\n\n'then' he said.", true],
    [first(2, 2, 'then'), 'First this.\n\nThenceforth.', false],
    [first(3, 2, 'then'), 'First this.\n\nThen that.', false],
    [first(2, 3, 'then'), 'First this.\n\nThen that.', false],
    [first(2, 2, 'then'), 'First this.\n\n\n\nThen that.', false], // the blank one is the second
    [first(2, 1, 'and'), 'And... so.\n\nThen that.', true],
    [first(1, 1, 'and'), '**And** so.', false],
  ],
  'detectable_content:number_placeholders': [
    [{ num_placeholders: 2 }, 'Dear [name], of [city]', true],
    [{ num_placeholders: 3 }, 'Dear [name], of [city]', false],
    [{ num_placeholders: 1 }, '[a\nb]', false],
    [{ num_placeholders: 2 }, '[[a] b] []', true], // [[a] and []
  ],
  'detectable_content:postscript': [
    [{ postscript_marker: 'P.S.' }, 'Bye.\n\nP.S. Come soon.', true],
    [{ postscript_marker: 'P.S.' }, 'Bye. p. s. Come soon.', true],
    [{ postscript_marker: 'P.S.' }, 'Bye. PS: Come soon.', false],
    [{ postscript_marker: 'P.S.' }, 'P.P.S Come.', false],
    [{ postscript_marker: 'P.P.S' }, 'p.p. s come', true],
    [{ postscript_marker: 'P.P.S' }, 'P.S. Come.', false],
    [{ postscript_marker: 'Note:' }, 'note: come', true],
  ],
  'detectable_format:number_bullet_lists': [
    [{ num_bullets: 3 }, '* One\n  * Two\n- Three', true],
    [{ num_bullets: 2 }, '* One\n* Two\n* Three', false], // exactly so many
    [{ num_bullets: 1 }, '**Bold**\n* One', true],
    [{ num_bullets: 2 }, '---\n* One', true], // a rule counts as a bullet
    [{ num_bullets: 1 }, 'a * b\n\n\n*One', true],
    [{ num_bullets: 1 }, '• One', false],
  ],
  'detectable_format:constrained_response': [
    [{}, 'Well. My answer is maybe. So it is', true],
    [{}, 'My answer is yes', false],
    [{}, 'my answer is yes.', false],
  ],
  'detectable_format:number_highlighted_sections': [
    [{ num_highlights: 2 }, '*one* and *two*', true],
    [{ num_highlights: 2 }, '**one** and **two**', true],
    [{ num_highlights: 3 }, '*one* and **two**', false],
    [{ num_highlights: 1 }, '* * and ** **', false],
    [{ num_highlights: 1 }, '*one\ntwo*', false],
  ],
  'detectable_format:multiple_sections': [
    [sections('SECTION', 2), 'SECTION 1\nOne\nSECTION 2\nTwo', true],
    [sections('SECTION', 2), 'Section 1\nOne\nSection 2\nTwo', false],
    [sections('Day', 2), 'Day1 Day 2', true],
    [sections('Day', 2), 'Day one. Day two.', false],
    [sections('Day', 2), 'Day 1, Day 2, Day 3', true],
  ],
  'detectable_format:json_format': [
    [{}, '{"a": [1, null]}', true],
    [{}, '```json\n{"a": 1}\n```', true],
    [{}, '  ```\n[]\n```  ', true],
    [{}, '```JSON {"a": NaN, "b": [-Infinity]}```', true], // as json.loads
    [{}, '{"a": "NaN \\" Infinity"}', true],
    [{}, '{"a": -NaN}', false],
    [{}, '{"a": 1,}', false],
    [{}, 'Here it is: {"a": 1}', false],
    [{}, '```python\n{"a": 1}\n```', false],
    [{}, '{"a": "two\nlines"}', false],
    [{}, '"text"', true],
  ],
  'detectable_format:title': [
    [{}, '<<Poem of joy>>\nJoy.', true],
    [{}, 'On a line <<of>> its own not', true],
    [{}, '<< >>', false],
    [{}, '<Poem of joy>', false],
    [{}, '<<Poem\nof joy>>', false],
  ],
  'combination:two_responses': [
    [{}, 'One\n******\nTwo', true],
    [{}, '******One******Two******', true],
    [{}, 'One\n******\nOne', false],
    [{}, 'One', false],
    [{}, 'One******Two******Three', false],
    [{}, 'One************Two', false],
    [{}, 'One\n***\nTwo', false],
  ],
  'combination:repeat_prompt': [
    [{ prompt_to_repeat: 'Write a poem. ' }, '\nwrite a Poem.\n\nRoses…', true],
    [{ prompt_to_repeat: 'Write a poem.' }, 'Sure! Write a poem.', false],
  ],
  'startend:end_checker': [
    [{ end_phrase: 'Any other questions?' }, 'So it is. any other questions?\n', true],
    [{ end_phrase: 'Any other questions?' }, '"So it is. Any other questions?"', true],
    [{ end_phrase: 'Any other questions?' }, 'Any other questions? No.', false],
    [{ end_phrase: 'Any other questions?' }, 'Any other questions', false],
  ],
  'startend:quotation': [
    [{}, ' "So it is."\n', true],
    [{}, '“So it is.”', false],
    [{}, '"So it is.', false],
    [{}, '"', false],
  ],
  'change_case:capital_word_frequency': [
    [capitals('at least', 3), 'I say NO-ONE can, ÉTÉ.', true],
    [capitals('at least', 3), 'I say NO-ONE can.', false],
    [capitals('less than', 1), 'None at all, Sir.', true],
    [capitals('less than', 2), "I DON'T.", false], // I, DO, N'T
    [capitals('at least', 2), 'GPT-4 and U.S.A. are', true],
  ],
  'change_case:english_capital': [
    [{}, 'THIS IS THE END OF THE STORY, AND IT IS 5 P.M.', true],
    [{}, 'THIS IS THE END OF THE story.', false],
    [{}, 'DAS IST NICHT DER ANFANG DER GESCHICHTE UND AUCH NICHT DAS ENDE.', false],
    [{}, '12345', false], // no letter at all is not upper-case
  ],
  'change_case:english_lowercase': [
    [{}, 'this is the end of the story, and it is 5 p.m.', true],
    [{}, 'This is the end of the story.', false],
    [{}, 'esta es la historia de una niña que no tenía nada.', false],
  ],
  'punctuation:no_comma': [
    [{}, 'No comma here; none.', true],
    [{}, 'One, two', false],
    [{}, '一，二', true],
  ],
};

const ids = Object.entries(FAMILIES).flatMap(([family, types]) =>
  Object.keys(types).map((type) => `${family}:${type}`),
);

const rowOf = (id: string, kwargs: unknown) => ({ key: 7, instruction_id_list: [id], kwargs: [kwargs] });

describe('the 25 instruction types', () => {
  it('are all there, each with examples', () => {
    expect(ids).toHaveLength(25);
    expect(Object.keys(EXAMPLES).sort()).toEqual([...ids].sort());
  });

  const all = Object.entries(EXAMPLES).flatMap(([id, examples]) =>
    examples.map((example) => [id, ...example] as const),
  );
  it.each(all)('%s %j of %j: %s', (id, kwargs, reply, expected) => {
    const [instruction] = instructionsOf(rowOf(id, kwargs));
    expect(instruction!.isFollowed(reply)).toBe(expected);
  });
});

describe('instructionsOf', () => {
  it('reads the row as text too, and takes null for missing', () => {
    const text = JSON.stringify(rowOf('punctuation:no_comma', { num_words: null }));
    expect(instructionsOf(text).map(({ id }) => id)).toEqual(['punctuation:no_comma']);
  });

  it.each([
    [rowOf('punctuation:no_colon', {}), 'no such instruction'],
    [rowOf('toString:call', {}), 'no such instruction'],
    [rowOf('length_constraints:number_words', { relation: 'at least', num_words: null }), "'num_words'"],
    [rowOf('length_constraints:number_words', { relation: 'at most', num_words: 3 }), "'relation'"],
    [rowOf('keywords:existence', { keywords: [] }), "'keywords'"],
    [rowOf('startend:end_checker', {}), "'end_phrase'"],
    [{ key: 7, instruction_id_list: ['punctuation:no_comma'], kwargs: [] }, 'same length'],
    ['not JSON', 'two lists'],
    [undefined, 'two lists'],
  ])('refuses %j', (gold, named) => {
    expect(() => instructionsOf(gold)).toThrow(
      expect.objectContaining({ code: 'DSET-DATA-002', message: expect.stringContaining(named) }),
    );
  });
});
