import { findPython } from '../../basics/environment.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { PythonError } from '../../python-bridge/messages.ts';
import { PythonWorker } from '../../python-bridge/python-worker.ts';
import { badKey, type Keys } from '../inputs.ts';
import { pythonSplit } from '../python-text.ts';

// ROUGE-L as the package `rouge` (1.0.1) has it, which LongBench's authors and AISBench use: sentences end at full stops, words
// at spaces, and each word counts once however often it is there. It rests on longest common subsequences of words.

/** Lengths for each beginning of `a` (rows) and of `b` (columns). */
interface LcsTable {
  readonly width: number;
  readonly lengths: Uint32Array;
}

export function lcsTable(a: readonly string[], b: readonly string[]): LcsTable {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const here = i * width + j;
      lengths[here] =
        a[i - 1] === b[j - 1]
          ? lengths[here - width - 1]! + 1
          : Math.max(lengths[here - width]!, lengths[here - 1]!);
    }
  }
  return { width, lengths };
}

/** The length for the first `i` of the one and the first `j` of the other. */
export function lengthAt({ width, lengths }: LcsTable, i: number, j: number): number {
  return lengths[i * width + j]!;
}

interface Walk {
  /** Places in `a` of one longest common subsequence, in order. */
  readonly places: readonly number[];
  /** How many steps the way back through the table took. */
  readonly steps: number;
}

/** One of the longest; where two ways are as long, a word of `a` (true) or of `b` is passed over first. */
export function walkBack(a: readonly string[], b: readonly string[], passesAFirst: boolean): Walk {
  const table = lcsTable(a, b);
  const places: number[] = [];
  let [i, j, steps] = [a.length, b.length, 0];
  for (; i > 0 && j > 0; steps++) {
    const [withoutA, withoutB] = [lengthAt(table, i - 1, j), lengthAt(table, i, j - 1)];
    if (a[i - 1] === b[j - 1]) {
      places.push(i - 1);
      i--;
      j--;
    } else if (passesAFirst ? withoutA >= withoutB : withoutA > withoutB) i--;
    else j--;
  }
  return { places: places.reverse(), steps };
}

// ROUGE as the package `rouge_chinese` (1.0.3) has it, which AISBench's `JiebaRougeEvaluator` uses.

interface ChineseRouge {
  /** Each word counts once. */
  readonly rouge1: number;
  /** Each pair of words counts once. */
  readonly rouge2: number;
  /** Of the longest common subsequence. */
  readonly rougeL: number;
}

/** F-measures of two lists of words, 0 to just below 1; 0 where either is empty. */
export function chineseRouge(own: readonly string[], gold: readonly string[]): ChineseRouge {
  if (own.length === 0 || gold.length === 0) return { rouge1: 0, rouge2: 0, rougeL: 0 };
  const length = lengthAt(lcsTable(gold, own), gold.length, own.length);
  return {
    rouge1: ofSets(new Set(own), new Set(gold)),
    rouge2: ofSets(pairsOf(own), pairsOf(gold)),
    rougeL: fMeasure(length / own.length, length / gold.length),
  };
}

function pairsOf(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.slice(1).map((word, i) => `${words[i]} ${word}`));
}

function ofSets(own: ReadonlySet<string>, gold: ReadonlySet<string>): number {
  if (own.size === 0 || gold.size === 0) return 0;
  const shared = [...gold].filter((word) => own.has(word)).length;
  return fMeasure(shared / own.size, shared / gold.size);
}

/** The package keeps the denominator off 0 by a small number, so that equal texts are just below 1. */
function fMeasure(precision: number, recall: number): number {
  return 2 * ((precision * recall) / (precision + recall + 1e-8));
}

/**
 * How many steps the package can take back from the ends of two sentences before Python stops it: its recursion limit of 1000,
 * less the frames that AISBench already uses, about twenty.
 */
const MOST_STEPS = 980;

interface PackageOptions {
  /** What comes of sentences that are too long for the package: LongBench and AISBench count 0. */
  readonly deepIsZero: boolean;
}

/** The F-measure of ROUGE-L, 0 to just below 1; 0 where either text has no sentence. */
export function packageRougeL(predicted: string, reference: string, { deepIsZero }: PackageOptions): number {
  const [own, gold] = [sentencesOf(predicted), sentencesOf(reference)];
  if (own.length === 0 || gold.length === 0) return 0;
  const common = new Set<string>();
  for (const sentence of gold) {
    for (const other of own) {
      const { places, steps } = walkBack(sentence, other, false);
      if (deepIsZero && steps > MOST_STEPS) return 0;
      for (const place of places) common.add(sentence[place]!);
    }
  }
  const precision = common.size / new Set(own.flat()).size;
  const recall = common.size / new Set(gold.flat()).size;
  return fMeasure(precision, recall);
}

/** The words of each sentence; one of blanks alone has an empty word. */
function sentencesOf(text: string): string[][] {
  return text
    .split('.')
    .filter((sentence) => sentence !== '')
    .map((sentence) => pythonSplit(sentence).join(' ').split(' '));
}

// How a Chinese text is cut into words: by characters, without the dictionary that would tell where words end, or by jieba in a Python worker.

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
