import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Answering,
  DIALOGUES,
  reply,
  sampleDataset,
  samplePlan,
  sampleSource,
  sampleTarget,
  sampleWire,
} from '../../test/support/sample-source.ts';
import type { Row } from '../contract/dataset.ts';
import type { CallRef } from '../contract/record.ts';
import { readRecords, readTranscripts } from '../store/read-back.ts';
import { fakeClock } from '../testing/index.ts';
import { RunControl } from './control.ts';
import { multiTurn } from './inferencers.ts';
import type { QueuedOrder } from './pool.ts';
import { PulledTask } from './pull-task.ts';
import { serviceClient } from './run-task.ts';
import { queueTask } from './send-task.ts';
import type { TaskSamples } from './shape.ts';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-queue-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clock = fakeClock();
const yes: Answering = (sink) => reply(sink, clock, { said: 'yes', tokens: 2 });
const no: Answering = (sink) => reply(sink, clock, { error: 'no' }, 400);

/** Gives the samples of an order to workers, and those that a worker did not answer to others. */
class MemoryQueue {
  readonly #open: number[];
  readonly #wants: { readonly give: (n: number) => void; readonly isGone: () => boolean }[] = [];

  constructor(cases: readonly number[]) {
    this.#open = [...cases];
  }

  want(cases: number, give: (n: number) => void, isGone: () => boolean): void {
    for (let n = 0; n < cases; n++) this.#wants.push({ give, isGone });
    this.#match();
  }

  put(cases: Iterable<number>): void {
    this.#open.push(...cases);
    this.#match();
  }

  #match(): void {
    setImmediate(() => {
      while (this.#open.length > 0 && this.#wants.length > 0) {
        const { give, isGone } = this.#wants.shift()!;
        if (!isGone()) give(this.#open.shift()!);
      }
    });
  }
}

const WORKER = 'a1';

interface FakeWorker {
  readonly slots: number;
  readonly answer: Answering;
  /** Dies after so many answers; what it has in hand goes back. */
  readonly diesAfter?: number;
  /** Says every answer twice. */
  readonly stutters?: boolean;
}

/** A pool within this process. A worker that dies is followed by another, which does not. */
function poolOf(source: TaskSamples, workers: readonly FakeWorker[], asked: number[] = []) {
  const sendQueue = async (order: QueuedOrder) => {
    const queue = new MemoryQueue(order.samples);
    const running = new Set<PulledTask>();
    const isDone = () => order.left.size === 0 || order.stop.stopped;
    const join = async (worker: FakeWorker): Promise<void> => {
      const control = new RunControl();
      const hands = new Set<number>();
      const wire = sampleWire(clock, worker.answer, control.signal);
      let answers = 0;
      const task: PulledTask = new PulledTask(
        source,
        serviceClient({ wire, pick: () => sampleTarget() }, 1),
        {
          slots: worker.slots,
          worker: WORKER,
          control,
          progress: { done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 },
          redact: (text) => text,
          want: (cases) => queue.want(cases, take, () => control.interrupted),
          answered: (answer) => {
            if (control.interrupted) return;
            hands.delete(answer.n);
            asked.push(answer.n);
            order.keep(answer);
            if (worker.stutters) order.keep(answer);
            answers += 1;
            if (answers === worker.diesAfter) control.abort();
            if (isDone()) for (const one of running) one.end();
          },
        },
      );
      function take(n: number): void {
        hands.add(n);
        task.take(n);
      }
      running.add(task);
      await task.finished;
      queue.put(hands);
      if (control.interrupted && !isDone()) await join({ slots: worker.slots, answer: yes });
    };
    await Promise.all(workers.map(join));
    return {};
  };
  return { sendQueue };
}

