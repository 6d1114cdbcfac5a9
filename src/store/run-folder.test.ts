import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redactor } from './redact.ts';
import { createRunFolder, openRunFolder, type RunFolder, removeUnused, runFolder } from './run-folder.ts';

let workDir: string;
beforeEach(() => {
  workDir = mkdtempSync(join(tmpdir(), 'run-folder-'));
});
afterEach(() => rmSync(workDir, { recursive: true, force: true }));

const AT = new Date(2026, 0, 5, 7, 8, 9);
const make = (secrets: string[] = [], dir = workDir) => createRunFolder(dir, AT, redactor(secrets));

it('is named by the local time', () => {
  expect(make().name).toBe('20260105_070809');
});

it('has AISBench’s parts', () => {
  const { path } = make([], join(workDir, 'not/there/yet'));
  expect(readdirSync(path).sort()).toEqual([
    'configs',
    'logs',
    'performances',
    'predictions',
    'results',
    'summary',
  ]);
});

it('is another one for each run that begins in the same second', () => {
  expect([make().name, make().name, make().name]).toEqual([
    '20260105_070809',
    '20260105_070809_2',
    '20260105_070809_3',
  ]);
});

it('comes after the runs that are there, also after the clock was set back', () => {
  mkdirSync(join(workDir, '20270101_000000'));
  expect([make().name, make().name]).toEqual(['20270101_000000_2', '20270101_000000_3']);
});

it('of an earlier run is used again: missing parts are made, and files stay', () => {
  const first = make();
  make();
  first.write(first.file('configs', 'plan.json'), '{}');
  rmSync(first.file('summary'), { recursive: true });
  const again = runFolder(workDir, first.name, redactor([]));
  expect(again.path).toBe(first.path);
  expect(readFileSync(again.file('configs', 'plan.json'), 'utf8')).toBe('{}');
  expect(existsSync(again.file('summary'))).toBe(true);
});

describe('the link `latest`', () => {
  const link = () => join(workDir, 'latest');

  it('points to the run that was the last to say so, relatively', () => {
    make().becomeLatest();
    expect(readlinkSync(link())).toBe('20260105_070809');
    const second = make();
    expect(readlinkSync(link())).toBe('20260105_070809');
    second.becomeLatest();
    expect(readlinkSync(link())).toBe('20260105_070809_2');
    expect(existsSync(join(link(), 'configs'))).toBe(true);
  });

  it('is put right when it points nowhere', () => {
    symlinkSync('gone', link());
    make().becomeLatest();
    expect(readlinkSync(link())).toBe('20260105_070809');
  });

  it('leaves a folder of that name alone', () => {
    mkdirSync(link());
    writeFileSync(join(link(), 'mine'), 'x');
    make().becomeLatest();
    expect(lstatSync(link()).isDirectory()).toBe(true);
    expect(readFileSync(join(link(), 'mine'), 'utf8')).toBe('x');
  });
});

describe('taking away the folder of a run that broke off', () => {
  it('leaves nothing of one that only says how it was started', () => {
    const run = make();
    run.write(run.file('configs', 'plan.json'), '{}');
    run.write(run.file('logs', 'run.jsonl'), '{}\n');
    run.write(run.records('m', 'd'), '');
    run.write(run.file('performances', 'm', 'd_end.json'), '{}');
    removeUnused(run);
    expect(readdirSync(workDir)).toEqual([]);
  });

  it.each([
    ['records', (run: RunFolder) => run.records('m', 'd')],
    ['records of a load worker', (run: RunFolder) => run.records('m', 'd', 2)],
    ['answers', (run: RunFolder) => run.predictions('m', 'd')],
    ['verdicts', (run: RunFolder) => run.file('results', 'm', 'd.json')],
  ])('keeps one that holds %s', (_, pathIn) => {
    const run = make();
    run.write(pathIn(run), 'x');
    removeUnused(run);
    expect(readFileSync(pathIn(run), 'utf8')).toBe('x');
  });
});

describe('paths', () => {
  it('are AISBench’s', () => {
    const run = make();
    const inRun = (path: string) => relative(run.path, path).split('\\').join('/');
    expect(inRun(run.predictions('vllm-api', 'gsm8k'))).toBe('predictions/vllm-api/gsm8k.jsonl');
    expect(inRun(run.records('vllm-api', 'gsm8k'))).toBe('performances/vllm-api/gsm8k_records.jsonl');
    expect(inRun(run.file('summary', 'summary.csv'))).toBe('summary/summary.csv');
  });

  it('of a load worker are its own, in the folder of the run', () => {
    const run = make();
    const again = openRunFolder(run.path, redactor([]));
    expect(again.name).toBe(run.name);
    expect(relative(run.path, again.records('m', 'd', 2))).toBe(
      join('performances', 'm', 'd_records.w2.jsonl'),
    );
    expect(relative(run.path, again.predictions('m', 'd', 2))).toBe(join('predictions', 'm', 'd.w2.jsonl'));
    expect(again.records('m', 'd')).toBe(run.records('m', 'd'));
  });

  it.each(['../x', '..', '.', '', '/etc/passwd', 'a/../../b', '..\\x', 'C:\\x', 'a\u0000b', 'a\nb', '~'])(
    'stay in the run’s folder with the abbr %j',
    (abbr) => {
      const run = make();
      for (const path of [run.records(abbr, abbr), run.predictions(abbr, abbr), run.file('results', abbr)]) {
        expect(relative(run.path, path)).not.toMatch(/^\.\.([/\\]|$)/);
        expect(path.startsWith(join(run.path, '/'))).toBe(true);
        run.write(path, 'ok');
        expect(readFileSync(path, 'utf8')).toBe('ok');
      }
    },
  );
});

describe('writing', () => {
  it('masks secrets and leaves no part file', () => {
    const run = make(['sk-12345']);
    run.write(run.file('configs', 'used.yaml'), 'api_key: sk-12345\n');
    expect(readFileSync(run.file('configs', 'used.yaml'), 'utf8')).toBe('api_key: ***\n');
    expect(readdirSync(run.file('configs'))).toEqual(['used.yaml']);
  });

  it('keeps JSON whole, even where a secret looks like a number of it', () => {
    const run = make(['1234']);
    run.write(run.file('results', 'a.json'), JSON.stringify({ score: 1234.5, say: 'is 1234' }, null, 2));
    expect(JSON.parse(readFileSync(run.file('results', 'a.json'), 'utf8'))).toEqual({
      score: 1234.5,
      say: 'is ***',
    });
  });

  it('replaces what was there', () => {
    const run = make();
    for (const text of ['long text', 'short']) run.write(run.file('summary', 'a'), text);
    expect(readFileSync(run.file('summary', 'a'), 'utf8')).toBe('short');
  });

  it('says when it cannot', () => {
    const run = make();
    mkdirSync(run.file('summary', 'taken'));
    expect(() => run.write(run.file('summary', 'taken'), 'x')).toThrow(
      expect.objectContaining({ code: 'RUN-FILE-001', where: run.file('summary', 'taken') }),
    );
    writeFileSync(join(workDir, 'file'), '');
    expect(() => make([], join(workDir, 'file'))).toThrow(expect.objectContaining({ code: 'RUN-FILE-001' }));
  });
});
