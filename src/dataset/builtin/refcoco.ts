/**
 * RefCOCO, RefCOCO+ and RefCOCOg, things in photographs that are to be found by what is said of them: lmms-lab/RefCOCO, RefCOCOplus and
 * RefCOCOg on Hugging Face, on photographs of COCO. Read from the Parquet files of a split, `{question_id, image, answer, bbox, file_name}`,
 * a question for each of the descriptions in `answer`. Format unseen: no real file was read with these classes.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { textIn, textParam, textsIn } from '../columns.ts';
import { candidateFolders, filesIn, locateFolder } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { badRow } from '../read.ts';
import { imagesFirst } from './image-questions.ts';

/** Width and height of an image, in pixels as they are stored. */
interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The size of a PNG or a JPEG, read off its header; undefined for other bytes. */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsWith(bytes, PNG) && bytes.length >= 24)
    return { width: view.getUint32(16), height: view.getUint32(20) };
  return startsWith(bytes, JPEG) ? jpegSize(view) : undefined;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8];

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

/** Goes from segment to segment, to the one that begins a frame. */
function jpegSize(view: DataView): ImageSize | undefined {
  let at = JPEG.length;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    // Fill bytes, and markers without a length.
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8))
      at += marker === 0xff ? 1 : 2;
    else if (isFrame(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, between which stand DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Rows with the columns `content`, the photograph and a description, and `answer`, `{question_id, bbox: [left, top, right, bottom],
 * image_width, image_height}` in pixels. The photographs lie inside of the files, so they go into the requests whatever the config's `image_type`
 * says. Keys of the config: `split`.
 */
export const RefCOCODataset: DatasetType = ofPhotographs('RefCOCODataset', 'RefCOCO');
export const RefCOCOPlusDataset: DatasetType = ofPhotographs('RefCOCOPlusDataset', 'RefCOCOplus');
export const RefCOCOgDataset: DatasetType = ofPhotographs('RefCOCOgDataset', 'RefCOCOg');

function ofPhotographs(name: string, repository: string): DatasetType {
  return {
    name,
    // Several things are asked for in one photograph.
    source: ({ photograph }) => String(photograph),
    async load(options) {
      const files = await filesOf(options, repository);
      const test: Row[] = [];
      for (const file of files.names)
        for (const rows of await readParquet(
          join(files.folder, file),
          toRows,
          (column) => column === 'image',
        ))
          test.push(...rows);
      return { train: [], test, folder: files.folder };
    },
  };
}

async function filesOf({ path, roots, params }: LoadOptions, repository: string) {
  const split = textParam({ params }, 'split', 'val');
  const given = path === '' ? `ais_bench/datasets/${repository}/data` : path;
  for (const folder of candidateFolders(given, roots)) {
    const names = (await filesIn(folder, '.parquet')).filter((name) => name.startsWith(`${split}-`));
    if (names.length > 0) return { folder, names };
  }
  const example = `${split}-00000-of-00001.parquet`;
  const source = `Hugging Face, lmms-lab/${repository}, folder data`;
  const folder = await locateFolder({ path: given, roots }, { files: [example], source });
  return { folder, names: [example] };
}

function toRows(row: Row, where: string, bytesIn: (column: string) => Uint8Array | undefined): Row[] {
  const image = textIn(row, 'image', where);
  const bytes = bytesIn('image');
  const size = bytes && imageSize(bytes);
  if (size === undefined) throw badRow(where, 'its image is no PNG and no JPEG');
  const answer = {
    question_id: row['question_id'],
    bbox: cornersOf(row['bbox'], where),
    image_width: size.width,
    image_height: size.height,
  };
  const photograph = row['file_name'] ?? image;
  return textsIn(row, 'answer', where).map((description) => ({
    content: imagesFirst([image], description),
    answer,
    photograph,
  }));
}

/** The corners of a box that is told by a corner, its width and its height. */
function cornersOf(bbox: unknown, where: string): readonly number[] {
  const numbers = Array.isArray(bbox) ? bbox.map(Number) : [];
  if (numbers.length !== 4 || !numbers.every(Number.isFinite))
    throw badRow(where, "its column 'bbox' is not a list of four numbers");
  const [left, top, width, height] = numbers as [number, number, number, number];
  return [left, top, left + width, top + height];
}
