import type { Asked, Pairing } from './types.ts';

/** What two runs asked, place by place of the same data. */
export function pairingOf(before: ReadonlyMap<string, Asked>, after: ReadonlyMap<string, Asked>): Pairing {
  const counts = { sameId: 0, samePrompt: 0, otherPrompt: 0, onlyAfter: 0 };
  let example: Pairing['example'];
  for (const [place, now] of after) {
    const then = before.get(place);
    if (then === undefined) counts.onlyAfter++;
    else if (then.id === now.id) counts.sameId++;
    else if (then.hash === now.hash) counts.samePrompt++;
    else {
      counts.otherPrompt++;
      if (then.excerpt !== undefined && now.excerpt !== undefined)
        example ??= { place, ...around(then.excerpt, now.excerpt) };
    }
  }
  const onlyBefore = [...before.keys()].filter((place) => !after.has(place)).length;
  return { ...counts, onlyBefore, ...(example === undefined ? {} : { example }) };
}

/** Characters before the first one that differs. */
const LEAD = 20;

/** Both texts from shortly before they part. */
function around(before: string, after: string): { before: string; after: string } {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const from = Math.max(0, same - LEAD);
  const cut = (text: string) => (from === 0 ? text : `…${text.slice(from)}`);
  return { before: cut(before), after: cut(after) };
}
