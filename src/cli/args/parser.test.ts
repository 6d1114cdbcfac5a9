import { CommanderError } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { COMMANDS } from './commands.ts';
import { buildParser } from './parser.ts';
import { noticesOn } from './run-flags.ts';

interface Parsed {
  readonly name: string;
  readonly parameters: readonly unknown[];
  readonly flags: Record<string, any>;
}

function parse(...words: readonly string[]): Parsed {
  const parsed: Parsed[] = [];
  buildParser((name, parameters, flags) => void parsed.push({ name, parameters, flags }), '1.2.3').parse(
    words,
    {
      from: 'user',
    },
  );
  return parsed[0]!;
}

/** What is printed on standard error for words that are refused. */
function refusal(...words: readonly string[]): string {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    expect(() => parse(...words)).toThrow(CommanderError);
    return write.mock.calls.map(([text]) => text).join('');
  } finally {
    write.mockRestore();
  }
}

const ramp = (shape: string, from: number, to: number) => ({
  ramp: { ramp_up_strategy: shape, ramp_up_start_rps: from, ramp_up_end_rps: to },
});

describe('former names of workers', () => {
  it.each([
    [['--load-workers', '2'], '--workers'],
    [['--agents', 'g:2'], '--workers'],
    [['--agents=g:2'], '--workers'],
    [['--agent-silence', '2'], '--worker-silence'],
    [['--agent-wait', '2'], '--worker-wait'],
    [['sweep', '--load-workers', '2'], '--workers'],
    [['worker', '--workers', '2'], '--processes'],
    [['k8s', '--agents', '2'], '--replicas'],
    [['k8s', '--workers', '2'], '--processes'],
  ])('%j is refused with %s', (words, present) => {
    const former = words.find((word) => word.startsWith('--'))!.split('=')[0];
    expect(refusal(...words)).toBe(`error: unknown option '${former}': use ${present} instead\n`);
  });

  it('the command agent is refused with worker', () => {
    expect(refusal('agent', '--group', 'g', '--workers', '2')).toBe(
      "error: the command 'agent' is now 'ais_bench worker'\n",
    );
  });
});

describe('flags of a run', () => {
  it.each([
    [['--request-rate', '0'], { requestRate: 0 }],
    [['--request-rate', 'inf'], { requestRate: 0 }],
    [['--arrival', 'poisson-exact'], { arrival: 'poisson-exact' }],
    [['--burstiness', '0.5'], { burstiness: 0.5 }],
    [['--ramp', '2..8'], ramp('linear', 2, 8)],
    [['--ramp', 'exponential:0.5..8'], ramp('exponential', 0.5, 8)],
    [['--ramp', '3..3'], ramp('linear', 3, 3)],
    [['--steps', '10@30s'], { steps: '10@30s' }],
    [['--duration', '1.5', '--cycle'], { duration: 1.5, cycle: true }],
    [['--pressure', '--pressure-time', '86400'], { pressure: true, pressureTime: 86_400 }],
    [['--seed', '7'], { seed: 7 }],
    [['--workers', 'auto'], { workers: 'auto' }],
    [['--workers', '4'], { workers: 4 }],
    [['--workers', 'load'], { workers: { group: 'load', least: 1 } }],
    [['--workers', 'load:4'], { workers: { group: 'load', least: 4 } }],
    [['--workers', '4:2'], { workers: { group: '4', least: 2 } }],
    [['--num-prompts', 'None'], { numPrompts: 'none' }],
    [['--num-prompts', '5'], { numPrompts: 5 }],
    [['--max-error-rate', '1%'], { maxErrorRate: 0.01 }],
    [['--url', 'http://a', '--url', 'http://b'], { url: ['http://a', 'http://b'] }],
  ])('%j', (words, flags) => {
    expect(parse(...words)).toMatchObject({ name: '', flags });
  });

  it.each([
    ['--request-rate', '64001'],
    ['--request-rate', ''],
    ['--burstiness', '-1'],
    ['--ramp', '8..2'],
    ['--ramp', '0..0'],
    ['--ramp', '2-8'],
    ['--ramp', 'cubic:2..8'],
    ['--duration', '0'],
    ['--duration', 'Infinity'],
    ['--timeout-total', '-1'],
    ['--pressure-time', '0'],
    ['--pressure-time', '86401'],
    ['--seed', '-1'],
    ['--workers', '0'],
    ['--workers', '-1'],
    ['--workers', '1.5'],
    ['--workers', ''],
    ['--workers', 'no group'],
    ['--workers', 'g:0'],
    ['--num-prompts', '0'],
    ['--max-error-rate', '2'],
    ['--scrape-metrics', 'ftp://host'],
    ['--max-num-workers', '0'],
    ['--max-workers-per-gpu', 'x'],
    ['--response-anomaly-payload-retention', 'some'],
  ])('%s "%s" is refused', (...words) => {
    expect(refusal(...words)).toMatch(/^error: option '.*' (argument|value)/);
  });

  it('warn where they change nothing, and say nothing where it is done anyway', () => {
    expect(noticesOn(parse('--max-num-workers', '4', '--merge-ds').flags)).toHaveLength(2);
    expect(noticesOn(parse('--response-anomaly').flags)[0]).toContain('not searched for anomalies');
    for (const quiet of [[], ['--no-response-anomaly'], ['--dump-eval-details', '--dump-extract-rate']])
      expect(noticesOn(parse(...quiet).flags)).toEqual([]);
  });
});

