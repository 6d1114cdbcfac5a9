/**
 * Images, video and audio of one's own (AISBench §4.8): a JSON Lines file with rows
 * `{type: 'image' | 'video' | 'audio', path: '…' or ['…'], question, answer}`. A row becomes the one text of segments that an
 * `MMPromptTemplate` takes apart. Files stay where they are: the row has their URLs.
 */
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { framesUrl, isMediaUrl } from '../../contract/prompt-list.ts';
import { contentOf } from '../../prompt/media.ts';
import { candidateFiles, fileExists } from '../locate.ts';
import { checkMediaFile, type NamedFile } from '../media-files.ts';
import { badRow, readJsonl } from '../read.ts';

const DEFAULT_PATH = 'ais_bench/datasets/mm_custom.jsonl';
const DEFAULT_FRAMES = 5;
const KINDS = ['image', 'video', 'audio'] as const;
const MM_TYPES = ['path', 'base64'] as const;

interface MediaOptions {
  /** Whether a service is sent the file's URL, or the file. */
  readonly mmType: (typeof MM_TYPES)[number];
  /** Most frames of a video that is given as images. */
  readonly numFrames: number;
}

/** A row's columns. */
interface MmRow extends Row {
  readonly content: string;
  /** Read by what sends the row: `base64` puts its files into the request. */
  readonly mm_type: MediaOptions['mmType'];
  readonly answer: unknown;
}

export const MMCustomDataset: DatasetType = {
  name: 'MMCustomDataset',
  async load(options) {
    const settings = readSettings(options.params);
    const file = await locateFile(options);
    const named: NamedFile[] = [];
    const test = await readJsonl(file, (row, where) => toMmRow(row, where, file, settings, named));
    const folder = dirname(file);
    const roots = [folder, ...(options.mediaRoots ?? [])];
    for (const one of named) await checkMediaFile(one, roots);
    return { train: [], test, folder };
  },
};

/** Throws UTILS-CFG-002 for a value that means nothing. */
function readSettings({
  mm_type = 'path',
  num_frames = DEFAULT_FRAMES,
}: LoadOptions['params']): MediaOptions {
  const mmType = MM_TYPES.find((one) => one === mm_type);
  if (mmType === undefined) throw badSetting('mm_type', mm_type, `use one of: ${MM_TYPES.join(', ')}`);
  if (!Number.isInteger(num_frames) || (num_frames as number) < 1) {
    throw badSetting('num_frames', num_frames, 'give a whole number from 1 on');
  }
  return { mmType, numFrames: num_frames as number };
}

function badSetting(name: string, value: unknown, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `${name} is ${JSON.stringify(value)}`, { where: name, cure });
}

/** An absolute path as it is; a relative one below the folders of datasets, in full or by its name, then from where we are. */
async function locateFile({ path, roots, base }: LoadOptions): Promise<string> {
  const wanted = path === '' ? DEFAULT_PATH : path;
  const places = candidateFiles(wanted, { roots, base });
  for (const place of places) if (await fileExists(place)) return place;
  throw new AisBenchError('DSET-FILE-001', `the dataset file '${wanted}' is not there`, {
    where: `looked for ${places.join(', ')}`,
    cure: "put your rows there, or give the dataset config's path (docs/multimodal.md)",
  });
}

function toMmRow(row: Row, where: string, file: string, settings: MediaOptions, named: NamedFile[]): MmRow {
  const { type, path, question, answer = '' } = row;
  const kind = KINDS.find((one) => one === type);
  if (kind === undefined) throw badRow(where, `its type is ${JSON.stringify(type)}, not ${KINDS.join(', ')}`);
  if (typeof question !== 'string') throw badRow(where, "it has no text in column 'question'");
  const urls = pathsIn(path, where).map((one) => urlOf(one, dirname(file)));
  const isFrames = kind === 'video' && urls.every((url) => /\.(jpe?g|png|webp|bmp|gif)$/i.test(url));
  if (isFrames && !urls.every((url) => url.startsWith('file://'))) {
    throw badRow(where, 'the frames of a video must be files');
  }
  const media = isFrames ? [framesUrl(spread(urls, settings.numFrames))] : urls;
  const isInlined = isFrames || settings.mmType === 'base64';
  named.push(...urls.filter((url) => url.startsWith('file://')).map((url) => ({ url, where, isInlined })));
  const segments = [...media.map((value) => ({ kind, value })), { kind: 'text' as const, value: question }];
  return { ...row, answer, content: contentOf(segments), mm_type: settings.mmType };
}

function pathsIn(path: unknown, where: string): readonly string[] {
  const paths: unknown[] = Array.isArray(path) ? path : [path];
  if (paths.length > 0 && paths.every((one) => typeof one === 'string' && one !== ''))
    return paths as string[];
  throw badRow(where, "its column 'path' is neither a text nor a list of texts");
}

function urlOf(path: string, folder: string): string {
  return isMediaUrl(path) ? path : pathToFileURL(resolve(folder, path)).href;
}

/** At most `most` elements, evenly spread, the first and the last among them. */
export function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const step = most === 1 ? 0 : (all.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => all[Math.round(i * step)]!);
}