let number = 0;
async function run(source: TaskSamples, workers: readonly FakeWorker[], asked?: number[]) {
  const files = {
    records: join(folder, `${++number}_records.jsonl`),
    predictions: join(folder, `${number}.jsonl`),
  };
  const progress = { done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
  const setting = { task: 0, origin: '0', modelName: undefined, control: new RunControl(), progress };
  const keeping = { files, redact: (text: string) => text, onRecord: () => {} };
  // Members have read all of it: what is left the command alone knows.
  const { only: _left, ...whole } = source;
  const outcome = await queueTask(source, poolOf(whole, workers, asked), { ...setting, ...keeping });
  const read = await all(readRecords(files.records));
  expect(read.every(({ worker }) => worker === WORKER)).toBe(true);
  const records = read.map(place);
  const transcripts = (await all(readTranscripts(files.predictions))).map(place);
  return { outcome, progress, records, transcripts };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const place = ({ call }: { call: CallRef }) => `${call.index}.${call.repetition}.${call.turn ?? ''}`;

describe('a task whose cases are taken from a queue', () => {
  it('has one answer of every case, whoever dies and whatever is said twice', async () => {
    const member = fc.record({
      slots: fc.integer({ min: 1, max: 6 }),
      answer: fc.constant(yes),
      diesAfter: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
      stutters: fc.boolean(),
    });
    const crew = fc.array(member, { minLength: 1, maxLength: 4 }) as fc.Arbitrary<FakeWorker[]>;
    await fc.assert(
      fc.asyncProperty(crew, async (workers) => {
        const { outcome, progress, records, transcripts } = await run(
          sampleSource(20, { repetitions: 2 }),
          workers,
        );
        expect(outcome).toEqual({ sent: 40, stopped: undefined });
        expect(progress).toMatchObject({ done: 40, failed: 0, outputTokens: 80 });
        expect(new Set(records).size).toBe(40);
        expect(records).toHaveLength(40);
        expect(transcripts.sort()).toEqual(records.sort());
      }),
      { numRuns: 15 },
    );
  });

  it('asks only what a continued run has left', async () => {
    const asked: number[] = [];
    const { outcome } = await run(
      { ...sampleSource(9), only: [2, 3, 7] },
      [{ slots: 2, answer: yes }],
      asked,
    );
    expect(asked).toEqual([2, 3, 7]);
    expect(outcome.sent).toBe(3);
  });

  it('gives up when 20 cases failed and none was ever answered', async () => {
    const { outcome, progress } = await run(sampleSource(100), [
      { slots: 3, answer: no },
      { slots: 1, answer: no },
    ]);
    expect(outcome.stopped).toBe('gave-up');
    expect(progress.failed).toBeGreaterThanOrEqual(20);
    expect(progress.failed).toBeLessThan(30);
  });

  it('has all turns of a dialogue, or none: a case that was broken off is asked again from its beginning', async () => {
    const model = samplePlan();
    const dataset = sampleDataset(DIALOGUES);
    const row: Row = { question: ['a', 'b', 'c'], answer: ['1', '2', '3'] };
    const rows = Array.from({ length: 12 }, (_, index) => ({ index, row }));
    const source = { model, rows, shape: multiTurn({ model, dataset, train: [] }) };
    const { outcome, records } = await run(source, [
      { slots: 3, answer: yes, diesAfter: 2 },
      { slots: 3, answer: yes, diesAfter: 3 },
    ]);
    expect(outcome.sent).toBe(36);
    expect(new Set(records).size).toBe(36);
  });

  it('a service in trouble is asked less at once', async () => {
    const busy: Answering = (sink, n, request) =>
      n < 24 ? reply(sink, clock, { error: 'too many' }, 429) : yes(sink, n, request);
    let [inFlight, mostLater] = [0, 0];
    const counted: Answering = (sink, n, request) => {
      inFlight += 1;
      if (n >= 24) mostLater = Math.max(mostLater, inFlight);
      setImmediate(() => {
        inFlight -= 1;
        clock.advance(1);
        busy(sink, n, request);
      });
    };
    await run(sampleSource(40), [{ slots: 16, answer: counted }]);
    expect(mostLater).toBeLessThanOrEqual(8);
  });
});
