import type { Row } from '../contract/dataset.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { compileTemplate, type JinjaTemplate } from '../python-data/jinja.ts';
import { fillColumns, placesIn } from './template.ts';

/** How a template names the row's columns. */
export interface Notation {
  /** The text with the row's columns in it; `blank` is the column that is left empty. */
  fill(text: string, row: Row, blank?: string | null): string;
  /** Names in the texts that could be columns. */
  placesIn(texts: readonly string[]): string[];
}

/** AISBench's `{column}`. */
const BRACES: Notation = { fill: fillColumns, placesIn };

/** A name that a Jinja expression begins with. */
const JINJA_PLACE = /\{\{-?\s*([\p{L}_][\p{L}\p{N}_]*)/gu;

/** Jinja: `{{ column }}`, conditions, loops and filters. `fill` throws ICLR-TYPE-001 for a template that cannot be rendered. */
function jinja(where: string): Notation {
  const compiled = new Map<string, JinjaTemplate>();
  const compile = (text: string) => {
    // Jinja drops a template's last line break; in a prompt it counts.
    const known = compiled.get(text) ?? compileTemplate(text.endsWith('\n') ? `${text}\n` : text);
    compiled.set(text, known);
    return known;
  };
  return {
    fill: (text, row, blank) => {
      try {
        return compile(text)({ ...row, ...(typeof blank === 'string' ? { [blank]: '' } : {}) });
      } catch (cause) {
        throw new AisBenchError(
          'ICLR-TYPE-001',
          `the Jinja template cannot be rendered: ${messageOf(cause)}`,
          {
            where,
            cure: 'correct it, or write a PromptTemplate with {column}',
            cause,
          },
        );
      }
    },
    placesIn: (texts) => [
      ...new Set(texts.flatMap((text) => [...text.matchAll(JINJA_PLACE)].map(([, name]) => name!))),
    ],
  };
}

/** The notation of a template of this type; `where` is its key path. */
export function notationOf(type: unknown, where: string): Notation {
  return type === 'JinjaTemplate' ? jinja(where) : BRACES;
}