describe('commands', () => {
  it.each([
    [['serve', '--api-key', 'k'], 'serve', []],
    [['new', 'api-model', 'mine'], 'new', ['api-model', 'mine']],
    [['compare', 'a', 'b'], 'compare', [['a', 'b']]],
    [['datasets'], 'datasets', []],
    [['datasets', 'pull', 'gsm8k'], 'datasets pull', ['gsm8k']],
    [['k8s', '--image', 'i', '--', '--models', 'm'], 'k8s', [['--models', 'm']]],
    [['my_run.py', '--dry-run'], '', ['my_run.py']],
    [['truth-server'], 'truth-server', []],
  ])('%j', (words, name, parameters) => {
    expect(parse(...words)).toMatchObject({ name, parameters });
  });

  it('have examples that they understand', () => {
    for (const { name, examples = [] } of COMMANDS) {
      for (const [purpose, command] of examples) {
        expect(purpose).not.toBe('');
        const all = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
        const words = all.slice(0, all.includes('>') ? all.indexOf('>') : undefined);
        const parsed = parse(...words.slice(1));
        if (name !== '' && name !== 'datasets') expect(parsed.name).toBe(name);
      }
    }
  });

  it('of a former name are refused with the present one, whatever follows', () => {
    const commands = [
      { name: '', summary: '' },
      { name: 'send', summary: '', replaces: ['post', 'put'] },
    ];
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const parser = buildParser(() => expect.fail('no command runs'), '0', commands);
    expect(() => parser.parse(['put', '--group', 'a', 'b', '--help'], { from: 'user' })).toThrow(
      CommanderError,
    );
    expect(write.mock.calls).toEqual([["error: the command 'put' is now 'ais_bench send'\n"]]);
    write.mockRestore();
  });

  it('without a needed argument show how they are typed', () => {
    expect(refusal('compare')).toBe(
      "error: missing required argument 'runs'\nUsage: ais_bench compare <runs...> [flags]\n(ais_bench compare --help shows more)\n",
    );
  });
});

describe('unknown words', () => {
  it.each([
    [['--rate', '5'], '--request-rate'],
    [['--rate=5'], '--request-rate'],
    [['--concurrency', '8'], '--batch-size'],
    [['--retry', '2'], '--retries'],
    [['sweep', '--output-dir', 'x'], '--work-dir'],
  ])('%j: the name of another tool is answered with the present one', (words, present) => {
    const flag = words.find((word) => word.startsWith('--'))!;
    expect(refusal(...words)).toBe(`error: unknown option '${flag.split('=')[0]}': use ${present} instead\n`);
  });

  it('get a suggestion when they are misspelt', () => {
    expect(refusal('--modles', 'm')).toContain('Did you mean --models?');
  });

  it('are no flags of a command without them', () => {
    expect(refusal('schema', '--rate')).not.toContain('--request-rate');
  });

  it('name one flag at most', () => {
    for (const { name, flags = [], runFlags = [] } of COMMANDS) {
      const all = [...flags, ...runFlags];
      const names = all.flatMap((flag) => flag.flags.match(/(?<=^|, )--?[\w-]+/g)!);
      expect([name, names.filter((one, n) => names.indexOf(one) !== n)]).toEqual([name, []]);
      const former = all.flatMap(({ replaces = [] }) => replaces);
      expect([name, former.filter((one, n) => former.indexOf(one) !== n)]).toEqual([name, []]);
    }
  });
});
