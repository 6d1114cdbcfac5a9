/** What scripts around AISBench read of a run: the same keys and columns in ours, compared with a recorded run of its. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accuracyRun, MODEL, performanceRun } from '../support/aisbench-run.ts';
import { aisBench, CHAT, emptyFolder, latest, serve } from './support.ts';

const DATASET = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

function filesOf(folder: string) {
  const text = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');
  const summary = (ending: string) =>
    text(
      'summary',
      readdirSync(join(folder, 'summary')).find((file) => new RegExp(`^summary_.*\\.${ending}$`).test(file))!,
    );
  return { text, json: (...path: string[]) => JSON.parse(text(...path)), summary };
}

const firstLine = (text: string) => text.slice(0, text.indexOf('\n'));

describe('an accuracy run', () => {
  it("has AISBench's files, keys and columns", async () => {
    const cwd = emptyFolder();
    const { url } = await serve();
    const run = await aisBench(cwd, '--models', CHAT, '--datasets', DATASET, '--url', url);
    expect(run.code).toBe(0);
    const ours = filesOf(latest(cwd));
    const theirs = filesOf(accuracyRun(join(cwd, 'theirs')));

    const prediction = (files: typeof ours) =>
      JSON.parse(firstLine(files.text('predictions', MODEL, 'demo_gsm8k.jsonl')));
    expect(Object.keys(prediction(ours))).toEqual(expect.arrayContaining(Object.keys(prediction(theirs))));

    const result = ours.json('results', MODEL, 'demo_gsm8k.json');
    const recorded = theirs.json('results', MODEL, 'demo_gsm8k.json');
    expect(Object.keys(result)).toEqual(expect.arrayContaining(Object.keys(recorded)));
    expect(Object.keys(result.details)).toEqual(Object.keys(recorded.details));
    for (const [n, detail] of Object.entries<any>(recorded.details)) {
      expect(Object.keys(result.details[n])).toEqual(expect.arrayContaining(Object.keys(detail)));
      expect([n, result.details[n].references]).toEqual([n, [expect.any(String)]]);
      expect([n, result.details[n].correct]).toEqual([n, [result.details[n].verdict === 'correct']]);
    }
    expect(result.type).toBe(recorded.type);

    expect(firstLine(ours.summary('csv'))).toBe(firstLine(theirs.summary('csv')));
    expect(firstLine(ours.summary('md'))).toBe(firstLine(theirs.summary('md')));
    const sections = (text: string) => text.match(/^\w+ format$/gm);
    expect(sections(ours.summary('txt'))).toEqual(sections(theirs.summary('txt')));
    expect(ours.summary('csv')).toMatch(/^demo_gsm8k,[0-9a-f]{6},accuracy,gen,\d+\.\d\d$/m);
  });
});

describe('a performance run', () => {
  it("has AISBench's columns, rows and keys, each of the two files", async () => {
    const cwd = emptyFolder();
    const { url } = await serve();
    const run = await aisBench(cwd, '--mode', 'perf', '--models', CHAT, '--datasets', DATASET, '--url', url);
    expect(run.code).toBe(0);
    const ours = filesOf(latest(cwd));
    const theirs = filesOf(performanceRun(join(cwd, 'theirs')));
    const table = ours.text('performances', MODEL, 'demo_gsm8k.csv').split('\n');
    const [head, ...rows] = theirs.text('performances', MODEL, 'synthetic.csv').trim().split('\r\n');
    expect(table[0]!.startsWith(`${head},`)).toBe(true);
    const begin = (row: string) => row.split(',').slice(0, 2).join(',');
    expect(table.map(begin)).toEqual(expect.arrayContaining(rows.map(begin)));
    const report = ours.json('performances', MODEL, 'demo_gsm8k.json');
    const recorded = theirs.json('performances', MODEL, 'synthetic.json');
    expect(Object.keys(report)).toEqual(expect.arrayContaining(Object.keys(recorded)));
    for (const name of Object.keys(recorded))
      expect([name, typeof report[name].total]).toEqual([name, 'number']);
  });
});

describe('several models on several datasets', () => {
  it('come out as one matrix, with groups, and with what is missing named', async () => {
    const groups = [
      { name: 'both', subsets: ['demo_gsm8k', 'second'], weights: { demo_gsm8k: 3, second: 1 } },
      { name: 'more', subsets: ['demo_gsm8k', 'unknown_set'] },
    ];
    const cwd = emptyFolder({
      'configs/summarizers/grouped.json': JSON.stringify({
        summarizer: { attr: 'accuracy', summary_groups: groups },
      }),
    });
    const { url } = await serve();
    const args = ['--models', CHAT, 'vllm_api_general_chat', '--datasets', DATASET, DATASET];
    args.push('--set', 'datasets.1.abbr=second', '--set', 'datasets.1.reader_cfg.test_range=[0:4]');
    const run = await aisBench(cwd, ...args, '--summarizer', 'grouped', '--url', url);
    expect(run.code).toBe(0);
    const rows = filesOf(latest(cwd)).summary('csv').trim().split('\n');
    expect(rows[0]).toBe('dataset,version,metric,mode,vllm-api-stream-chat,vllm-api-general-chat');
    const [first, second, both] = rows.slice(1).map((row) => row.split(',').slice(4).map(Number));
    expect(rows.slice(1).map((row) => row.split(',')[0])).toEqual(['demo_gsm8k', 'second', 'both']);
    expect(both).toEqual(first!.map((value, n) => (3 * value + second![n]!) / 4));
    expect(run.stdout).toMatch(/^Results, models 1 of 2$/m);
    expect(run.stdout).toMatch(/^both +- +weighted_average gen +[\d.]+$/m);
    expect(run.stdout.replace(/\s+/g, ' ')).toContain(
      'more of vllm-api-stream-chat, more of vllm-api-general-chat: no score of unknown_set',
    );
  });
});
