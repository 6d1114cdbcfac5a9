import { pick, seededRandom } from '../basics/random.ts';

const ADJECTIVES = 'quiet narrow early patient broad careful distant simple steady bright'.split(' ');
const NOUNS =
  'river garden letter teacher window market bridge forest captain lantern village harbour story'.split(' ');
const VERBS = 'follows answers crosses remembers describes carries watches measures finds shapes'.split(' ');
const PLACES = ['near', 'behind', 'above', 'beyond', 'beside', 'before'];

/** An endless row of plain sentences, the same for the same seed. Each begins with a space. */
export function* fillerSentences(seed: number): Generator<string, never> {
  const random = seededRandom(seed);
  const one = (words: readonly string[]) => pick(random, words);
  for (;;) {
    const sentence = ` The ${one(ADJECTIVES)} ${one(NOUNS)} ${one(VERBS)} the ${one(NOUNS)}`;
    yield random() < 0.5
      ? `${sentence}.`
      : `${sentence} ${one(PLACES)} the ${one(ADJECTIVES)} ${one(NOUNS)}.`;
  }
}
