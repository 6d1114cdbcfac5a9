import { findPython } from '../../basics/environment.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { PythonError } from '../../python-bridge/messages.ts';
import { PythonWorker } from '../../python-bridge/python-worker.ts';
import { lastGroup } from '../choice/patterns.ts';
import { onlyKeys } from '../inputs.ts';
import { boxesOf, extractMathAnswer, lastBoxCompat } from '../math/extract-math.ts';
import { compareMath } from '../math/math-equal.ts';
import { isStringEqual, normalizeDapoAnswer, type StringVersion } from '../math/minerva.ts';
import type { Configurable, Evaluator, Extraction, Grade, PredPostprocessor, Sample } from '../types.ts';

// The Python package math-verify as a judge of math answers, in a worker that is started for the first of them.

const ENGINE = 'ais_bench_worker.engines.math_verify:MathVerify';

/** sympy is read from disk; a slow one takes tens of seconds. */
const LOADING_MS = 120_000;

/** Seconds by which math-verify's own limits end before ours, which ends the worker. */
const SPARE_S = 1;

interface MathVerifySetting {
  /** Interpreter that was asked for; else that of the virtual environment, else `python3`. */
  readonly python: string | undefined;
  /** Seconds that one answer may take. */
  readonly timeout: number;
}

interface MathPair {
  readonly gold: string;
  readonly answer: string;
  /** The answer is looked for in a whole reply, as AISBench does it. */
  readonly wholeReply: boolean;
}

interface MathVerdict {
  readonly isEqual: boolean;
  /** What was read of either, as math-verify shows it; empty where nothing could be. */
  readonly gold: readonly string[];
  readonly answer: readonly string[];
}

/** An answer took longer than it may, or math-verify broke on it: whether it is right is unknown. */
class NotJudged extends Error {
  override readonly name = 'NotJudged';
}

export class MathVerify {
  readonly #setting: MathVerifySetting;
  readonly #python: string;
  #worker: Promise<PythonWorker> | undefined;
  #version = '';

  constructor(setting: MathVerifySetting) {
    this.#setting = setting;
    this.#python = findPython(setting.python);
  }

  /** Its name and version, once it has judged. */
  get title(): string {
    return `math-verify ${this.#version}`;
  }

  /**
   * Whether an answer equals the gold one. Throws UTILS-DEPENDENCY-001 where Python or the package is missing, and NotJudged
   * where the time is over or the worker broke; the next answer gets a new worker then.
   */
  async judge({ gold, answer, wholeReply }: MathPair): Promise<MathVerdict> {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    const { timeout } = this.#setting;
    // Three steps, each with a limit of its own inside of math-verify.
    const step = Math.max(1, Math.floor((timeout - SPARE_S) / 3));
    const args = { gold, answer, whole_reply: wholeReply, timeout: step };
    try {
      const signal = AbortSignal.timeout(timeout * 1000);
      const told: any = await worker.request('call', { method: 'judge', arguments: args }, { signal });
      return { isEqual: told.equal, gold: told.gold, answer: told.answer };
    } catch (error) {
      if (error instanceof PythonError) throw new NotJudged(`math-verify raised ${error.message}`);
      worker.kill();
      this.#worker = undefined;
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      throw new NotJudged(isLate ? `math-verify took longer than ${timeout} s` : messageOf(error));
    }
  }

  /** Ends the worker. Never throws. */
  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    await worker?.close();
  }

  async #start(): Promise<PythonWorker> {
    const worker = new PythonWorker({ python: this.#python });
    try {
      const signal = AbortSignal.timeout(LOADING_MS);
      const loaded: any = await worker.request('load', { engine: ENGINE, options: {} }, { signal });
      this.#version = String(loaded.version);
      return worker;
    } catch (error) {
      worker.kill();
      throw this.#absent(error);
    }
  }

  /** Where it cannot be had it will not be had later either: the failed start is remembered. */
  #absent(error: unknown): AisBenchError {
    if (error instanceof AisBenchError) return error;
    const isMissing = error instanceof PythonError && error.requirement !== undefined;
    const why = isMissing
      ? 'the Python package math-verify is not installed'
      : 'math-verify cannot be loaded';
    return new AisBenchError('UTILS-DEPENDENCY-001', `${why}: ${messageOf(error)}`, {
      where: this.#python,
      cure: `run: ${this.#python} -m pip install math-verify; or take engine: 'own' in eval_cfg.evaluator`,
      cause: error,
    });
  }
}

