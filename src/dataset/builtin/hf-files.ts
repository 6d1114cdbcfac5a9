import type { DatasetType, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { isTexts } from '../columns.ts';
import { candidateFiles, fileExists } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { parseJsonl, readText } from '../read.ts';
import { type FilePlaces, readByEnding } from './custom.ts';

// Rows as Hugging Face's `datasets.load_dataset` reads them from files (AISBench's `HFDataset`): `path` is the form, `data_files` a file, a
// list of files, or one of these for each split. Nothing is downloaded.

/** No code of a dataset's is ever run, whatever the last one says. */
const HF_KEYS = ['data_files', 'split', 'trust_remote_code'];
const HF_FORMS = ['json', 'parquet'];

/** Keys: `path`, `data_files`, `split` (`train` by default). Rows stay as they are; the split serves for examples and samples alike. */
export const HFDataset: DatasetType = {
  name: 'HFDataset',
  async load({ path, params, roots, base }) {
    const unknown = Object.keys(params).find((key) => !HF_KEYS.includes(key));
    if (unknown !== undefined)
      throw wrong(unknown, 'HFDataset has no such key', `only: ${HF_KEYS.slice(0, 2).join(', ')}`);
    if (!HF_FORMS.includes(path)) {
      throw wrong(
        'path',
        `${JSON.stringify(path)} is none of ${HF_FORMS.join(', ')}: nothing is downloaded`,
        "write path: 'json' and the files as data_files",
      );
    }
    const read = async (value: unknown, key: string) => {
      const files = await Promise.all(filesOf(value, key).map((file) => hfFile(file, { roots, base })));
      return (await Promise.all(files.map((file) => readHfFile(file, path)))).flat();
    };
    const { data_files: given, split = 'train' } = params;
    if (typeof split !== 'string')
      throw wrong('split', `it is ${JSON.stringify(split)}`, "name one, such as 'train'");
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      const rows = await read(given, 'data_files');
      if (split !== 'train')
        throw wrong(
          'split',
          `there is no '${split}': data_files without names are the split 'train'`,
          "write 'train'",
        );
      return { train: rows, test: rows };
    }
    if (!Object.hasOwn(given, split))
      throw wrong('split', `data_files has no '${split}'`, `use one of: ${Object.keys(given).join(', ')}`);
    const rows = await read((given as Row)[split], `data_files.${split}`);
    return { train: rows, test: rows };
  },
};

function filesOf(value: unknown, key: string): readonly string[] {
  const files = typeof value === 'string' ? [value] : value;
  if (isTexts(files) && files.length > 0) return files;
  throw wrong(key, 'it names no file', "write a file, such as data_files: 'FewCLUE/bustm/dev_few_all.json'");
}

/** OpenCompass and AISBench keep data below `./data`. Throws DSET-FILE-001. */
async function hfFile(file: string, where: FilePlaces): Promise<string> {
  const paths = [file, file.replace(/^(\.\/)?(data\/)?/, '')];
  const places = [...new Set(paths.flatMap((path) => candidateFiles(path, where)))];
  for (const place of places) if (await fileExists(place)) return place;
  throw new AisBenchError('DSET-FILE-001', `there is no file '${file}'`, {
    where: `looked for ${places.join(', ')}`,
    cure: 'put it there, or name another as data_files, absolute or relative to where you start the command',
  });
}

/** A file `.json` is a list of rows, or a row a line. */
async function readHfFile(file: string, form: string): Promise<Row[]> {
  const asIs = (row: Row) => row;
  if (form === 'parquet') return readParquet(file, asIs);
  const text = await readText(file);
  if (!/^\s*\[/.test(text)) return parseJsonl(text, file, asIs);
  return readByEnding(file, asIs, '.json');
}

function wrong(key: string, why: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `${key}: ${why}`, { where: key, cure });
}
