import { candidateFolders, fileExists } from '../../dataset/locate.ts';
import { type DataSource, pathOf } from '../../dataset/sources.ts';
import { left, type Table } from '../../report/table.ts';

/** Which of the datasets are found, where, and where the others come from. */
export async function datasetTable(sources: readonly DataSource[], roots: readonly string[]): Promise<Table> {
  const rows = await Promise.all(sources.map((source) => rowOf(source, roots)));
  return {
    title: 'Datasets',
    columns: [left('Dataset'), left('State'), left('Folder, or source'), left('Licence')],
    rows,
    footnotes: [
      `looked for in: ${roots.join(', ')} (AIS_BENCH_DATASETS_CACHE names the first)`,
      'pull: ais_bench datasets pull NAME downloads it',
    ],
  };
}

async function rowOf(source: DataSource, roots: readonly string[]): Promise<string[]> {
  const { name, licence, pull } = source;
  const folder = await foundIn(source, roots);
  if (folder !== undefined) return [name, 'found', folder, licence];
  return [name, pull === undefined ? 'missing' : 'missing, pull', source.source, licence];
}

/** The folder that holds all of its files; undefined where there is none. */
export async function foundIn(source: DataSource, roots: readonly string[]): Promise<string | undefined> {
  for (const folder of candidateFolders(pathOf(source), roots)) {
    const there = await Promise.all(source.files.map((file) => fileExists(`${folder}/${file}`)));
    if (there.every(Boolean)) return folder;
  }
  return undefined;
}
