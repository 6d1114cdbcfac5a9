import { numberOf, textOf } from './kwargs.ts';
import { literal, SPACE } from './python-text.ts';
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
    return (reply) => reply.split('\n').reduce((sum, line) => sum + placeholdersIn(line), 0) >= wanted;
  },
  /** The marker is anywhere, in any case. */
  postscript: (kwargs) => {
    const marker = textOf(kwargs, 'postscript_marker');
    const pattern = new RegExp(MARKERS[marker] ?? literal(marker.toLowerCase()), 'u');
    return (reply) => pattern.test(reply.toLowerCase());
  },
};

function placeholdersIn(line: string): number {
  let found = 0;
  for (let at = line.indexOf('['); at !== -1; found++) {
    const end = line.indexOf(']', at);
    if (end === -1) break;
    at = line.indexOf('[', end);
  }
  return found;
}
