import { AisBenchError } from '../../contract/errors.ts';
import { boxesOf } from '../math/boxed.ts';
import { extractMathAnswer } from '../math/extract-math.ts';
import { ENGINES, type Engine, VerifiedMath } from '../math/math-engines.ts';
import { compareMath } from '../math/math-equal.ts';
import type { MathPair } from '../math/math-verify.ts';
import { isStringEqual, type StringVersion } from '../math/string-rules.ts';
import type { Configurable, Evaluator, Grade, Sample } from '../types.ts';

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

interface Settings {
  readonly version: StringVersion | undefined;
  readonly engine: Engine;
  /** Seconds that math-verify may take for one answer. */
  readonly timeout: number;
  readonly python: string | undefined;
}

const KEYS = ['version', 'engine', 'timeout', 'python'];

/** Longer than any answer of a benchmark takes. */
const TIMEOUT_S = 15;
const LONGEST_S = 600;

function settingsOf(options: Readonly<Record<string, unknown>>): Settings {
  const other = Object.keys(options).find((key) => key !== 'type' && !KEYS.includes(key));
  if (other !== undefined)
    throw badKey(other, `MATHEvaluator has no key '${other}'`, `it has: ${KEYS.join(', ')}`);
  const { version, engine = 'own', timeout = TIMEOUT_S, python } = options;
  if (version !== undefined && version !== 'v1' && version !== 'v2') {
    const cure = "take 'v1' or 'v2', or leave it out to compare what the answers mean";
    throw badKey('version', `MATHEvaluator has no version ${JSON.stringify(version)}`, cure);
  }
  if (!ENGINES.includes(engine as Engine)) {
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
  return { version, engine: engine as Engine, timeout, python };
}

function badKey(key: string, what: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', what, { where: `eval_cfg.evaluator.${key}`, cure });
}
