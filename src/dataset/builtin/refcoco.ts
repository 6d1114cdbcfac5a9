/**
 * RefCOCO, RefCOCO+ and RefCOCOg, things in photographs that are to be found by what is said of them: lmms-lab/RefCOCO, RefCOCOplus and
 * RefCOCOg on Hugging Face, on photographs of COCO. Read from the Parquet files of a split, `{question_id, image, answer, bbox, file_name}`,
 * a question for each of the descriptions in `answer`. Format unseen: no real file was read with these classes.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { textIn, textParam, textsIn } from '../columns.ts';
import { imageSize } from '../image-size.ts';
import { candidateFolders, filesIn, locateFolder } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { badRow } from '../read.ts';
import { imagesFirst } from './image-questions.ts';

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
