import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { framesUrl, LARGEST_INLINE_BYTES, type PromptList, pieceUrl } from '../contract/prompt-list.ts';
import { inlineMedia, withMedia } from './media.ts';
import type { ModelRequest, RequestResult } from './model-request.ts';

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const ref = { id: 'a', model: 'm', dataset: 'd', index: 0, repetition: 0 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ais-bench-media-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function file(name: string, bytes: Buffer = PNG): string {
  writeFileSync(join(folder, name), bytes);
  return pathToFileURL(join(folder, name)).href;
}

function parquetOf(images: readonly (Buffer | null)[]): Buffer {
  const data = images.map((bytes) => bytes && new Uint8Array(bytes));
  return Buffer.from(
    parquetWriteBuffer({ columnData: [{ name: 'image', data, type: 'BYTE_ARRAY', nullable: true }] }),
  );
}

const part = (url: string, kind = 'image') => ({ type: `${kind}_url`, [`${kind}_url`]: { url } });
const asks = (...parts: readonly ReturnType<typeof part>[]): PromptList => [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: [...parts, { type: 'text', text: 'file:///no' }] },
];
const dataUrl = (bytes: Buffer, mime = 'image/png') => `data:${mime};base64,${bytes.toString('base64')}`;

describe('a prompt with files', () => {
  it('has them as data URLs; texts and other URLs stay', async () => {
    const image = { type: 'image_url', image_url: { url: file('a b.png'), detail: 'low' } };
    const told = [part('https://host/a.png'), part('data:image/png;base64,AA==')];
    const sound = part(file('a.wav', Buffer.from('RIFF....WAVE')), 'audio');
    expect(await inlineMedia(asks(image as any, ...told, sound), 'all', [folder])).toEqual([
      { role: 'system', content: 'Be short.' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: dataUrl(PNG), detail: 'low' } },
          ...told,
          part(dataUrl(Buffer.from('RIFF....WAVE'), 'audio/wav'), 'audio'),
          { type: 'text', text: 'file:///no' },
        ],
      },
    ]);
    expect(await inlineMedia('file:///no', 'all', [folder])).toBe('file:///no');
  });

  it('has the frames of a video in one URL, whichever files are asked for', async () => {
    const frames = [PNG, Buffer.concat([PNG, PNG])].map((bytes, i) => file(`f,${i}.png`, bytes));
    const film = file('a.mp4', Buffer.from('....ftypisom'));
    const prompt = asks(part(framesUrl(frames), 'video'), part(film, 'video'));
    const joined = `data:video/jpeg;base64,${PNG.toString('base64')},${Buffer.concat([PNG, PNG]).toString('base64')}`;
    const urls = async (which: 'all' | 'frames') =>
      ((await inlineMedia(prompt, which, [folder])) as PromptList)[1]!.content.slice(0, 2);
    expect(await urls('frames')).toEqual([part(joined, 'video'), part(film, 'video')]);
    expect(await urls('all')).toEqual([
      part(joined, 'video'),
      part(dataUrl(Buffer.from('....ftypisom'), 'video/mp4'), 'video'),
    ]);
  });

  it('has a piece of a file, whichever files are asked for', async () => {
    const base64 = PNG.toString('base64');
    const rows = file('rows.tsv', Buffer.from(`image\n${base64}\n`));
    const piece = pieceUrl(rows, { from: 6, to: 6 + base64.length });
    const table = file('rows.parquet', parquetOf([null, PNG]));
    const cell = pieceUrl(table, { column: 'image', row: 1 });
    const whole = file('a.png');
    const prompt = asks(part(piece), part(cell), part(whole));
    for (const [which, last] of [
      ['frames', whole],
      ['all', dataUrl(PNG)],
    ] as const) {
      expect(await inlineMedia(prompt, which, [folder])).toEqual(
        asks(part(dataUrl(PNG)), part(dataUrl(PNG)), part(last)),
      );
    }
    const refused = (url: string, why: RegExp, roots = [folder]) =>
      expect(inlineMedia(asks(part(url)), 'frames', roots)).rejects.toThrow(why);
    await refused(pieceUrl(rows, { from: 6, to: 6000 }), /rows\.tsv .*ends before byte 6000/);
    await refused(pieceUrl(rows, { from: 0, to: 2 * LARGEST_INLINE_BYTES }), /at most go into a request/);
    await refused(pieceUrl(table, { column: 'image', row: 0 }), /row 1 has no image in 'image'/);
    await refused(pieceUrl(table, { column: 'other', row: 0 }), /row 1 has no image in 'other'/);
    await refused(pieceUrl(table, { column: 'image', row: 2 }), /row 3 has no image/);
    await refused(piece, /lies outside/, []);
  });

  it('has the file as it is now', async () => {
    const url = file('a.png');
    await inlineMedia(asks(part(url)), 'all', [folder]);
    const changed = Buffer.concat([PNG, Buffer.from('more')]);
    file('a.png', changed);
    expect(await inlineMedia(asks(part(url)), 'all', [folder])).toEqual(asks(part(dataUrl(changed))));
  });

  it('is refused where a file is gone or too large', async () => {
    const url = file('a.png');
    truncateSync(join(folder, 'a.png'), LARGEST_INLINE_BYTES + 1);
    await expect(inlineMedia(asks(part(url)), 'all', [folder])).rejects.toThrow(/a\.png .*67108865 bytes/);
    await expect(inlineMedia(asks(part('file:///no/b.png')), 'all', [folder])).rejects.toThrow(
      /\/no\/b\.png .*ENOENT/,
    );
    await expect(inlineMedia(asks(part('file://host/b.png')), 'all', [folder])).rejects.toThrow(
      /names no file/,
    );
  });
});

