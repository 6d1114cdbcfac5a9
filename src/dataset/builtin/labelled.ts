/** Datasets of the Mosaic leaderboards: `<split>.jsonl`, and a number a line in `<split>-labels.lst`. */
import { join } from 'node:path';
import type { LoadOptions, Row, Splits } from '../../contract/dataset.ts';
import { splitNames } from '../columns.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { badRow, readJsonl, readText } from '../read.ts';

export interface LabelledFiles {
  readonly source: string;
  readonly usual: readonly string[];
  readonly toRow: (row: Row, label: number, where: string) => Row;
}

/** AISBench's names of the splits → the files'. */
const FILES: Readonly<Record<string, string>> = { train: 'train', validation: 'dev' };

/** Asks `dev`, shows `train`; a train split that is not there is empty. Throws as `DatasetType.load` does. */
export async function loadLabelled(
  options: LoadOptions,
  { source, usual, toRow }: LabelledFiles,
): Promise<Splits> {
  const own = { train: 'train', test: 'validation', known: Object.keys(FILES) };
  const { train, test } = splitNames(options, own);
  const files = [`${FILES[test]}.jsonl`, `${FILES[test]}-labels.lst`];
  const folder = await locateFolder(options, { files, source, usual });
  const hasTrain = await fileExists(join(folder, `${FILES[train]}-labels.lst`));
  return {
    train: hasTrain ? await readLabelled(folder, FILES[train]!, toRow) : [],
    test: await readLabelled(folder, FILES[test]!, toRow),
  };
}

async function readLabelled(folder: string, name: string, toRow: LabelledFiles['toRow']): Promise<Row[]> {
  const file = join(folder, `${name}-labels.lst`);
  const labels = (await readText(file)).trimEnd().split(/\r?\n/);
  const rows = await readJsonl(join(folder, `${name}.jsonl`), (row, where) => ({ row, where }));
  if (rows.length !== labels.length)
    throw badRow(file, `it has ${labels.length} labels, and ${name}.jsonl ${rows.length} rows`);
  return rows.map(({ row: { id: _, ...row }, where }, i) => {
    const label = labels[i]!.trim();
    if (!/^-?\d+$/.test(label)) throw badRow(`${file}:${i + 1}`, `the label '${label}' is no whole number`);
    return toRow(row, Number(label), where);
  });
}
