/**
 * MGSM, 250 problems of GSM8K in eleven languages: F. Shi and others, google-research/url-nlp, CC BY-SA 4.0. A file
 * `mgsm_<language>.tsv` has a line `question<TAB>number` a problem; `exemplars.py` has eight worked examples a language. Format
 * unseen: the test files were not at hand.
 */

import { basename } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { besides, findFiles } from '../columns.ts';
import { badRow, readText } from '../read.ts';

/** What is asked for in each language of MGSM: reasoning, and a last line of the mark, a colon and the number. */

interface MgsmWords {
  /** The word before the answer, as OpenAI's simple-evals, OpenCompass and AISBench look for it. */
  readonly mark: string;
  readonly instruction: string;
}

type MgsmLanguage = 'bn' | 'de' | 'en' | 'es' | 'fr' | 'ja' | 'ru' | 'sw' | 'te' | 'th' | 'zh';

const MGSM_LANGUAGES: Readonly<Record<MgsmLanguage, MgsmWords>> = {
  bn: words('উত্তর', (mark) => `নিচের অঙ্কটি ধাপে ধাপে সমাধান করো। শেষ লাইনে শুধু "${mark}:" এবং তার পরে সংখ্যাটি লেখো।`),
  de: words(
    'Antwort',
    (mark) =>
      `Löse die Aufgabe Schritt für Schritt. Schreibe in die letzte Zeile nur "${mark}:" und die Zahl.`,
  ),
  en: words(
    'Answer',
    (mark) => `Solve the problem step by step. Write nothing but "${mark}:" and the number in the last line.`,
  ),
  es: words(
    'Respuesta',
    (mark) => `Resuelve el problema paso a paso. En la última línea escribe solo "${mark}:" y el número.`,
  ),
  fr: words(
    'Réponse',
    (mark) =>
      `Résous le problème étape par étape. À la dernière ligne, écris seulement "${mark}:" et le nombre.`,
  ),
  ja: words(
    '答え',
    (mark) => `次の問題を順を追って解いてください。最後の行には「${mark}:」と数だけを書いてください。`,
  ),
  ru: words(
    'Ответ',
    (mark) => `Реши задачу шаг за шагом. В последней строке напиши только "${mark}:" и число.`,
  ),
  sw: words(
    'Jibu',
    (mark) => `Tatua tatizo hili hatua kwa hatua. Katika mstari wa mwisho andika "${mark}:" na nambari tu.`,
  ),
  te: words('సమాధానం', (mark) => `ఈ లెక్కను దశలవారీగా చేయండి. చివరి పంక్తిలో "${mark}:" మరియు సంఖ్యను మాత్రమే రాయండి.`),
  th: words('คำตอบ', (mark) => `แก้โจทย์นี้ทีละขั้นตอน บรรทัดสุดท้ายให้เขียนเพียง "${mark}:" และตัวเลขเท่านั้น`),
  zh: words('答案', (mark) => `请一步一步解答下面的题目。最后一行只写“${mark}:”和数字。`),
};

function words(mark: string, instruction: (mark: string) => string): MgsmWords {
  return { mark, instruction: instruction(mark) };
}

/** A row's columns. */
interface MgsmRow extends Row {
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

const SOURCE = 'github.com/google-research/url-nlp (folder mgsm, CC BY-SA 4.0)';
const DEFAULT_PATH = 'ais_bench/datasets/mgsm/mgsm_en.tsv';

export const MGSMSDataset: DatasetType = {
  name: 'MGSMSDataset',
  async load({ path, roots }) {
    const wanted = path === '' ? DEFAULT_PATH : path;
    const language = languageOf(wanted);
    const [file = ''] = await findFiles(roots, { paths: [wanted], files: [], source: SOURCE });
    const exemplars = await besides(file, 'exemplars.py');
    return {
      test: parseMgsm(await readText(file), file, language),
      train: exemplars === undefined ? [] : readExemplars(await readText(exemplars), exemplars, language),
    };
  },
};

/** The rows of a file's text. Throws DSET-DATA-002 that names the line. */
export function parseMgsm(text: string, file: string, language: MgsmLanguage): MgsmRow[] {
  const { instruction } = MGSM_LANGUAGES[language];
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const [question, answer, ...more] = line.trim().split('\t');
    if (question === undefined || answer === undefined || more.length > 0) {
      throw badRow(`${file}:${index + 1}`, 'it is not a question, a tab and a number');
    }
    return [{ question, answer, instruction, worked: '' }];
  });
}

function languageOf(path: string): MgsmLanguage {
  const language = /^mgsm_([a-z]{2})\.tsv$/.exec(basename(path))?.[1];
  if (language !== undefined && Object.hasOwn(MGSM_LANGUAGES, language)) return language as MgsmLanguage;
  throw new AisBenchError('UTILS-CFG-002', `the dataset's path '${path}' names no language`, {
    where: 'path',
    cure: `end it with mgsm_LANGUAGE.tsv, the language one of ${Object.keys(MGSM_LANGUAGES).join(', ')}`,
  });
}
