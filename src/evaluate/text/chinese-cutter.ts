/** How a Chinese text is cut into words: by characters, or by jieba in a Python worker. */

import { findPython } from '../../basics/environment.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { PythonError } from '../../python-bridge/messages.ts';
import { PythonWorker } from '../../python-bridge/python-worker.ts';
import { badKey, type Keys } from '../config-keys.ts';

// Words of Chinese texts, without the dictionary that would tell where they end.

/**
 * Each Chinese character is a word, and so is a run of Latin letters and digits; every other character is alone. AISBench
 * and LongBench's authors ask jieba for the words: shares of words come out different.
 */
function chineseWords(text: string): string[] {
  return text.match(/\p{Script=Han}|[a-zA-Z0-9+#&._%-]+|./gsu) ?? [];
}

/** ASCII punctuation, and what LongBench calls Chinese punctuation. */
const MARKS =
  /[!-/:-@[-`{-~！？｡。＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､、〃》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿–—‘’‛“”„‟…‧﹏]/gu;

/** A word in small letters without punctuation and space, as LongBench compares it. */
export function chineseText(word: string): string {
  return word.toLowerCase().replace(MARKS, '').replace(/\s+/gu, '');
}

interface ChineseCutter {
  /** What the number's name ends with where it is not comparable. */
  readonly suffix: '' | '_by_character';
  /** Throws UTILS-DEPENDENCY-001 where there is no Python, or no jieba in it. */
  cut(text: string): Promise<readonly string[]>;
}

const ENGINE = 'ais_bench_worker.chinese_words:ChineseWords';

/** Milliseconds without a text after which the worker is closed: it takes about a second to read its dictionary again. */
const IDLE_MS = 5000;

/** One for each interpreter: several datasets of a run share a worker. */
const cutters = new Map<string, ChineseCutter>();

const byCharacter: ChineseCutter = { suffix: '_by_character', cut: async (text) => chineseWords(text) };

/** Key `words`: `characters` (default) or `jieba`; key `python`: the interpreter that has jieba. Throws UTILS-CFG-002. */
export function chineseCutter({ words = 'characters', python }: Keys): ChineseCutter {
  if (words !== 'characters' && words !== 'jieba')
    throw badKey('evaluator.words', words, "'characters' or 'jieba'");
  if (python !== undefined && (typeof python !== 'string' || words !== 'jieba'))
    throw badKey('evaluator.python', python, "a path, beside words: 'jieba'");
  if (words === 'characters') return byCharacter;
  const interpreter = findPython(python);
  const known = cutters.get(interpreter) ?? jieba(interpreter);
  cutters.set(interpreter, known);
  return known;
}

function jieba(python: string): ChineseCutter {
  let worker: PythonWorker | undefined;
  let loaded: Promise<unknown> | undefined;
  let idle: NodeJS.Timeout | undefined;
  let open = 0;
  const rest = () => {
    void worker?.close();
    worker = undefined;
  };
  const cut = async (text: string) => {
    clearTimeout(idle);
    open++;
    try {
      if (worker === undefined) {
        worker = new PythonWorker({ python });
        loaded = worker.request('load', { engine: ENGINE, options: {} });
      }
      await loaded;
      return (await worker.request('call', { method: 'cut', arguments: { text } })) as string[];
    } catch (cause) {
      throw noJieba(python, cause);
    } finally {
      if (--open === 0) idle = setTimeout(rest, IDLE_MS);
    }
  };
  return { suffix: '', cut };
}

function noJieba(python: string, cause: unknown): Error {
  if (cause instanceof AisBenchError) return cause;
  const wanted = cause instanceof PythonError ? cause.requirement : undefined;
  return new AisBenchError('UTILS-DEPENDENCY-001', `jieba cannot cut this text: ${messageOf(cause)}`, {
    where: python,
    cure: `${wanted === undefined ? 'look at what it says' : `pip install ${wanted}`}, or leave evaluator.words out: characters are counted then`,
    cause,
  });
}
