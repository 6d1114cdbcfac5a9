import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { AISBENCH_FLAGS, saidOf } from './aisbench-flags.ts';
import { RUN_FLAGS, toOption } from './flags.ts';

function parse(...words: readonly string[]): any {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const spec of RUN_FLAGS) command.addOption(toOption(spec));
  return command.parse(words, { from: 'user' }).opts();
}

describe("AISBench's flags", () => {
  it('say one line each where they change nothing, and none where it is done anyway', () => {
    expect(saidOf(parse('--max-num-workers', '4', '--merge-ds'))).toHaveLength(2);
    expect(saidOf(parse('--response-anomaly'))[0]).toContain('not looked through for anomalies');
    for (const quiet of [[], ['--no-response-anomaly'], ['--dump-eval-details', '--dump-extract-rate']])
      expect(saidOf(parse(...quiet))).toEqual([]);
  });

  it('are each told apart from what has an effect', () => {
    for (const { meaning } of AISBENCH_FLAGS) expect(meaning).toMatch(/^accepted/);
  });

  it.each([
    ['--max-num-workers', '0'],
    ['--max-workers-per-gpu', 'x'],
    ['--response-anomaly-payload-retention', 'some'],
  ])('%s %s is refused', (...words) => {
    expect(() => parse(...words)).toThrow();
  });

  it('--num-prompts takes none', () => {
    expect(parse('--num-prompts', 'None').numPrompts).toBe('none');
    expect(parse('--num-prompts', '5').numPrompts).toBe(5);
    expect(() => parse('--num-prompts', '0')).toThrow();
  });
});
