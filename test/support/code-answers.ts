import type { Evaluator, Grade } from '../../src/evaluate/types.ts';
import { sampleOf } from '../sample-of.ts';

/** Mutants that are tried of a solution until one is found out: some change nothing that its tests look at. */
const TRIED = 12;

/** Credits of these answers to a row, as many at a time as the evaluator says. */
export async function grades(
  evaluator: Evaluator,
  answers: readonly { readonly answer: string; readonly gold: unknown }[],
): Promise<Grade[]> {
  const done: Grade[] = [];
  const queue = [...answers.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [n, { answer, gold }] = next;
      done[n] = await evaluator.grade(sampleOf(answer, '', { gold }));
    }
  };
  await Promise.all(Array.from({ length: evaluator.concurrency ?? 1 }, work));
  return done;
}

/** Which of the mutants is not passed, counted from 0: the first that is not ends the search. Undefined where all pass. */
export async function foundOut(
  evaluator: Evaluator,
  mutants: readonly string[],
  gold: unknown,
): Promise<number | undefined> {
  for (const [n, answer] of mutants.slice(0, TRIED).entries()) {
    const { credit } = await evaluator.grade(sampleOf(answer, '', { gold }));
    if (credit === 0) return n;
  }
  return undefined;
}
