import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sampleAnswer } from '../../../test/support/sample-record.ts';
import { RunSummary } from '../../metrics/summary.ts';
import { summaryBlock } from './block.ts';
import type { ExportedTask } from './task.ts';

function timed(more: Partial<ExportedTask> = {}): ExportedTask {
  const run = new RunSummary({ concurrency: 2 });
  for (const sent of [0, 100]) {
    const events = [
      ['content', sent + 50],
      ['content', sent + 70],
    ] as const;
    run.add(sampleAnswer({ sent, done: sent + 70, events, input: 5, output: 2 }));
  }
  const summary = run.finish();
  return { run: 'r', model: 'qwen', dataset: 'gsm8k', summary, isLoadTest: true, simulated: false, ...more };
}

const CARD = { metric: 'accuracy', n: 8, correct: 6, wrong: 2, unextractable: 1, truncated: 0, failed: 0 };
const interval = { low: 40.93, high: 92.87, level: 0.95, method: 'Wilson' };
const ACCURACY = { model: 'qwen', dataset: 'gsm8k', card: { ...CARD, value: 75, interval } };

it('begins with the verdict and ends with the command', () => {
  const block = summaryBlock({ run: 'r1', tasks: [timed()], command: 'ais_bench --mode perf' });
  expect(
    block,
  ).toBe(`**NOT STEADY**: 2 requests are too few to show a steady state (at least 30). \`ais_bench\` run \`r1\`

| Model | Dataset | Verdict | TTFT P50 / P99, ms | TPOT P50 / P99, ms | ITL P50 / P99, ms | E2EL P50 / P99, ms | req/s | output tok/s | failed |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| qwen | gsm8k | NOT STEADY | 50 / 50 | 20 / 20 | 20 / 20 | 70 / 70 | 11.76 | 23.53 | 0 of 2 |

\`\`\`sh
ais_bench --mode perf
\`\`\`
`);
});

it('has scores with their intervals; what is made up is said first', () => {
  const block = summaryBlock({
    run: 'r1',
    tasks: [timed({ accuracy: ACCURACY, isLoadTest: false, simulated: true })],
  });
  const lines = block.split('\n');
  expect(lines[0]).toContain('**2 of 2 requests answered**');
  expect(lines[0]).toContain('SIMULATED');
  expect(block).toContain('| qwen | gsm8k | accuracy | **75.00** (40.9…92.9) | 8 | 6 | 1 | 0 |');
  expect(block).toContain('| no load test |');
  expect(block).not.toContain('```');
});

it('has what answers were worth under load beside the load', () => {
  const underLoad = { n: 8, correctPerSecond: 3.25, atSlo: { slos: { ttft: 500 }, met: { value: 0, n: 8 } } };
  const tasks = [timed({ accuracy: { ...ACCURACY, underLoad } }), timed({ dataset: 'other' })];
  const lines = summaryBlock({ run: 'r1', tasks }).split('\n');
  expect(lines.filter((line) => /failed \| correct/.test(line))).toEqual([
    expect.stringMatching(/\| failed \| correct\/s \| score at SLO \| met SLO \|$/),
  ]);
  expect(
    lines.filter((line) => line.includes('NOT STEADY |')).map((line) => line.split(' | ').slice(-4)),
  ).toEqual([
    ['0 of 2', '3.250', 'n/a', '0.0 % |'],
    ['0 of 2', 'n/a', 'n/a', 'n/a |'],
  ]);
  const { atSlo: _none, ...rate } = underLoad;
  const narrow = summaryBlock({ run: 'r1', tasks: [timed({ accuracy: { ...ACCURACY, underLoad: rate } })] });
  expect(narrow).toMatch(/\| failed \| correct\/s \|\n/);
});

it('has 25 lines at most, and nothing in it ends a cell, the table or the fence', () => {
  const task = timed({ accuracy: ACCURACY });
  const names = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(names, fc.stringMatching(/^[ -~]{0,60}$/), (models, command) => {
      const tasks = models.map((model) => ({ ...task, model, dataset: `${model}|` }));
      const lines = summaryBlock({ run: 'r', tasks, command }).trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(25);
      // The command stands between fences in the last three lines and may look like anything.
      for (const line of lines
        .slice(0, -3)
        .filter((text) => text.startsWith('| ') && !text.startsWith('| and '))) {
        const bars = line.replaceAll('\\\\', '').replaceAll('\\|', '').match(/\|/g)!.length;
        expect([9, 11]).toContain(bars);
      }
      const [fence] = lines.slice(-1);
      expect(fence).toMatch(/^`{3,}$/);
      expect(command).not.toContain(fence);
    }),
  );
});
