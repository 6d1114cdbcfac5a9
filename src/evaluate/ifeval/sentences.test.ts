import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences } from './natural-language.ts';

describe('sentences', () => {
  it.each([
    ['one without an end', ['No end here']],
    ['two', ['It rains.', 'We stay.']],
    ['every end', ['Why?', 'Ha!', 'So.', 'x']],
    ['no space, no break', ['It rains.We stay.']],
    ['lower case does not help', ['it rains.', 'we stay.']],
    ['titles', ['Mr. Smith and Dr. Jones met Prof. Who.', 'They ate.']],
    ['initials', ['J. K. Rowling met George R. R. Martin.', 'They ate.']],
    ['an initial that ends', ['We take plan B.', 'The others wait.']],
    ['abbreviations before a starter', ['It was 5 p.m.', 'The others left the U.S.', 'It was cold.']],
    ['abbreviations inside', ['The U.S. Government opens at 9 a.m. on Tues. morning.']],
    ['abbreviations that Punkt does not know', ['Apples, pears, etc.', 'are fruit, e.g.', 'sweet ones.']],
    ['hyphens', ['A mid-Sept. day.', 'Rain.']],
    ['numbers', ['It costs 3.5 dollars.', 'Or 4.', 'Not 5. or so.']],
    ['dots before a word that is no name', ['Wait...', 'Therefore we go.', 'Wait... Perhaps we go.']],
    ['dots', ['Wait... what?', 'Well...', 'The end.']],
    ['several marks', ['No!!!', 'Really?!', 'Yes.']],
    ['a question in the middle', ['What?', '-- he said.']],
  ])('%s', (_, expected) => {
    expect(sentences(expected.join(' '))).toEqual(expected);
  });

  it.each([
    ['a list', '1. Eat well.\n2. Sleep.', ['1.', 'Eat well.', '2.', 'Sleep.']],
    ['a list in lower case', '1. eat well.\n2. sleep.', ['1. eat well.', '2. sleep.']],
    ['a list of what stocks do', '1. Review it.\n2. Credit me.', ['1. Review it.', '2. Credit me.']],
    ['a list of bold words', '1. **Eat.** Now.', ['1.', '**Eat.', '** Now.']],
    ['closing quotes', 'He said "Go." She went.', ['He said "Go."', 'She went.']],
    ['closing quotes at the end', 'He said "Go."', ['He said "Go."']],
    ['closing brackets', '(So it is.) [And so.] Yes.', ['(So it is.)', '[And so.]', 'Yes.']],
    ['curly quotes', 'He said “Go.” She went.', ['He said “Go.” She went.']],
    ['lines', 'A title\n\nIt rains.\nWe stay', ['A title\n\nIt rains.', 'We stay']],
    ['other marks', '雨が降る。行こう。', ['雨が降る。行こう。']],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  it('loses nothing but space', () => {
    const parts = fc.constantFrom('a', 'B.', 'Mr.', '1.', '?', '!"', '...', ')', ' ', '\n', '--', 'é.', "'");
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 14 }), (all) => {
        const text = all.join('');
        const bare = (some: string) => some.replace(/\s+/g, '');
        expect(bare(sentences(text).join(''))).toBe(bare(text));
      }),
      { numRuns: 150 },
    );
  });

  it('takes a text without spaces in one go', () => {
    const text = `${'字.x'.repeat(20_000)}。`;
    expect(sentences(text)).toEqual([text]);
  });
});
