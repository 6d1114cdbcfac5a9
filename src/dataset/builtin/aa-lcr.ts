/**
 * AA-LCR, questions whose answers have to be reasoned from several long documents: ArtificialAnalysis/AA-LCR on Hugging Face, Apache 2.0 (the
 * documents are of their publishers). `AA-LCR_Dataset.csv` has 100 rows `{document_category, document_set_id, question_id, question, answer,
 * data_source_filenames, …}`; the documents lie in `lcr/<category>/<set>/`, or in `AA-LCR_extracted-text.zip` that holds this folder. Format
 * unseen: no real file was read with this class.
 */
import { basename, dirname, join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { markOf, textIn } from '../columns.ts';
import { readCsv } from '../csv.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { badRow, decodedText, readBytes } from '../read.ts';
import { openZip } from '../zip.ts';

const SOURCE =
  'Hugging Face, ArtificialAnalysis/AA-LCR (AA-LCR_Dataset.csv and extracted_text/AA-LCR_extracted-text.zip)';
const USUAL = ['ais_bench/datasets/aa_lcr', 'ais_bench/datasets/AA-LCR', 'evalscope/AA-LCR'];
const QUESTIONS = 'AA-LCR_Dataset.csv';
const ARCHIVE = 'AA-LCR_extracted-text.zip';
const DOCUMENTS = 'lcr';
/** Where the documents may lie, below the folder of the questions. */
const PLACES = ['', 'extracted_text'];

/** The bytes of a document by its path below `lcr/`; undefined where it is not there. */
type Library = (path: string) => Promise<Buffer | undefined>;

/** Rows with the columns of the file, `answers` (its `answer`), and `input`: all documents of the question, then the question. */
export const AALCRDataset: DatasetType = {
  name: 'AALCRDataset',
  source: ({ document_category, document_set_id }) =>
    markOf(`${String(document_category)}/${String(document_set_id)}`),
  async load(options) {
    const folder = await folderOf(options);
    const file = join(folder, QUESTIONS);
    const library = await libraryIn(folder);
    const rows = await readCsv(file, (row, where) => ({ row, where }));
    const test: Row[] = [];
    for (const { row, where } of rows) test.push(await toRow(row, where, library));
    return { train: [], test };
  },
};

/** AISBench's configs also name the archive, or its folder. */
function folderOf({ path, roots }: LoadOptions): Promise<string> {
  const folder = path.endsWith('.zip') ? dirname(path) : path;
  const above = basename(folder) === 'extracted_text' ? dirname(folder) : folder;
  return locateFolder({ path: above, roots }, { files: [QUESTIONS], source: SOURCE, usual: USUAL });
}

async function libraryIn(folder: string): Promise<Library> {
  for (const place of PLACES) {
    const documents = join(folder, place, DOCUMENTS);
    if (await fileExists(documents)) return async (path) => fileAt(join(documents, path));
    const archive = join(folder, place, ARCHIVE);
    if (!(await fileExists(archive))) continue;
    const zip = openZip(await readBytes(archive), archive);
    return async (path) => zip.read(`${DOCUMENTS}/${path}`);
  }
  const files = [join('extracted_text', ARCHIVE)];
  await locateFolder({ path: folder, roots: [] }, { files, source: SOURCE }); // throws: neither is there
  return async () => undefined;
}

async function fileAt(path: string): Promise<Buffer | undefined> {
  return (await fileExists(path)) ? readBytes(path) : undefined;
}

async function toRow(row: Row, where: string, library: Library): Promise<Row> {
  const [category, set] = ['document_category', 'document_set_id'].map((column) =>
    textIn(row, column, where),
  );
  const question = textIn(row, 'question', where);
  const names = textIn(row, 'data_source_filenames', where)
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw badRow(where, 'it names no document');
  const documents: string[] = [];
  for (const name of names) {
    const path = `${category}/${set}/${name}`;
    const bytes = await library(path);
    if (bytes === undefined) throw badRow(where, `its document '${path}' is not there`);
    const text = decodedText(bytes, path).trim();
    if (text !== '') documents.push(text);
  }
  return { ...row, question, answers: textIn(row, 'answer', where), input: inputOf(documents, question) };
}

/** AISBench's column, in words of ours. */
function inputOf(documents: readonly string[], question: string): string {
  const numbered = documents.map(
    (text, n) => `=== Document ${n + 1} ===\n${text}\n=== End of document ${n + 1} ===`,
  );
  return (
    `Here are ${documents.length === 1 ? 'a document' : `${documents.length} documents`}, and a question about them.\n\n` +
    `${numbered.join('\n\n')}\n\n` +
    `Answer this question from what the documents say:\n\n${question}`
  );
}
