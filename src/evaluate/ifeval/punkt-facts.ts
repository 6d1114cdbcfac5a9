/**
 * What the English model of Punkt, which upstream counts sentences with, knows of words before and after a period. These
 * are the words whose presence changes where it breaks; its table of capitalised words is not here but for a few (see
 * `sentences.ts`).
 */

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

const TITLES = wordsOf('mr mrs ms dr prof gen lt col maj adm sen rep reps messrs jr sr st');
const FIRMS = wordsOf('co cos corp inc ltd bros cie s.a s.p.a n.v b.v');
const MONTHS = wordsOf('jan feb aug sep sept oct nov dec');
const DAYS = wordsOf('tues wed fri');
const STATES =
  wordsOf(`ala ariz calif colo conn fla ga ill kan ky mich minn nev okla ore pa tenn va vt w.va wash wis
  n.c n.d n.h n.j n.m n.y r.i s.c d.c`);
const PLACES = wordsOf('ave l.a u.k u.n u.s u.s.a u.s.s.r');
const OTHERS = wordsOf(`a.d a.m p.m p.a.m ph.d m.b.a chg ct ft mg ok sw vs yr a.m.e c.i.t c.o.m.b i.m.s m.d.c
  s.a.y`);
const LETTERS = wordsOf('c d e f g h k l m n p r s t v w');
/** Two initials without a space, by the first. */
const INITIALS =
  wordsOf(`a.a a.c a.g a.h a.s a.t b.f c.v d.h d.w e.f e.h e.l e.m f.g f.j g.d g.f g.k h.c h.f h.m j.b j.c
  j.j j.k j.p j.r l.f l.p m.j r.a r.h r.j r.k r.t s.g s.s t.j w.c w.r w.w`);

/** Lower-case words that may end with a period inside of a sentence. */
export const ABBREVIATIONS: ReadonlySet<string> = new Set([
  ...TITLES,
  ...FIRMS,
  ...MONTHS,
  ...DAYS,
  ...STATES,
  ...PLACES,
  ...OTHERS,
  ...LETTERS,
  ...INITIALS,
]);

/** Lower-case words that start a sentence when they stand capitalised behind an abbreviation. */
export const STARTERS: ReadonlySet<string> = new Set(
  wordsOf(`according although among both but despite even he however i if in indeed instead it many meanwhile moreover most
  nevertheless nonetheless nor sales separately similarly since so some the there these they this though thus under when
  while yet`),
);

/**
 * Words that the model knows in lower case, and never in capitals inside of a sentence: in capitals they start one behind an
 * abbreviation or dots too. Of thousands those that sentences do start with.
 */
export const NEVER_NAMES: ReadonlySet<string> = new Set(
  wordsOf(`which yes her true suppose upon assume consider following neither whether your without given nothing using either
  furthermore therefore unknown finally immediately between someone please considering hence otherwise anyway sometimes
  remember imagine very within unlike besides thank sorry okay through unless likewise anything above together almost always put
  ask call think need enjoy choose create include learn try`),
);

/** What a number (`1.`) or an initial belongs to: there is no break between. */
export const AFTER_NUMBER: ReadonlySet<string> = new Set(
  wordsOf(`abreast aes business cbot colgate commodities cooper corrections credit dividend financing genentech henley
  insider international leisure letters notable pay-fone pegasus pepper review rj wedgestone who zimmer`),
);
export const AFTER_INITIAL: Readonly<Record<string, readonly string[]>> = {
  b: ['edelman', 'levine', 'smith', 'stewart', 'wigton'],
  i: ['magnin', 'toussie'],
  j: ['aron', 'fialka', 'walter'],
  o: ['ludcke'],
};
