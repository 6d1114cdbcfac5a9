import type { LanguageFacts } from './language-facts.ts';

/** A language with its words by weight and the groups of three letters that are in them. */
export interface Profile {
  readonly code: string;
  readonly letters: ReadonlySet<string>;
  readonly weights: ReadonlyMap<string, number>;
  readonly triples: ReadonlySet<string>;
}

/** What the most and the least frequent word of a list are worth. */
const WORD_WEIGHT = { most: 3, least: 1.5 };
/** What a letter costs that a language has not. */
const FOREIGN_LETTER = 1.5;
/** What a word that is in no list can be worth, if it is made of a language's groups of letters. */
const LIKE_WORD = 0.8;
/** How far the first language of a table is ahead before anything was read. */
const FIRST_AHEAD = 1;

/** The language of a text, among those that share its script: the first of the table where little tells them apart. */
export function likeliest(text: string, profiles: readonly Profile[]): string | undefined {
  const evidence = evidenceIn(text, profiles);
  let best: { code: string; score: number } | undefined;
  for (const profile of profiles) {
    const score = scoreOf(profile, evidence) + (best === undefined ? FIRST_AHEAD : 0);
    if (best === undefined || score > best.score) best = { code: profile.code, score };
  }
  return best?.code;
}

interface Evidence {
  /** Words that are in some list. */
  readonly frequent: readonly string[];
  /** The groups of letters of each of the other words. */
  readonly others: readonly (readonly string[])[];
  /** Letters besides a to z. */
  readonly letters: readonly string[];
}

function evidenceIn(text: string, profiles: readonly Profile[]): Evidence {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  const isFrequent = (word: string) => profiles.some(({ weights }) => weights.has(word));
  return {
    frequent: words.filter(isFrequent),
    others: words.filter((word) => !isFrequent(word)).map(triplesOf),
    letters: [...words.join('').replace(/[a-z]+/g, '')],
  };
}

function scoreOf({ letters, weights, triples }: Profile, evidence: Evidence): number {
  let score = 0;
  for (const word of evidence.frequent) score += weights.get(word) ?? 0;
  for (const found of evidence.others) {
    score += (LIKE_WORD * found.filter((triple) => triples.has(triple)).length) / found.length;
  }
  for (const letter of evidence.letters) if (!letters.has(letter)) score -= FOREIGN_LETTER;
  return score;
}

/** Makes ready what `likeliest` compares with. */
export function profilesOf(facts: LanguageFacts): Profile[] {
  return Object.entries(facts).map(([code, { letters, words }]) => {
    const list = [...new Set(words.split(/\s+/).filter((word) => word !== ''))];
    const step = (WORD_WEIGHT.most - WORD_WEIGHT.least) / list.length;
    return {
      code,
      letters: new Set(letters),
      weights: new Map(list.map((word, rank) => [word, WORD_WEIGHT.most - rank * step])),
      triples: new Set(list.flatMap(triplesOf)),
    };
  });
}

/** Groups of three letters, with a space for the start and the end of the word; a word has at least one. */
function triplesOf(word: string): string[] {
  const letters = [' ', ...word, ' '];
  return letters.slice(2).map((last, i) => `${letters[i]}${letters[i + 1]}${last}`);
}
