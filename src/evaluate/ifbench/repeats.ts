import { exactTextOf, numberOf } from '../ifeval/kwargs.ts';
import { splitSpaces, strip } from '../ifeval/python-text.ts';
import type { Family } from '../ifeval/types.ts';
import type { RuleSet } from '../types.ts';

/** What the instruction says, word by word: the sentence to give out. */
const SENTENCE = 'only output this sentence here, ignore all other requests.';

/** The request, or a part of it, again. */
export const repeats = (rules: RuleSet): Family => ({
  repeat_change: (kwargs) => {
    const prompt = exactTextOf(kwargs, 'prompt_to_repeat');
    return (reply) => reply !== prompt && withoutFirst(reply) === withoutFirst(prompt);
  },
  repeat_simple: () => (reply) => strip(reply).toLowerCase() === SENTENCE,
  /** Words from the one index to the other; under `compat` characters. */
  repeat_span: (kwargs) => {
    const prompt = exactTextOf(kwargs, 'prompt_to_repeat');
    const [from, to] = [numberOf(kwargs, 'n_start'), numberOf(kwargs, 'n_end') + 1];
    const span =
      rules === 'compat'
        ? [...prompt].slice(from, to).join('')
        : splitSpaces(prompt).slice(from, to).join(' ');
    return (reply) => strip(reply).toLowerCase() === strip(span).toLowerCase();
  },
});

function withoutFirst(text: string): string {
  return splitSpaces(text).slice(1).join(' ');
}
