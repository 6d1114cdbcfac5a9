import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopFilter } from './engine.ts';

/** Everything that a client would see, and what stopped the text. */
function run(pieces: readonly string[], stops: readonly string[], keepStop = false) {
  const filter = new StopFilter(stops, keepStop);
  let shown = '';
  for (const piece of pieces) {
    const { text, stop } = filter.push(piece);
    shown += text;
    if (stop !== null) return { shown, stop };
  }
  return { shown: shown + filter.flush(), stop: null };
}

describe('StopFilter', () => {
  it('cuts at a stop string that spans pieces', () => {
    expect(run(['one', ' EN', 'D two'], ['END'])).toEqual({ shown: 'one ', stop: 'END' });
    expect(run(['one', ' EN', 'D two'], ['END'], true)).toEqual({ shown: 'one END', stop: 'END' });
  });

  it('shows what looked like the start of a stop string and was not', () => {
    const filter = new StopFilter(['END'], false);
    expect(filter.push('a E')).toEqual({ text: 'a ', stop: null });
    expect(filter.push('N')).toEqual({ text: '', stop: null });
    expect(filter.push('e')).toEqual({ text: 'ENe', stop: null });
  });

  it('shows at the end what it held back', () => {
    expect(run(['a', 'E'], ['END'])).toEqual({ shown: 'aE', stop: null });
  });

  it('takes the stop string that comes first in the text', () => {
    expect(run(['x2y1z'], ['1', '2'])).toEqual({ shown: 'x', stop: '2' });
  });

  it('gives the same however the text is cut', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(letters), stops, fc.boolean(), (pieces, stopList, keepStop) => {
        const text = pieces.join('');
        const { shown, stop } = run(pieces, stopList, keepStop);
        const ends = stopList
          .map((it) => text.indexOf(it) + it.length)
          .filter((end, i) => end >= stopList[i]!.length);
        if (stop === null) {
          expect(ends).toEqual([]);
          expect(shown).toBe(text);
        } else {
          expect(text.startsWith(keepStop ? shown : shown + stop)).toBe(true);
          expect(shown.length + (keepStop ? 0 : stop.length)).toBe(text.indexOf(stop) + stop.length);
        }
      }),
    );
  });
});
