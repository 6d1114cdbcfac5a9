import { numberOf, textOf } from './kwargs.ts';
import { count, literal, SPACE } from './python-text.ts';
import type { Family } from './types.ts';

/** Markers that may be written with spaces, as patterns of lower-case text. Any other stands as it is. */
const MARKERS: Readonly<Record<string, string>> = {
  'P.S.': String.raw`p\.${SPACE}?s\.`,
  'P.P.S': String.raw`p\.${SPACE}?p\.${SPACE}?s`,
};

export const detectableContent: Family = {
  /** At least so many `[…]`, each in one line. */
  number_placeholders: (kwargs) => {
    const wanted = numberOf(kwargs, 'num_placeholders');
    return (reply) => count(reply, /\[[^\n]*?\]/g) >= wanted;
  },
  /** The marker is anywhere, in any case. */
  postscript: (kwargs) => {
    const marker = textOf(kwargs, 'postscript_marker');
    const pattern = new RegExp(MARKERS[marker] ?? literal(marker.toLowerCase()), 'u');
    return (reply) => pattern.test(reply.toLowerCase());
  },
};
