import { describe, expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';
import { fullMeaning, helpText } from './parser.ts';

const MAIN_HELP_LINES = 150;
const root = COMMANDS[0]!;
const cases = COMMANDS.flatMap((spec) => [40, 80, 120, 200].map((width) => ({ spec, width })));

describe('help', () => {
  it.each(cases)('of "$spec.name" fits $width columns, and no word is cut', ({ spec, width }) => {
    const text = helpText(spec, { width, all: true });
    if (width >= 80) for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    const words = new Set(text.split(/\s+/));
    for (const flag of [...(spec.flags ?? []), ...(spec.runFlags ?? [])]) {
      if (flag.hidden) continue;
      const missing = `${flag.flags} ${fullMeaning(flag)}`.split(' ').filter((word) => !words.has(word));
      expect(missing).toEqual([]);
    }
  });

  it('of the command itself is short enough to be read', () => {
    expect(helpText(root, { width: 80 }).split('\n').length).toBeLessThan(MAIN_HELP_LINES);
  });

  it('lists flags accepted for compatibility only when all are wanted', () => {
    expect(helpText(root, { width: 80 })).not.toContain('--merge-ds');
    expect(helpText(root, { width: 80 })).toContain('ais_bench --help-all');
    expect(helpText(root, { width: 80, all: true })).toMatch(/^Compatibility:\n(.*\n)* +--merge-ds /m);
  });

  it('of a series lists its own flags, and those of a run when all are wanted', () => {
    const sweep = COMMANDS.find(({ name }) => name === 'sweep')!;
    expect(helpText(sweep, { width: 80 })).not.toContain('--models <names...>');
    const all = helpText(sweep, { width: 80, all: true });
    expect(all).toContain('--models <names...>');
    expect(all).not.toContain('--dry-run');
  });

  it('has no flag for tests, and no command that the tool starts itself', () => {
    for (const spec of COMMANDS.filter(({ hidden }) => !hidden))
      expect(helpText(spec, { width: 80, all: true })).not.toMatch(
        /--clock-skew|worker-process|truth-server/,
      );
  });

  it('ends with commands that a shell understands in several lines', () => {
    expect(helpText(root, { width: 80 })).toContain(
      [
        '  ais_bench --models vllm_api_stream_chat \\',
        '      --datasets demo_gsm8k_gen_4_shot_cot_chat_prompt \\',
        '      --url http://localhost:8000',
      ].join('\n'),
    );
  });

  it('of every command has examples', () => {
    for (const { hidden, examples } of COMMANDS) if (!hidden) expect(examples?.length).toBeGreaterThan(0);
  });
});
