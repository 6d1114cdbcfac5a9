/** MMLU and BIG-Bench Hard on their authors' files, read by this tool and by CPython. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BBHDataset, MMLUDataset } from './exams.ts';

const beside = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const data = process.env['AIS_BENCH_DATASETS_CACHE'] ?? beside;
const hasMmlu = existsSync(join(data, 'mmlu/test'));
const hasBbh = existsSync(join(data, 'bbh/navigate.json'));
const shared = (name: string) =>
  import(new URL(`../../../configs/datasets/${name}.js`, import.meta.url).href);

/** What CPython's csv module makes of every file, as one hash. */
const PYTHON = `
import csv, hashlib, json, sys
digest = hashlib.sha256()
for path in sys.stdin.read().split('\\n'):
    with open(path, encoding='utf-8') as f:
        for row in csv.reader(f):
            digest.update(json.dumps(row, ensure_ascii=False, separators=(',', ':')).encode())
print(digest.hexdigest())
`;

function pythonHash(files: readonly string[]): string | undefined {
  try {
    return execFileSync('python3', ['-c', PYTHON], { input: files.join('\n'), encoding: 'utf8' }).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

describe.skipIf(!hasMmlu)('MMLU (skipped without its files)', () => {
  it('has 57 subjects, 285 worked examples and 14,042 questions, as CPython reads them', async () => {
    const { subjects } = await shared('mmlu/_mmlu');
    const names = Object.keys(subjects).sort();
    const there = readdirSync(join(data, 'mmlu/test')).sort();
    expect(there).toEqual(names.map((name) => `${name}_test.csv`).sort());
    const digest = createHash('sha256');
    let examples = 0;
    for (const name of names) {
      const { train, test } = await MMLUDataset.load({
        path: 'ais_bench/datasets/mmlu',
        roots: [data],
        params: { name },
      });
      expect([name, test.length]).toEqual([name, subjects[name][1]]);
      examples += train.length;
      for (const row of [...train, ...test]) digest.update(JSON.stringify(Object.values(row)));
    }
    expect(examples).toBe(285);
    const splits = ['dev', 'test'];
    const files = names.flatMap((name) => splits.map((split) => `mmlu/${split}/${name}_${split}.csv`));
    const read = pythonHash(files.map((file) => join(data, file)));
    if (read !== undefined) expect(digest.digest('hex')).toBe(read);
  });
});

describe.skipIf(!hasBbh)('BIG-Bench Hard (skipped without its files)', () => {
  it('has 27 tasks and 6,511 questions; the multiple-choice ones are answered by a letter', async () => {
    const { freeForm, multipleChoice } = await shared('bbh/_bbh');
    const files = readdirSync(join(data, 'bbh')).filter((file) => file.endsWith('.json'));
    expect([...freeForm, ...multipleChoice].map((name) => `${name}.json`).sort()).toEqual(files.sort());
    let questions = 0;
    for (const name of [...freeForm, ...multipleChoice]) {
      const { test } = await BBHDataset.load({
        path: 'ais_bench/datasets/bbh',
        roots: [data],
        params: { name },
      });
      questions += test.length;
      const lettered = test.filter(({ target }) => /^\([A-Z]\)$/.test(String(target)));
      if (freeForm.includes(name)) expect([name, lettered.length]).toEqual([name, 0]);
      else expect([name, test.length - lettered.length <= 2]).toEqual([name, true]);
    }
    expect(questions).toBe(6511);
  });
});
