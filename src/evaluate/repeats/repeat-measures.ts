import { clusterOf } from '../measure.ts';
import { intervalOf } from '../statistics/interval-of.ts';
import type { Judged, Judgement, Measure, RuleSet } from '../types.ts';
import { consensusAtK, type Vote } from './majority.ts';
import { compatConsensus, passAtK } from './pass-at-k.ts';
import { sameAnswerKey } from './same-answer.ts';

/** The answers to one question; each turn of a dialogue is a question of its own. */
type Question = readonly Judged[];

/**
 * `pass@k` and `cons@k` of questions that were asked several times, in percent, for every k (default: as often as they were
 * asked); nothing where each was asked once. A question with fewer than k answers has no number for that k, and `n` says how
 * many have. Only answers that are wholly right count as right.
 */
export function repeatMeasures(judged: readonly Judged[], ks?: readonly number[]): Record<string, Measure> {
  const questions = questionsOf(judged);
  const most = timesAsked(questions);
  if (most < 2) return {};
  const measures = [...new Set(ks ?? [most])].flatMap((k) => {
    const enough = questions.filter((answers) => answers.length >= k);
    if (enough.length === 0) return [];
    return [
      [`pass@${k}`, measureOf(enough, (answers, rules) => passOf(answers, k, rules))] as const,
      [`cons@${k}`, measureOf(enough, (answers, rules) => consensusOf(answers, k, rules))] as const,
    ];
  });
  return Object.fromEntries(measures);
}

/** Answers by question, in the order in which the questions first appear; AISBench mixes the questions up here (§10.4, 42). */
export function questionsOf(judged: readonly Judged[]): Question[] {
  const questions = new Map<string, Judged[]>();
  for (const one of judged) {
    const key = `${one.index} ${one.turn ?? ''}`;
    const answers = questions.get(key);
    if (answers === undefined) questions.set(key, [one]);
    else answers.push(one);
  }
  return [...questions.values()];
}

/** Answers that the questions have at most. */
export function timesAsked(questions: readonly Question[]): number {
  return questions.reduce((most, { length }) => Math.max(most, length), 0);
}

function measureOf(
  questions: readonly Question[],
  worthOf: (answers: Question, rules: RuleSet) => number,
): Measure {
  const rules = questions[0]![0]!.rules;
  const worths = questions.map((answers) => worthOf(answers, rules));
  const interval = intervalOf(
    worths.map((got, n) => ({ cluster: clusterOf(questions[n]![0]!), got, of: 1 })),
  );
  return {
    value: meanPercent(worths),
    n: questions.length,
    ...(interval === undefined ? {} : { interval }),
    compat: meanPercent(questions.map((answers) => worthOf(answers, 'compat'))),
  };
}

function meanPercent(worths: readonly number[]): number {
  return (100 * worths.reduce((sum, worth) => sum + worth, 0)) / worths.length;
}

function passOf(answers: Question, k: number, rules: RuleSet): number {
  return passAtK(answers.length, correctIn(answers, rules), k);
}

function consensusOf(answers: Question, k: number, rules: RuleSet): number {
  if (rules === 'compat') return compatConsensus(correctIn(answers, rules), k);
  const votes = answers.map((one) => voteOf(one[rules]));
  return consensusAtK(votes, k);
}

function voteOf({ verdict, extraction }: Judgement): Vote {
  const answer = extraction === undefined ? undefined : sameAnswerKey(extraction.answer);
  return { answer, correct: verdict === 'correct' };
}

function correctIn(answers: Question, rules: RuleSet): number {
  return answers.filter((one) => one[rules].verdict === 'correct').length;
}
