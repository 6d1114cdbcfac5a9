import { AisBenchError } from '../../errors.ts';
import { boxesOf } from '../math/boxed.ts';
import { extractMathAnswer } from '../math/extract-math.ts';
import { compareMath } from '../math/math-equal.ts';
import { isStringEqual, type StringVersion } from '../math/string-rules.ts';
import type { Configurable, Evaluator, Grade, Sample } from '../types.ts';

/**
 * AISBench's two classes of this name. With `version: 'v1'` or `'v2'` the rules `compat` are its string rules (scoring.md §2.3);
 * without it they are ours, as math-verify's, which AISBench asks there, are not rebuilt. The rules `fixed` always compare what
 * the answers mean. An answer that is the whole reply is extracted first, and a reference that is a whole solution is its last
 * box. Throws UTILS-CFG-002 for other keys and versions.
 */
export const mathEvaluator: Configurable<Evaluator> = (options) => {
  const version = versionOf(options);
  return {
    name: 'MATHEvaluator',
    grade: (sample) =>
      version !== undefined && sample.rules === 'compat' ? byText(sample, version) : byMeaning(sample),
  };
};

function byText({ answer, reference }: Sample, version: StringVersion): Grade {
  return { credit: isStringEqual(answer, reference, version) ? 1 : 0 };
}

function byMeaning({ answer, reference, text }: Sample): Grade {
  const given =
    answer !== '' && answer === text.trim() ? (extractMathAnswer(answer)?.answer ?? answer) : answer;
  const wanted = boxesOf(reference).at(-1)?.content ?? reference;
  const { isEqual, asTexts } = compareMath(wanted, given);
  const explanation = asTexts === undefined ? {} : { explanation: `compared as texts: ${asTexts}` };
  return { credit: isEqual ? 1 : 0, ...explanation };
}

function versionOf({ version, ...others }: Readonly<Record<string, unknown>>): StringVersion | undefined {
  const [other] = Object.keys(others).filter((key) => key !== 'type');
  if (other !== undefined) {
    throw new AisBenchError('UTILS-CFG-002', `MATHEvaluator has no key '${other}'`, {
      where: `eval_cfg.evaluator.${other}`,
      cure: "take the key out; it has one: version, 'v1' or 'v2'",
    });
  }
  if (version === undefined || version === 'v1' || version === 'v2') return version;
  throw new AisBenchError('UTILS-CFG-002', `MATHEvaluator has no version ${JSON.stringify(version)}`, {
    where: 'eval_cfg.evaluator.version',
    cure: "take 'v1' or 'v2', or leave it out to compare what the answers mean",
  });
}