// Who judges whether two math answers mean the same: our own reader, or math-verify.

const ENGINES = ['own', 'math-verify', 'auto'] as const;
type MathEngine = (typeof ENGINES)[number];

interface MathEngineOptions extends MathVerifySetting {
  /** `auto`: math-verify where it is installed, and where it gives no verdict our own. */
  readonly engine: Exclude<MathEngine, 'own'>;
}

/** Judges by math-verify, keeping count of what it did not judge. */
class VerifiedMath {
  readonly #engine: MathEngineOptions['engine'];
  readonly #verify: MathVerify;
  #absent: string | undefined;
  #judged = 0;
  #unjudged = 0;

  constructor({ engine, ...setting }: MathEngineOptions) {
    this.#engine = engine;
    this.#verify = new MathVerify(setting);
  }

  /**
   * The grade by math-verify. Under `auto` that of `own` where it is not installed or gives no verdict; asked by name the answer
   * is wrong where it gives none. Throws UTILS-DEPENDENCY-001 where it was asked by name and is not there.
   */
  async grade(pair: MathPair, own: () => Grade): Promise<Grade> {
    if (this.#absent !== undefined) return this.#ownInstead(own, '');
    try {
      const { isEqual, gold, answer } = await this.#verify.judge(pair);
      this.#judged++;
      return {
        credit: isEqual ? 1 : 0,
        explanation: `${this.#verify.title}: ${shown(answer)} against ${shown(gold)}`,
      };
    } catch (error) {
      if (error instanceof NotJudged) {
        this.#unjudged++;
        if (this.#engine === 'auto') return this.#ownInstead(own, `${error.message}; `);
        return { credit: 0, explanation: error.message };
      }
      if (this.#engine === 'math-verify' || !(error instanceof AisBenchError)) throw error;
      this.#absent = error.message;
      return this.#ownInstead(own, '');
    }
  }

  /** Ends its worker; says who judged, and how often it gave no verdict. */
  async finish(): Promise<readonly string[]> {
    const { title } = this.#verify;
    await this.#verify.close();
    if (this.#absent !== undefined) return [`math answers were judged by our own reader: ${this.#absent}`];
    if (this.#judged + this.#unjudged === 0) return [];
    const instead = this.#engine === 'auto' ? 'our own reader judged' : 'they count as wrong';
    const without =
      this.#unjudged === 0 ? '' : `; ${this.#unjudged} times it gave no verdict, and ${instead}`;
    return [`math answers were judged by ${title}${without}`];
  }

  #ownInstead(own: () => Grade, why: string): Grade {
    const { explanation, ...grade } = own();
    return {
      ...grade,
      explanation: `${why}own reader${explanation === undefined ? '' : `, ${explanation}`}`,
    };
  }
}

/** What was read, shortened: the first form that math-verify shows. */
function shown(parsed: readonly string[]): string {
  const [first] = parsed;
  return first === undefined ? 'nothing' : first.length > 80 ? `${first.slice(0, 80)}…` : first;
}

/**
 * AISBench's two classes of this name. With `version: 'v1'` or `'v2'` the rules `compat` are its string rules (scoring.md §2.3).
 * Otherwise answers are compared as what they mean, by `engine`: `own`, our reader; `math-verify`, the Python package, which
 * AISBench asks; `auto`, math-verify where it is installed. An answer that is the whole reply is extracted first, and a reference
 * that is a whole solution is its last box; under `compat` math-verify gets the whole reply, as in AISBench. Throws UTILS-CFG-002
 * for other keys and values.
 */
export const mathEvaluator: Configurable<Evaluator> = (options): Evaluator => {
  const { version, engine, timeout, python } = settingsOf(options);
  const isByText = ({ rules }: Sample) => version !== undefined && rules === 'compat';
  const name = 'MATHEvaluator';
  if (engine === 'own') {
    return { name, grade: (sample) => (isByText(sample) ? byText(sample, version!) : byMeaning(sample)) };
  }
  const verified = new VerifiedMath({ engine, timeout, python });
  return {
    name,
    grade: (sample) =>
      isByText(sample) ? byText(sample, version!) : verified.grade(pairOf(sample), () => byMeaning(sample)),
    finish: () => verified.finish(),
  };
};

function byText({ answer, reference }: Sample, version: StringVersion): Grade {
  return { credit: isStringEqual(answer, reference, version) ? 1 : 0 };
}

function byMeaning(sample: Sample): Grade {
  const { isEqual, asTexts } = compareMath(wantedIn(sample), givenIn(sample));
  const explanation = asTexts === undefined ? {} : { explanation: `compared as texts: ${asTexts}` };
  return { credit: isEqual ? 1 : 0, ...explanation };
}

function pairOf(sample: Sample): MathPair {
  const { rules, reference, text } = sample;
  if (rules === 'compat') return { gold: reference, answer: text, wholeReply: true };
  return { gold: wantedIn(sample), answer: givenIn(sample), wholeReply: false };
}

function givenIn({ answer, text }: Sample): string {
  return answer !== '' && answer === text.trim() ? (extractMathAnswer(answer)?.answer ?? answer) : answer;
}

function wantedIn({ reference }: Sample): string {
  return boxesOf(reference).at(-1)?.content ?? reference;
}

interface MathOptions {
  readonly version: StringVersion | undefined;
  readonly engine: MathEngine;
  /** Seconds that math-verify may take for one answer. */
  readonly timeout: number;
  readonly python: string | undefined;
}

const KEYS = ['version', 'engine', 'timeout', 'python'];

/** Longer than any answer of a benchmark takes. */
const TIMEOUT_S = 15;
const LONGEST_S = 600;

function settingsOf(options: Readonly<Record<string, unknown>>): MathOptions {
  const other = Object.keys(options).find((key) => key !== 'type' && !KEYS.includes(key));
  if (other !== undefined)
    throw badKey(other, `MATHEvaluator has no key '${other}'`, `it has: ${KEYS.join(', ')}`);
  const { version, engine = 'own', timeout = TIMEOUT_S, python } = options;
  if (version !== undefined && version !== 'v1' && version !== 'v2') {
    const cure = "take 'v1' or 'v2', or leave it out to compare what the answers mean";
    throw badKey('version', `MATHEvaluator has no version ${JSON.stringify(version)}`, cure);
  }
  if (!ENGINES.includes(engine as MathEngine)) {
    throw badKey(
      'engine',
      `MATHEvaluator has no engine ${JSON.stringify(engine)}`,
      `use one of: ${ENGINES.join(', ')}`,
    );
  }
  if (typeof timeout !== 'number' || !(timeout >= 1 && timeout <= LONGEST_S)) {
    throw badKey('timeout', `timeout is ${JSON.stringify(timeout)}`, `give 1 to ${LONGEST_S} seconds`);
  }
  if (python !== undefined && typeof python !== 'string') {
    throw badKey('python', `python is ${JSON.stringify(python)}`, 'give the path of an interpreter');
  }
  return { version, engine: engine as MathEngine, timeout, python };
}

function badKey(key: string, what: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', what, { where: `eval_cfg.evaluator.${key}`, cure });
}

// AISBench's post-processors of DAPO-Math. `fixed` is that of other math answers.

const lastAnswerLine = lastGroup(String.raw`(?i)Answer\s*:\s*([^\n]+)`, 'last-answer');

/** `dapo_math_postprocess`: `compat` is the rest of the line behind the last `Answer:`, normalised. */
export const dapoMathPostprocess: PredPostprocessor = {
  name: 'dapo_math_postprocess',
  compat: (text) => {
    const found = lastAnswerLine(text);
    return found && { ...found, answer: normalizeDapoAnswer(found.answer) };
  },
  fixed: extractMathAnswer,
  none: '[INVALID]',
};

const BOX = '\\boxed{';

/** Characters, as Python counts them, at the end of a reply in which the box must stand. */
const LAST = 100;

/** `dapo_math_postprocess_v2`: `compat` is the last box, as it is, that is whole in the last hundred characters. */
export const dapoMathPostprocessV2: PredPostprocessor = {
  name: 'dapo_math_postprocess_v2',
  compat: (text): Extraction | undefined => {
    const end = [...text.slice(-2 * LAST)].slice(-LAST).join('');
    const box = end.lastIndexOf(BOX);
    const inside = box + BOX.length;
    const close = box === -1 ? undefined : closingBrace(end, inside);
    if (close === undefined) return undefined;
    const start = text.length - end.length + inside;
    return { answer: end.slice(inside, close), rule: 'boxed', span: [start, start + close - inside] };
  },
  fixed: extractMathAnswer,
  none: '',
};

/** Where the brace is that closes one opened before `from`; those that are escaped count too. */
function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return undefined;
}

/** AISBench's two evaluators of DAPO-Math. `compat` compares texts, `fixed` what answers mean. */
function dapoMath(name: string, toReference: (gold: string) => string): Configurable<Evaluator> {
  return (): Evaluator => {
    const byMeaning = typeof mathEvaluator === 'function' ? mathEvaluator({}) : mathEvaluator;
    return {
      name,
      grade: (sample: Sample) =>
        sample.rules === 'fixed'
          ? byMeaning.grade(sample)
          : { credit: sample.answer === toReference(sample.reference) ? 1 : 0 },
    };
  };
}

/** `compat`: the answer equals the reference, normalised as answers are. */
export const dapoMathEvaluator: Configurable<Evaluator> = dapoMath('DAPOMathEvaluator', normalizeDapoAnswer);

/** `compat`: the answer equals the reference. */
export const dapoMathEvaluatorV2: Configurable<Evaluator> = dapoMath('DAPOMathEvaluatorV2', (gold) => gold);

/**
 * AISBench's evaluator of Geometry3K: the last box means the same as the reference, by our own reader, where AISBench asks the package
 * mathruler. With `format_weight` above 0 that much of the credit is for a reply with its reasoning between think tags. Throws
 * UTILS-CFG-002 for other keys and values.
 */
export const geometry3kEvaluator: Configurable<Evaluator> = (options): Evaluator => {
  onlyKeys(options, 'evaluator', ['type', 'format_weight']);
  const weight = Number(options['format_weight'] ?? 0);
  return {
    name: 'Geometry3KEvaluator',
    grade: (sample) => {
      const given = boxIn(sample);
      const isRight = given !== undefined && compareMath(sample.reference, given).isEqual;
      return {
        credit: (1 - weight) * (isRight ? 1 : 0) + weight * (isFormatted(sample.text) ? 1 : 0),
        explanation: given === undefined ? 'nothing is boxed' : `${given} against ${sample.reference}`,
      };
    },
  };
};

function boxIn({ text, rules }: Sample): string | undefined {
  return (rules === 'compat' ? lastBoxCompat(text) : boxesOf(text).at(-1))?.content;
}

function isFormatted(text: string): boolean {
  const box = text.lastIndexOf('\\boxed{');
  return text.startsWith('<think>') && text.slice(0, box).includes('</think>') && text.includes('}', box);
}

/**
 * AGIEval's sets without options: AISBench's `AGIEvalEvaluator`. It finds the answer in the whole reply itself, and compares the
 * texts after the rewriting of LaTeX of Hendrycks' MATH. Both rule sets are the same: nothing is computed, so that 0.50 is not
 * \frac{1}{2} here, though 0.5 is.
 */
export const agievalEvaluator: Evaluator = {
  name: 'AGIEvalEvaluator',
  metric: 'score',
  grade({ text, reference }): Grade {
    const found = mathAnswer(text);
    if (found === undefined) return { credit: 0, explanation: 'no answer found' };
    const isRight = rewritten(found) === rewritten(reference);
    return { credit: isRight ? 1 : 0, explanation: `${found} against ${reference}` };
  },
};

const CUES = ['The answer is therefore', '答案是'];

/** What AGIEval takes for the answer: the last box, else the text between dollars, behind `=`, or the last number. */
export function mathAnswer(reply: string): string | undefined {
  let text = reply;
  for (const cue of CUES) {
    const at = text.startsWith(cue) ? 0 : text.lastIndexOf(cue);
    if (at >= 0) text = text.slice(at + cue.length).trim();
  }
  if (text.includes('\\boxed')) return boxed(text);
  const dollars = text.split('\n').flatMap((line) => line.match(/\$(.*)\$/)?.[1] ?? []);
  return rightSide(dollars.at(-1) ?? '') || bare(text);
}

/** The content of the last `\boxed{…}`; undefined where its braces do not close. */
function boxed(text: string): string | undefined {
  const opening = '\\boxed{';
  const start = text.lastIndexOf('\\boxed');
  if (!text.startsWith(opening, start)) return undefined;
  let depth = 0;
  for (let i = start + opening.length - 1; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return rightSide(text.slice(start + opening.length, i));
  }
  return undefined;
}

function rightSide(text: string): string {
  const at = text.lastIndexOf('=');
  return at < 0 ? text : text.slice(at + 1).replace(/^ +/, '');
}

function bare(text: string): string | undefined {
  if (text.includes('=')) return rightSide(text).replace(/\.+$/, '').split('\\n')[0];
  return text.match(/\p{Nd}+(?:\.\p{Nd}+)?(?![\p{L}\p{N}_])/gu)?.at(-1);
}

/** Spellings that AGIEval does not tell apart, one for all. */
function rewritten(answer: string): string {
  let text = answer
    .replaceAll('\n', '')
    .replaceAll('\\!', '')
    .replaceAll('\\\\', '\\')
    .replace(/[td]frac/g, 'frac')
    .replace(/\\left|\\right/g, '')
    .replace(/\^\{\\circ\}|\^\\circ/g, '')
    .replaceAll('\\$', '');
  text = withoutUnits(text).replaceAll('\\%', '').replaceAll(' .', ' 0.').replaceAll('{.', '{0.');
  if (text.startsWith('.')) text = `0${text}`;
  const sides = text.split('=');
  if (sides.length === 2 && sides[0]!.length <= 2) text = sides[1]!;
  text = text.replace(/\\sqrt([^{])/gs, '\\sqrt{$1}').replaceAll(' ', '');
  text = bracedFractions(text);
  if (text === '0.5') return '\\frac{1}{2}';
  return text.replace(/^(-?(?:0|[1-9]\d*))\/(-?(?:0|[1-9]\d*))$/, '\\frac{$1}{$2}');
}

/** Units stand in `\text{ …}` behind the answer. */
function withoutUnits(text: string): string {
  return text.split('\\text{ ').length === 2 ? text.split('\\text{ ')[0]! : text;
}

/** `\frac12` and `\frac1{2}` with all braces. */
function bracedFractions(text: string): string {
  return text.replace(/\\frac([^{])(?:(\{)|(.))/gs, (_, above: string, brace: string, below: string) =>
    brace === undefined ? `\\frac{${above}}{${below}}` : `\\frac{${above}}{`,
  );
}
