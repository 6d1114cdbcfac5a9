import type { Family } from '../ifeval/kwargs.ts';
import type { RuleSet } from '../types.ts';
import { counts, ratios, repeats, sentenceRules } from './counts.ts';
import { custom } from './custom.ts';
import { formats } from './formats.ts';
import { wordRules } from './word-rules.ts';

/**
 * The 58 instruction types of IFBench (Ai2), by the two halves of their ids. `fixed` is the authors' code of 2026, `compat` AISBench's copy,
 * which is older; where either raises, the instruction is not followed.
 */
export const IFBENCH: Readonly<Record<RuleSet, Readonly<Record<string, Family>>>> = {
  fixed: familiesOf('fixed'),
  compat: familiesOf('compat'),
};

function familiesOf(rules: RuleSet): Readonly<Record<string, Family>> {
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
