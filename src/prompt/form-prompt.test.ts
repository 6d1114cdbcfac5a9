import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitRounds } from './render.ts';
import type { DialogueItem } from './types.ts';

const order = ['HUMAN', 'BOT'];
const said = (role: string): DialogueItem => ({ role, prompt: role });
const [human, bot, system] = [said('HUMAN'), said('BOT'), said('SYSTEM')];

describe('splitRounds', () => {
  it.each([
    [
      'pairs',
      [human, bot, human, bot],
      [
        [human, bot],
        [human, bot],
      ],
    ],
    ['a last question', [human, bot, human], [[human, bot], [human]]],
    ['a role twice', [human, human, bot], [[human], [human, bot]]],
    [
      'texts and reserved roles',
      ['a', human, bot, system, human, 'b'],
      [
        ['a', human, bot],
        [system, human, 'b'],
      ],
    ],
    ['no roles', ['a', system], [['a', system]]],
    ['nothing', [], []],
  ])('cuts %s', (_, items, expected) => {
    expect(splitRounds(items, order)).toEqual(expected);
  });

  it('loses and moves nothing, and no round has a role twice', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<DialogueItem>(human, bot, system, 'text')), (items) => {
        const rounds = splitRounds(items, order);
        expect(rounds.flat()).toEqual(items);
        for (const round of rounds) {
          for (const role of [human, bot])
            expect(round.filter((item) => item === role).length).toBeLessThan(2);
        }
      }),
    );
  });
});
