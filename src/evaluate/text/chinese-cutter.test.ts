import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { chineseCutter } from './rouge.ts';

/** An interpreter with jieba, where there is one. */
const python = process.env['AIS_BENCH_JIEBA_PYTHON'] ?? 'python3';
const hasJieba = spawnSync(python, ['-c', 'import jieba']).status === 0;
const hasPython = spawnSync('python3', ['-c', '']).status === 0;

it('cuts by characters unless told, and says that this is not comparable', async () => {
  const { cut, suffix } = chineseCutter({});
  expect(suffix).toBe('_by_character');
  expect(await cut('港口 1871年')).toEqual(['港', '口', ' ', '1871', '年']);
});

describe.skipIf(!hasJieba)('jieba (skipped without it)', () => {
  it('cuts as jieba does, one after the other and at once', async () => {
    const { cut, suffix } = chineseCutter({ words: 'jieba', python });
    expect(suffix).toBe('');
    const texts = ['我们在港口等船。', '', '小明硕士毕业于中国科学院计算所', 'Velm 港 1871'];
    const script =
      'import sys, json, jieba; print(json.dumps([list(jieba.cut(t)) for t in json.loads(sys.argv[1])]))';
    const { stdout } = spawnSync(python, ['-c', script, JSON.stringify(texts)], { encoding: 'utf8' });
    expect(await Promise.all(texts.map(cut))).toEqual(JSON.parse(stdout));
    expect(await cut(texts[0]!)).toEqual(JSON.parse(stdout)[0]);
  });
});

it('says what is missing: Python, or jieba in it', async () => {
  const missing = { code: 'UTILS-DEPENDENCY-001' };
  await expect(chineseCutter({ words: 'jieba', python: '/nowhere/python3' }).cut('港')).rejects.toMatchObject(
    missing,
  );
  if (!hasPython || spawnSync('python3', ['-c', 'import jieba']).status === 0) return;
  const { cut } = chineseCutter({ words: 'jieba', python: 'python3' });
  await expect(cut('港')).rejects.toMatchObject(missing);
  await expect(cut('港')).rejects.toThrow(/jieba/);
});
