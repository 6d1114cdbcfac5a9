import { expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import { LiveFigures } from './live.ts';
import { RunSummary } from './summary.ts';

/** Answers of a closed loop of two slots, and failures between them. */
function* records(count: number) {
  for (let n = 0; n < count; n++) {
    const scheduled = n < 2 ? 100 : 100 + n * 7;
    const sent = scheduled + (n % 5) * 0.4;
    const at = (k: number) => sent + 20 + ((n * 13) % 40) + k * (3 + (n % 3));
    if (n % 10 === 9)
      yield sampleFailure({ kind: 'timeout', message: 'late' }, { scheduled, sent, done: sent + 1 });
    const events = [0, 1, 2, 3].map((k) => ['content', at(k)] as const);
    yield sampleAnswer({ scheduled, sent, done: at(3), attempt: n % 7 === 6 ? 2 : 1, events, output: 4 });
  }
}

it('agrees with the report to 0.8 %, added up over two processes or not', () => {
  const run = new RunSummary({ concurrency: 2 });
  const [whole, sum] = [new LiveFigures(), new LiveFigures()];
  const workers = [new LiveFigures(), new LiveFigures()];
  for (const [n, record] of [...records(300)].entries()) {
    run.add(record);
    whole.add(record);
    workers[n % 2]!.add(record);
    if (n % 50 === 0) sum.addChanges('worker 1', workers[0]!.takeChanges('worker 1'));
  }
  for (const [n, worker] of workers.entries()) sum.addChanges(`worker ${n + 1}`, worker.takeChanges('any'));
  const { rows, load, failures } = run.finish();
  for (const figures of [whole, sum]) {
    for (const [name, sketch] of [
      ['TTFT', figures.ttft],
      ['ITL', figures.itl],
    ] as const) {
      const row = rows.find((one) => one.name === name)!;
      expect(sketch.length).toBe(row.gaps ?? row.n);
      expect(Math.abs(sketch.percentile(50)! / row.stats!.median - 1)).toBeLessThan(0.008);
      expect(Math.abs(sketch.percentile(99)! / row.stats!.p99 - 1)).toBeLessThan(0.008);
    }
    expect(Math.abs(figures.lag.percentile(99)! / load.refillLag!.p99 - 1)).toBeLessThan(0.008);
    expect([...figures.failures]).toEqual(failures.map(({ kind, count }) => [kind, count]));
  }
});

it('tells the health of a process once', () => {
  const [worker, sum] = [new LiveFigures(), new LiveFigures()];
  for (const at of [1000, 2000, 3000]) {
    worker.addHealth('worker 1', { at, span: 1000 });
    sum.addChanges('worker 1', worker.takeChanges('worker 1'));
  }
  expect(sum.health.get('worker 1')!.map(({ at }) => at)).toEqual([1000, 2000, 3000]);
});
