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

/** Whether one of the mutants is not passed; the first that is not ends the search. */
export async function isFoundOut(
  evaluator: Evaluator,
  mutants: readonly string[],
  gold: unknown,
): Promise<boolean> {
  for (const answer of mutants.slice(0, TRIED)) {
    const { credit } = await evaluator.grade(sampleOf(answer, '', { gold }));
    if (credit === 0) return true;
  }
  return false;
}
