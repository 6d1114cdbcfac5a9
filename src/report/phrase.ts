/** Makes phrases; apart from `words.ts`, whose types are public: these are made of a JSON file. */
import CHINESE from './chinese.json' with { type: 'json' };
import type { Phrase, PhraseParam } from './words.ts';

/** The English of a phrase is its id; `src/contract/finding-entry.ts` says how parameters stand in it. */
type PhraseId = keyof typeof CHINESE;

type ParamNames<Template extends string> = Template extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name}?${string}` ? Name : Inside) | ParamNames<Rest>
  : never;

/** Makes a phrase. */
export function phrase<Id extends PhraseId>(
  id: Id,
  ...[params]: [ParamNames<Id>] extends [never]
    ? []
    : [Readonly<Record<ParamNames<Id>, PhraseParam | undefined>>]
): Phrase {
  if (params === undefined) return { phrase: id };
  const known = Object.entries<PhraseParam | undefined>(params).filter(([, value]) => value !== undefined);
  return { phrase: id, params: Object.fromEntries(known) as Phrase['params'] & object };
}
