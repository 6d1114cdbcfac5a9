import { counts, ratios, repeats, sentenceRules } from '../ifbench/counts.ts';
import { custom } from '../ifbench/custom.ts';
import { formats } from '../ifbench/formats.ts';
import { wordRules } from '../ifbench/word-rules.ts';
import { type Instruction, instructionsOf } from '../ifeval/instructions.ts';
import type { InstructionCheck, InstructionFamily } from '../ifeval/kwargs.ts';
import { pythonStrip } from '../python-text.ts';
import type { Evaluator, Grade, RuleSet, Sample } from '../types.ts';

/**
 * The 58 instruction types of IFBench (Ai2), by the two halves of their ids. `fixed` is the authors' code of 2026, `compat` AISBench's copy,
 * which is older; where either raises, the instruction is not followed.
 */
export const IFBENCH: Readonly<Record<RuleSet, Readonly<Record<string, InstructionFamily>>>> = {
  fixed: familiesOf('fixed'),
  compat: familiesOf('compat'),
};

function familiesOf(rules: RuleSet): Readonly<Record<string, InstructionFamily>> {
  return {
    count: counts(rules),
    ratio: ratios(rules),
    words: wordRules(rules),
    sentence: sentenceRules(rules),
    format: formats(rules),
    custom: custom(rules),
    repeat: repeats(rules),
  };
}

interface Followed {
  readonly id: string;
  /** By the reply as it came. */
  readonly strict: boolean;
  /** By the reply, or by one of the seven texts that are left without its stars, first line or last line. */
  readonly loose: boolean;
}

/** Which instructions a reply follows. A blank reply follows none. */
export function follow(reply: string, instructions: readonly Instruction[]): Followed[] {
  const strict = instructions.map(({ isFollowed }) => isFollowedBy(reply, isFollowed));
  const loose = [...strict];
  // Text by text: what one check found out of a text the next one need not.
  for (const variant of looseVariants(reply))
    for (const [i, { isFollowed }] of instructions.entries()) loose[i] ||= isFollowedBy(variant, isFollowed);
  return instructions.map(({ id }, i) => ({ id, strict: strict[i]!, loose: loose[i]! }));
}

/** The reply without stars, and without its first line, its last one or both, with their stars and without. */
export function looseVariants(reply: string): string[] {
  const lines = reply.split('\n');
  const kept = [lines.slice(1), lines.slice(0, -1), lines.slice(1, -1)];
  const shorter = kept.map((some) => pythonStrip(some.join('\n')));
  return [...shorter, ...[reply, ...shorter].map((text) => text.replaceAll('*', ''))];
}

function isFollowedBy(text: string, check: InstructionCheck): boolean {
  return pythonStrip(text) !== '' && check(text);
}

/**
 * Instruction following, by the rules of google-research's `instruction_following_eval`: a reply is right if it follows all
 * instructions of its row as it came. The three other numbers are parts, under AISBench's names. The gold is the row.
 */
export const ifEvaluator: Evaluator = {
  name: 'IFEvaluator',
  metric: 'Prompt-level-strict-accuracy',
  grade: (sample) => gradeOf(follow(replyOf(sample), instructionsOf(sample.gold))),
};

/** The same of IFBench, by the code of its authors or by AISBench's copy of an older one. */
export const ifBenchEvaluator: Evaluator = {
  name: 'IFBenchEvaluator',
  metric: ifEvaluator.metric!,
  grade: (sample) =>
    gradeOf(
      follow(
        replyOf(sample),
        instructionsOf(sample.gold, { name: 'IFBench', families: IFBENCH[sample.rules] }),
      ),
    ),
};

/** Space around a reply counts (a blank first line is a paragraph), and only the default extractor took it away. */
function replyOf({ answer, text }: Sample): string {
  return answer === text.trim() ? text : answer;
}

function gradeOf(followed: readonly Followed[]): Grade {
  const n = followed.length;
  const strict = followed.filter((one) => one.strict).length;
  const loose = followed.filter((one) => one.loose).length;
  return {
    credit: strict === n ? 1 : 0,
    ...(strict === n ? {} : { explanation: explain(followed) }),
    parts: {
      'Inst-level-strict-accuracy': [strict, n],
      'Prompt-level-loose-accuracy': [loose === n ? 1 : 0, 1],
      'Inst-level-loose-accuracy': [loose, n],
    },
  };
}

function explain(followed: readonly Followed[]): string {
  const missed = followed.filter(({ strict }) => !strict);
  return `not followed: ${missed.map(({ id, loose }) => (loose ? `${id} (loosely it is)` : id)).join(', ')}`;
}
