/** `ais_bench compare`: two finished runs of the embedded service, in an empty folder. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accuracyRun, MODEL, performanceRun } from '../support/aisbench-run.ts';
import { aisBench, CHAT, DEMO, emptyFolder, latest, serve } from './support.ts';

/** A run against a service; its folder. */
async function runOn(cwd: string, url: string, mode: string, ...flags: readonly string[]): Promise<string> {
  const what = ['--models', CHAT, '--datasets', DEMO, '--mode', mode, '--url', url];
  const { code, stderr } = await aisBench(cwd, ...what, ...flags);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return latest(cwd);
}

const REPEATED = ['--set', 'models.0.generation_kwargs.num_return_sequences=3'];

describe('ais_bench compare', () => {
  it('finds a slower service, says which setting did it, and exits with 4', async () => {
    const cwd = emptyFolder();
    const [fast, slow] = [await serve('--max-batch', '8'), await serve('--max-batch', '1')];
    const before = await runOn(cwd, fast.url, 'perf', '--batch-size', '4', ...REPEATED);
    const after = await runOn(cwd, slow.url, 'perf', '--batch-size', '3', ...REPEATED);
    const rules = ['--fail-if', 'e2el.mean > +5%', '--fail-if', 'ttft.p99 > +5%'];
    const { code, stdout } = await aisBench(cwd, 'compare', before, 'outputs/default/latest', ...rules);
    expect(stdout).toMatch(new RegExp(`^Run +${basename(before)} +${basename(after)}`, 'm'));
    expect(stdout).toMatch(/models\.0\.concurrency +4 +3/);
    expect(stdout).toMatch(/E2EL mean, ms .* worse/);
    expect(stdout).toMatch(/e2el\.mean > \+5% .*BROKEN/);
    const folders = await aisBench(cwd, 'compare', 'outputs/default', after);
    expect(folders.code).toBe(2);
    expect(folders.stderr).toContain('name one of them, e.g. outputs/default/latest');
    // 24 requests cannot bound a P99.
    expect(stdout).toMatch(/ttft\.p99 > \+5% .*TOO FEW/);
    expect(code).toBe(4);
    const back = await aisBench(cwd, 'compare', after, before, '--fail-if', 'e2el.mean > +5%');
    expect(back.code).toBe(0);
    expect(back.stdout).toMatch(/e2el\.mean > \+5% .*kept/);
  }, 120_000);

  it('shows right answers that turned wrong first, and takes three of eight for chance and six for proof', async () => {
    const cwd = emptyFolder();
    const services = await Promise.all([
      serve(),
      serve('--accuracy', '0.6', '--seed', '5'),
      serve('--accuracy', '0'),
    ]);
    const runs: string[] = [];
    for (const { url } of services) runs.push(await runOn(cwd, url, 'all'));
    const [before, some, none] = runs as [string, string, string];
    const rule = ['--fail-if', 'accuracy < -1'];
    const chance = await aisBench(cwd, 'compare', before, some, ...rule);
    expect(chance.code).toBe(0);
    expect(chance.stdout).toMatch(/accuracy < -1 .*TOO FEW/);
    const flips = chance.stdout.slice(chance.stdout.indexOf('Changed verdicts'));
    expect(flips.match(/^ +\d+ (correct|wrong) +\w+/gm)!.map((line) => line.trim().split(/ +/)[1])).toEqual([
      ...['correct', 'correct', 'correct'],
      ...['wrong', 'wrong'],
    ]);
    const { accuracy } = JSON.parse(
      readFileSync(join(before, 'results/vllm-api-stream-chat/demo_gsm8k.json'), 'utf8'),
    );
    expect(chance.stdout).toContain(`accuracy, % ${accuracy.toFixed(2)} 62.50`);
    const proof = await aisBench(cwd, 'compare', before, none, ...rule);
    expect(proof.code).toBe(4);
    // McNemar's exact test of 6 lost and none won: 2 / 2⁶.
    expect(proof.stdout).toMatch(/accuracy < -1 .* 0\.031 BROKEN/);
    // Of two runs at once it counts twice: one of them looks like this more often by chance.
    const both = await aisBench(cwd, 'compare', before, some, none, ...rule);
    expect(both.code).toBe(0);
    expect(both.stdout).toMatch(/accuracy < -1 .* 0\.063 TOO FEW/);
  }, 120_000);

  it('reads runs that were imported from AISBench, and counts as it counted', async () => {
    const cwd = emptyFolder();
    const imported = async (run: string, ...flags: readonly string[]): Promise<string> => {
      expect((await aisBench(cwd, 'import', run, ...flags)).code).toBe(0);
      return latest(cwd);
    };
    const one = await imported(performanceRun(join(cwd, 'theirs')));
    const unscored = await imported(accuracyRun(join(cwd, 'answers')));
    const scores = await imported(
      join(cwd, 'answers'),
      '--datasets',
      'demo_gsm8k_gen_4_shot_cot_chat_prompt',
    );
    const files = ['--markdown', 'out.md', '--html', 'out.html', '--junit', 'out.xml'];
    const { code, stdout, stderr } = await aisBench(
      cwd,
      ...['compare', one, one, '--fail-if', 'e2el.p50 > +10%', '--fail-if', 'ttft.p90 > +1 s', ...files],
    );
    expect([code, stderr]).toEqual([0, '']);
    const told = readFileSync(join(cwd, `theirs/performances/${MODEL}/synthetic.csv`), 'utf8');
    const [, , average] = /^TTFT,.*$/m.exec(told)![0].split(',');
    // AISBench rounds to a tenth of a millisecond.
    const own = Number(/TTFT mean, ms +(\S+)/.exec(stdout)![1]);
    expect(Math.abs(own - Number.parseFloat(average!))).toBeLessThanOrEqual(0.05);
    expect(stdout).toContain('A was imported from AISBench');
    expect(stdout).toMatch(/2 gates: 2 kept/);
    expect(readFileSync(join(cwd, 'out.md'), 'utf8')).toContain('**2 gates: 2 kept**');
    expect(readFileSync(join(cwd, 'out.xml'), 'utf8')).toContain(
      'tests="2" failures="0" errors="0" skipped="0"',
    );
    expect(readFileSync(join(cwd, 'out.html'), 'utf8')).toMatch(/id="payload">[A-Za-z0-9+/]/);
    const both = await aisBench(cwd, 'compare', scores, scores, '--fail-if', 'accuracy < 0');
    expect(both.stdout).toMatch(/accuracy, % .* 0\.00 pt/);
    const none = await aisBench(cwd, 'compare', unscored, scores);
    expect(none.stderr).toContain('this run has neither records nor scores');
    const lost = await aisBench(cwd, 'compare', one, scores, '--fail-if', 'accuracy < 0');
    expect(lost.code).toBe(2);
    expect(lost.stderr).toContain('no task that both runs have has a number accuracy');
  }, 120_000);

  it('refuses what it cannot compare', async () => {
    const cwd = emptyFolder({ 'there/configs/a.json': '{}' });
    const one = await aisBench(cwd, 'compare', 'there');
    expect(one).toMatchObject({ code: 2 });
    expect(one.stderr).toContain('needs two runs');
    const none = await aisBench(cwd, 'compare', 'nowhere', 'there');
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toContain('there are no records of a run here');
    const wrong = await aisBench(cwd, 'compare', 'a', 'b', '--fail-if', 'tfft > 5%');
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('no number "tfft"');
  });
});
