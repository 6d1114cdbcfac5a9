import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRun, plansOf } from './find-run.ts';

let workDir: string;
beforeEach(() => {
  workDir = mkdtempSync(join(tmpdir(), 'find-run-'));
});
afterEach(() => rmSync(workDir, { recursive: true, force: true }));

const make = (...names: readonly string[]) => {
  for (const name of names) mkdirSync(join(workDir, name, 'configs'), { recursive: true });
};

describe('findRun', () => {
  it('takes the newest by its stamp: numbers count, other folders and the link do not', () => {
    make('20260105_070809', '20260105_070809_9', '20260105_070809_10', 'zzz_renamed');
    mkdirSync(join(workDir, '20270101_000000'));
    writeFileSync(join(workDir, '20280101_000000'), '');
    symlinkSync('20260105_070809', join(workDir, 'latest'));
    expect(findRun(workDir, true)).toBe('20260105_070809_10');
    expect(findRun(workDir, 'latest')).toBe('20260105_070809_10');
  });

  it('takes the one that is named', () => {
    make('20260105_070809', '20260106_000000', 'renamed');
    expect(findRun(workDir, '20260105_070809')).toBe('20260105_070809');
    expect(findRun(workDir, 'renamed')).toBe('renamed');
  });

  it.each(['20260105', '../elsewhere', '.', ''])('lists what is there where there is no %j', (wanted) => {
    make('20260105_070809', '20260106_000000');
    expect(() => findRun(workDir, wanted)).toThrow('there are 20260106_000000, 20260105_070809');
  });

  it('lists ten at most', () => {
    make(...Array.from({ length: 12 }, (_, day) => `202601${String(day + 10)}_000000`));
    expect(() => findRun(workDir, 'x')).toThrow(/20260112_000000 and 2 more$/);
  });

  it('says where there is none', () => {
    expect(() => findRun(workDir, true)).toThrow('there is no run to continue; there is none at all');
    expect(() => findRun(join(workDir, 'nowhere'), true)).toThrow('there is none at all');
  });
});

describe('plansOf', () => {
  const plan = (name: string, text: string) => writeFileSync(join(workDir, 'run/configs', name), text);
  beforeEach(() => make('run'));

  it('reads the plan of every session and nothing else', () => {
    plan('20260105_070809.json', '{"n":1}');
    plan('20260105_070809_2.json', '{"n":2}');
    plan('served.json', '{}');
    plan('continued.json', '[]');
    expect(plansOf(join(workDir, 'run'))).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }]));
    expect(plansOf(join(workDir, 'run'))).toHaveLength(2);
  });

  it('names the file that is broken, and the lack of any', () => {
    expect(() => plansOf(join(workDir, 'run'))).toThrow('has kept no plan');
    plan('20260105_070809.json', '{');
    expect(() => plansOf(join(workDir, 'run'))).toThrow('this file of the run is not readable');
  });
});
