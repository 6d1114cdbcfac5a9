import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallRef } from '../contract/record.ts';
import { attemptsOf, lastAttempts } from './read-back.ts';

interface Line {
  readonly call: CallRef;
  readonly attempt: number;
}

const line = (id: string, attempt: number, turn?: number): Line => ({
  call: { id, model: 'm', dataset: 'd', index: 0, repetition: 0, ...(turn === undefined ? {} : { turn }) },
  attempt,
});

async function* from(lines: readonly Line[]): AsyncGenerator<Line> {
  yield* lines;
}

async function all(lines: AsyncIterable<Line>): Promise<Line[]> {
  const found: Line[] = [];
  for await (const one of lines) found.push(one);
  return found;
}

describe('lastAttempts', () => {
  it('of each case gives the requests of its last attempt, however cases and attempts lie', async () => {
    /** Of each case, how many turns each of its attempts came to. */
    const history = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async (cases, random) => {
        const queues = cases.map((attempts, id) =>
          attempts.flatMap((turns, attempt) =>
            Array.from({ length: turns }, (_, turn) => line(String(id), attempt, turn)),
          ),
        );
        const file: Line[] = [];
        for (let open = queues.filter(isLeft); open.length > 0; open = queues.filter(isLeft)) {
          file.push(open[random.next().value! % open.length]!.shift()!);
        }
        const kept = await all(lastAttempts(() => from(file)));
        const last = (one: Line) => one.attempt === cases[Number(one.call.id)]!.length - 1;
        expect(kept).toEqual(file.filter(last));
      }),
    );
  });
});

const isLeft = (queue: readonly Line[]) => queue.length > 0;

describe('attemptsOf', () => {
  const file = [line('a', 0), line('b', 0), line('a', 1), line('old', 0)];

  it('is the whole file where one session wrote it', async () => {
    expect(await all(attemptsOf(() => from(file), undefined))).toEqual(file);
  });

  it('leaves out cases that the plan does not have', async () => {
    expect(await all(attemptsOf(() => from(file), new Set(['a', 'b'])))).toEqual([
      line('b', 0),
      line('a', 1),
    ]);
  });
});
