import type { Row } from '../../contract/dataset.ts';
import { messageOf } from '../../contract/errors.ts';
import { badRow } from '../read.ts';
import { MGSM_LANGUAGES, type MgsmLanguage } from './mgsm-languages.ts';

/** A row's columns. */
export interface MgsmRow extends Row {
  readonly question: string;
  readonly answer: string;
  /** What is asked for, in the language of the question. */
  readonly instruction: string;
  /** The solution, its last line `Answer: N` in that language; '' where the file has none. */
  readonly worked: string;
}

/** A string, a comment, or a comma with nothing but a closing brace behind it. */
const LITERAL = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|#[^\n]*|,(?=\s*[}\]])/g;

/**
 * The worked examples of one language from the text of `exemplars.py`: its `MGSM_EXEMPLARS`, a literal
 * `{language: {number: {"q": …, "a": …}}}` that is read and never run. Throws DSET-DATA-002 where it is something else.
 */
export function readExemplars(text: string, file: string, language: MgsmLanguage): MgsmRow[] {
  const literal = /^MGSM_EXEMPLARS\s*=\s*(\{[\s\S]*?^\})/m.exec(text)?.[1];
  if (literal === undefined) throw badRow(file, 'it has no MGSM_EXEMPLARS = {…}');
  const exemplars = toValue(literal, file)?.[language];
  if (typeof exemplars !== 'object' || exemplars === null)
    throw badRow(file, `it has no examples in '${language}'`);
  return Object.values(exemplars).map((exemplar) => toRow(exemplar, file, language));
}

/** A Python literal of dictionaries and strings as JSON says it; strings side by side are one. */
function toValue(literal: string, file: string): Record<string, unknown> | undefined {
  const json = literal
    .replace(LITERAL, (part) => (/^["']/.test(part) ? JSON.stringify(unquoted(part)) : ''))
    .replace(/"((?:[^"\\]|\\[\s\S])*)"|[()]/g, (part) => (part === '(' || part === ')' ? '' : part))
    .replace(/(?<!\\)((?:\\\\)*)"\s+"/g, '$1');
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw badRow(file, `its MGSM_EXEMPLARS is no literal of texts (${messageOf(cause)})`, cause);
  }
}

function unquoted(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:u([\da-f]{4})|x([\da-f]{2})|\n|([\s\S]))/gi, (_all, unicode, byte, other) => {
      const code = unicode ?? byte;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return other === undefined ? '' : other === 'n' ? '\n' : other;
    });
}

/** The words before the first colon say that it is a question, or its solution. */
const HEADING = /^[^:：\d]{1,60}[:：]\s*/;

function toRow(exemplar: unknown, file: string, language: MgsmLanguage): MgsmRow {
  const { q, a } = exemplar as { q?: unknown; a?: unknown };
  if (typeof q !== 'string' || typeof a !== 'string')
    throw badRow(file, "an example has no texts 'q' and 'a'");
  const answer = a.match(/\d+/g)?.at(-1);
  if (answer === undefined) throw badRow(file, 'the solution of an example has no number');
  const { mark, instruction } = MGSM_LANGUAGES[language];
  const worked = `${a.replace(HEADING, '')}\n${mark}: ${answer}`;
  return { question: q.replace(HEADING, ''), answer, instruction, worked };
}