describe('a file that a row may not send', () => {
  const refused = async (url: string, roots: readonly string[]) =>
    expect(inlineMedia(asks(part(url)), 'all', roots)).rejects.toThrow(/lies outside/);

  it('lies anywhere else, whatever way leads there', async () => {
    const secret = file('secret.png');
    const data = join(folder, 'data');
    mkdirSync(data);
    mkdirSync(`${data}2`);
    file('data2/beside.png');
    symlinkSync(join(folder, 'secret.png'), join(data, 'link.png'));
    symlinkSync(folder, join(data, 'folder'));
    const below = pathToFileURL(data).href;
    await refused(secret, [data]);
    await refused(secret, []);
    for (const way of [
      '../secret.png',
      '%2e%2e/secret.png',
      'link.png',
      'folder/secret.png',
      '../data2/beside.png',
    ])
      await refused(`${below}/${way}`, [data]);
    expect(await inlineMedia(asks(part(secret)), 'all', [data, folder])).toEqual(asks(part(dataUrl(PNG))));
  });

  it('is none: a pipe would never end', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const pipe = pathToFileURL(join(folder, 'pipe')).href;
    await expect(inlineMedia(asks(part(pipe)), 'all', [folder])).rejects.toThrow(/it is no file/);
  });
});

describe('asking with files', () => {
  const callFor = (prompt: PromptList, own: Partial<ModelRequest> = {}): ModelRequest => ({
    ref,
    prompt,
    maxOutLen: 5,
    gold: 'g',
    mediaRoots: [folder],
    ...own,
  });

  /** Someone who is asked, and notes what. */
  function asked(most?: 'all' | 'frames') {
    const seen: ModelRequest[] = [];
    const answer = {
      record: 'record',
      transcript: { prompt: 'long', content: 'yes' },
    } as unknown as RequestResult;
    const ask = withMedia(
      async (call) => {
        seen.push(call);
        return answer;
      },
      () => 42,
      most,
    );
    return { ask, seen, answer };
  }

  it('sends the file and keeps its URL', async () => {
    const { ask, seen } = asked();
    const prompt = asks(part(file('a.png')));
    const answer = await ask(callFor(prompt, { inlinesMedia: true }), 7);
    expect(seen.map((call) => call.prompt)).toEqual([asks(part(dataUrl(PNG)))]);
    expect(answer).toMatchObject({ record: 'record', transcript: { prompt, content: 'yes' } });
  });

  it.each([
    ['a service that opens files itself', undefined, {}],
    ['a local model', 'frames' as const, { inlinesMedia: true as const }],
  ])('%s is asked with the URL', async (_, most, own) => {
    const { ask, seen, answer } = asked(most);
    const call = callFor(asks(part(file('a.png'))), own);
    expect(await ask(call, 7)).toBe(answer);
    expect(seen).toEqual([call]);
  });

  it('asks at once where there is no file', () => {
    const { ask, seen } = asked();
    void ask(callFor(asks(part('https://host/a.png')), { inlinesMedia: true }), 7);
    expect(seen).toHaveLength(1);
  });

  it('sends nothing where the file is gone: the request has failed', async () => {
    const { ask, seen } = asked();
    const prompt = asks(part('file:///no/b.png'));
    const answer = await ask(callFor(prompt, { inlinesMedia: true }), 7);
    expect(seen).toEqual([]);
    const failure = { kind: 'model-bug', message: expect.stringMatching(/^not sent: \/no\/b\.png/) };
    expect(answer).toMatchObject({
      record: { call: ref, outcome: 'failed', failure, times: { scheduled: 7, sent: 42, done: 42 } },
      transcript: { success: false, prompt, gold: 'g', failure },
    });
  });

  it('tells that the run was stopped', async () => {
    const ask = withMedia(
      async () => undefined,
      () => 0,
    );
    expect(await ask(callFor(asks(part(file('a.png'))), { inlinesMedia: true }), 0)).toBeUndefined();
  });
});
