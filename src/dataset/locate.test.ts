import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidateFiles, candidateFolders, filesIn, locateFolder, rootsFromEnv } from './locate.ts';

const wanted = { files: ['test.jsonl'], source: 'the source (some licence)' };

describe('rootsFromEnv', () => {
  it('looks in the folder of the environment first, then in ./datasets', () => {
    expect(rootsFromEnv({ AIS_BENCH_DATASETS_CACHE: '/data' }, '/here')).toEqual(['/data', '/here/datasets']);
    expect(rootsFromEnv({ AIS_BENCH_DATASETS_CACHE: 'data' }, '/here')[0]).toBe('/here/data');
  });

  it.each([{}, { AIS_BENCH_DATASETS_CACHE: '' }, { AIS_BENCH_DATASETS_CACHE: ' ' }])(
    'takes %j as not set',
    (env) => {
      expect(rootsFromEnv(env, '/here')).toEqual(['/here/datasets']);
    },
  );
});

describe('locateFolder', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'locate-'));
    for (const folder of ['full/ais_bench/datasets/toy', 'short/toy']) {
      await mkdir(join(root, folder), { recursive: true });
      await writeFile(join(root, folder, 'test.jsonl'), '');
    }
    await mkdir(join(root, 'empty/toy'), { recursive: true });
  });
  afterAll(() => rm(root, { recursive: true }));

  it('takes an absolute path as it is', async () => {
    const path = join(root, 'short/toy');
    expect(await locateFolder({ path, roots: ['/nowhere'] }, wanted)).toBe(path);
  });

  it.each([
    ['full', 'full/ais_bench/datasets/toy'],
    ['short', 'short/toy'],
  ])('finds a relative path under the root %s', async (name, found) => {
    const roots = [join(root, 'empty'), join(root, name)];
    expect(await locateFolder({ path: 'ais_bench/datasets/toy/', roots }, wanted)).toBe(join(root, found));
  });

  it('prefers the first root', async () => {
    const roots = [join(root, 'short'), join(root, 'full')];
    expect(await locateFolder({ path: 'ais_bench/datasets/toy', roots }, wanted)).toBe(
      join(root, 'short/toy'),
    );
  });

  it('finds a path below its family’s folder, and the paths that a dataset usually has', async () => {
    const roots = [join(root, 'usual')];
    await mkdir(join(root, 'usual/toys/big'), { recursive: true });
    await writeFile(join(root, 'usual/toys/big/test.jsonl'), '');
    const found = join(root, 'usual/toys/big');
    expect(await locateFolder({ path: 'ais_bench/datasets/toys/big', roots }, wanted)).toBe(found);
    const usual = ['ais_bench/datasets/toy', 'ais_bench/datasets/toys/big'];
    for (const path of ['', 'ais_bench/datasets/toy/', 'ais_bench/datasets/toys/big'])
      expect(await locateFolder({ path, roots }, { ...wanted, usual })).toBe(found);
    const error = await locateFolder({ path: 'mine', roots }, { ...wanted, usual }).catch((e) => e);
    expect(error.where).toBe(`looked for ${join(root, 'usual/mine/test.jsonl')}`);
  });

  it('lists files by their ending, sorted', async () => {
    const folder = join(root, 'listed');
    await mkdir(folder);
    for (const name of ['b.txt', 'a.txt', 'c.csv']) await writeFile(join(folder, name), '');
    expect(await filesIn(folder, '.txt')).toEqual(['a.txt', 'b.txt']);
    expect(await filesIn(join(root, 'nowhere'), '.txt')).toEqual([]);
  });

  it('a file of the user’s own may lie where the command was started, after all other places', () => {
    expect(candidateFiles('./mine.jsonl', { roots: ['/data'], base: '/home' })).toEqual([
      '/data/mine.jsonl',
      '/home/mine.jsonl',
    ]);
    expect(candidateFiles('/mine.jsonl', { roots: ['/data'], base: '/home' })).toEqual(['/mine.jsonl']);
  });

  it('names the file, every place and the source when there is none', async () => {
    const roots = [join(root, 'empty'), join(root, 'gone')];
    const error = await locateFolder({ path: 'a/toy', roots }, wanted).catch((e) => e);
    expect(error).toMatchObject({ code: 'DSET-FILE-001' });
    expect(error.message).toContain('test.jsonl');
    for (const folder of candidateFolders('a/toy', roots))
      expect(error.where).toContain(join(folder, 'test.jsonl'));
    expect(error.cure).toContain(wanted.source);
    expect(error.cure).toContain('AIS_BENCH_DATASETS_CACHE');
  });
});
