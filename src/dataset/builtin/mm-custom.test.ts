import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { LARGEST_INLINE_BYTES } from '../../contract/prompt-list.ts';
import { segmentsOf } from '../../prompt/media.ts';
import { MMCustomDataset, spread } from './custom.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ais-bench-mm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'media, own'));
  for (const name of ['a.png', 'b #1.png', 'c.mp4', 'd.wav']) writeFileSync(place(name), name);
});

const place = (name: string) => join(folder, 'media, own', name);
const urlOf = (name: string) => pathToFileURL(place(name)).href;

async function load(rows: readonly (object | string)[], params: object = {}, path = 'mm.jsonl') {
  const lines = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  writeFileSync(join(folder, 'mm.jsonl'), lines.join('\n'));
  const { test } = await MMCustomDataset.load({ path, roots: [folder], params: { ...params } });
  return test;
}

const segments = (row: Readonly<Record<string, unknown>>) => segmentsOf(row['content'] as string);

describe('mm_custom', () => {
  it('makes segments of the files, then the question; files are looked for beside the rows', async () => {
    const [first, second] = await load([
      {
        type: 'image',
        path: ['media, own/a.png', place('b #1.png')],
        question: 'Same?',
        answer: 'no',
        id: 7,
      },
      { type: 'audio', path: 'media, own/d.wav', question: 'What?' },
    ]);
    expect(segments(first!)).toEqual([
      { kind: 'image', value: urlOf('a.png') },
      { kind: 'image', value: urlOf('b #1.png') },
      { kind: 'text', value: 'Same?' },
    ]);
    expect(first).toMatchObject({ id: 7, question: 'Same?', answer: 'no', mm_type: 'path' });
    expect(segments(second!)[0]).toEqual({ kind: 'audio', value: urlOf('d.wav') });
    expect(second!['answer']).toBe('');
  });

  it('takes URLs as they are', async () => {
    const urls = ['https://host/a.png', 'data:image/png;base64,AA==', urlOf('a.png')];
    const [row] = await load([{ type: 'image', path: urls, question: '?' }], { mm_type: 'base64' });
    expect(segments(row!).slice(0, 3)).toEqual(urls.map((value) => ({ kind: 'image', value })));
    expect(row!['mm_type']).toBe('base64');
  });

  it('takes images as the frames of one video, num_frames of them at most', async () => {
    const names = Array.from({ length: 9 }, (_, i) => `frame-${i}.jpg`);
    for (const name of names) writeFileSync(place(name), name);
    const frames = { type: 'video', path: names.map(place), question: '?' };
    const film = { type: 'video', path: [place('c.mp4')], question: '?' };
    const [first, second] = await load([frames, film], { num_frames: 3 });
    const joined = [0, 4, 8].map((n) => urlOf(names[n]!).replaceAll(',', '%2C')).join(',');
    expect(segments(first!)[0]).toEqual({ kind: 'video', value: joined });
    expect(segments(second!)[0]).toEqual({ kind: 'video', value: urlOf('c.mp4') });
  });

  it('is looked for in every place', async () => {
    const found = (path: string) => load([{ type: 'image', path: place('a.png'), question: '?' }], {}, path);
    for (const path of [join(folder, 'mm.jsonl'), 'mm.jsonl', 'elsewhere/mm.jsonl']) {
      expect(await found(path)).toHaveLength(1);
    }
    await expect(found('other.jsonl')).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      where: expect.stringContaining(join(folder, 'other.jsonl')),
    });
  });

  it.each([
    ['another type', { type: 'picture', path: 'a', question: '?' }, 'its type is "picture"'],
    ['no path', { type: 'image', question: '?' }, "its column 'path'"],
    ['an empty list', { type: 'image', path: [], question: '?' }, "its column 'path'"],
    ['no question', { type: 'image', path: 'a' }, "column 'question'"],
    ['frames elsewhere', { type: 'video', path: ['https://h/a.png'], question: '?' }, 'must be files'],
    ['no JSON', '{', 'not JSON'],
  ])('%s is refused with file and line', async (_, row, message) => {
    const fine = { type: 'image', path: place('a.png'), question: '?' };
    await expect(load([fine, row])).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      message: expect.stringContaining(message),
      where: `${join(folder, 'mm.jsonl')}:2`,
    });
  });

  it('a file that is not there is told with file and line, and so is one too large for a request', async () => {
    const fine = { type: 'image', path: place('a.png'), question: '?' };
    await expect(load([fine, { ...fine, path: 'z.png' }])).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      message: expect.stringContaining(join(folder, 'z.png')),
      where: `${join(folder, 'mm.jsonl')}:2`,
    });
    truncateSync(place('a.png'), LARGEST_INLINE_BYTES + 1);
    await expect(load([fine], { mm_type: 'base64' })).rejects.toMatchObject({ code: 'DSET-DATA-002' });
    expect(await load([fine], { mm_type: 'path' })).toHaveLength(1);
  });

  it('refuses a file outside of its folder that would be sent, unless media_root names the place', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'ais-bench-mm-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    const path = join(elsewhere, 'e.png');
    writeFileSync(path, 'e');
    symlinkSync(path, join(folder, 'link.png'));
    for (const way of [path, 'link.png', `../${basename(elsewhere)}/e.png`, pathToFileURL(path).href]) {
      const row = { type: 'image', path: way, question: '?' };
      await expect(load([row], { mm_type: 'base64' })).rejects.toMatchObject({
        code: 'DSET-FILE-001',
        message: expect.stringContaining('outside of the folder of the data'),
        where: `${join(folder, 'mm.jsonl')}:1`,
      });
      expect(await load([row], { mm_type: 'path' })).toHaveLength(1);
      const options = {
        path: 'mm.jsonl',
        roots: [folder],
        params: { mm_type: 'base64' },
        mediaRoots: [elsewhere],
      };
      expect(await MMCustomDataset.load(options)).toMatchObject({ folder });
    }
  });

  it.each([[{ mm_type: 'url' }], [{ num_frames: 0 }], [{ num_frames: 2.5 }]])(
    'the setting %j is refused',
    async (params) => {
      await expect(load([], params)).rejects.toMatchObject({
        code: 'UTILS-CFG-002',
        where: Object.keys(params)[0],
      });
    },
  );
});

it('spreads evenly, in order, with both ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (total, most) => {
      const all = Array.from({ length: total }, (_, i) => i);
      const some = spread(all, most);
      expect(some).toHaveLength(Math.min(total, most));
      expect(some[0]).toBe(0);
      if (most > 1) expect(some.at(-1)).toBe(total - 1);
      const steps = some.slice(1).map((one, i) => one - some[i]!);
      if (steps.length > 0) expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
      for (const step of steps) expect(step).toBeGreaterThan(0);
    }),
  );
});
