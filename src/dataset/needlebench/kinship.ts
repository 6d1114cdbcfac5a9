/** Families made up of a list of names: who is whose father, a chain from the eldest to the youngest, told in any order. */
import type { PythonRandom } from '../python-random.ts';

export const LANGUAGES = ['English', 'Chinese'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Word for a relative → generations between. */
const RELATIVES: Readonly<Record<Language, Readonly<Record<string, number>>>> = {
  English: {
    ...{ father: 1, mother: 1, dad: 1, mom: 1, grandfather: 2, grandmother: 2 },
    ...{ 'maternal grandmother': 2, 'maternal grandfather': 2 },
    ...{ 'paternal grandfather': 2, 'paternal grandmother': 2 },
  },
  Chinese: { 父亲: 1, 母亲: 1, 爸爸: 1, 妈妈: 1, 爷爷: 2, 奶奶: 2, 姥姥: 2, 姥爷: 2, 外公: 2, 外婆: 2 },
};

/** As many ways to say it as AISBench has, so that the same draws make the same families; `{A}` is the elder. */
const SENTENCES: Readonly<Record<Language, readonly string[]>> = {
  English: [
    "{A} is {B}'s {relative}.",
    "{B}'s {relative} is {A}.",
    "As {B}'s {relative}, {A} had a large part in how {B} grew up.",
    "{A}, whom {B} looks up to, is {B}'s {relative}.",
    "While {B} was growing up, {A}, who is {B}'s {relative}, was the guardian too.",
    "{B} has a friend in {A}, who is also {B}'s {relative}.",
    "{A} has taught {B} all through life, and is {B}'s {relative}.",
  ],
  Chinese: [
    '{A}是{B}的{relative}。',
    '{B}的{relative}是{A}。',
    '作为{B}的{relative}，{A}深深影响了{B}的成长。',
    '{A}是{B}的{relative}，也是{B}学习的对象。',
    '{B}长大的过程中，{A}既是{B}的{relative}，也是监护人。',
    '在{B}心里，{A}既是{relative}，又是朋友。',
  ],
};

export interface Family {
  /** The eldest first. */
  readonly names: readonly string[];
  /** A sentence for each neighbouring two, in any order. */
  readonly told: readonly string[];
  /** Generations between the first and the last. */
  readonly generations: number;
}

/** A family of so many people, drawn as AISBench draws it. */
export function familyOf(
  random: PythonRandom,
  allNames: readonly string[],
  people: number,
  language: Language,
): Family {
  const names = random.sample(allNames, people);
  const relatives = Object.entries(RELATIVES[language]);
  let generations = 0;
  const told = names.slice(1).map((younger, i) => {
    const sentence = random.choice(SENTENCES[language]);
    const [relative, distance] = random.choice(relatives);
    generations += distance;
    return filled(sentence, { A: names[i]!, B: younger, relative });
  });
  random.shuffle(told);
  return { names, told, generations };
}

/** A text with each `{name}` in it replaced. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}
