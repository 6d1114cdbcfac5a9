import { join, resolve } from 'node:path';
import { nearest } from '../../basics/nearest.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { rootsFromEnv } from '../../dataset/locate.ts';
import { findDataset, pullDataset } from '../../dataset/pull.ts';
import { type DataSource, SOURCES } from '../../dataset/sources.ts';
import { left } from '../../report/table.ts';
import { renderTable } from '../../report/terminal.ts';
import { terminalOptions } from '../print/output.ts';

/** `ais_bench datasets`: prints the datasets with the folder where each was found, or the source of the rest. */
export async function listDatasets(): Promise<number> {
  const roots = rootsFromEnv(process.env, process.cwd());
  const rows = SOURCES.map(async (source) => {
    const { name, licence, pull } = source;
    const folder = await findDataset(source, roots);
    if (folder !== undefined) return [name, 'found', folder, licence];
    return [name, pull === undefined ? 'missing' : 'missing, pull', source.source, licence];
  });
  const table = {
    title: 'Datasets',
    columns: [left('Dataset'), left('State'), left('Folder, or source'), left('Licence')],
    rows: await Promise.all(rows),
    footnotes: [
      `searched: ${roots.join(', ')} (AIS_BENCH_DATASETS_CACHE names the first)`,
      'pull: ais_bench datasets pull NAME downloads it',
    ],
  };
  process.stdout.write(`${renderTable(table, terminalOptions())}\n`);
  return EXIT.ok;
}

interface PullFlags {
  readonly into?: string;
  readonly mirror?: string;
  readonly force?: boolean;
}

/** `ais_bench datasets pull NAME`: downloads a dataset. Throws UTILS-MATCH-001 for an unknown name, DSET-PULL-001 and -002. */
export async function pull(name: string, { into, mirror, force }: PullFlags): Promise<number> {
  const source = findSource(name);
  const root = into ?? rootsFromEnv(process.env, process.cwd())[0]!;
  const report = (line: string) => process.stderr.write(`${line}\n`);
  report(`${source.name}: ${source.source}, licence ${source.licence}`);
  const folder = join(resolve(root), source.folder ?? source.name);
  await pullDataset(source, { into: folder, mirror, force, report });
  report(`${source.name} is in ${folder}`);
  return EXIT.ok;
}

function findSource(name: string): DataSource {
  const source = SOURCES.find((one) => one.name === name);
  const known = SOURCES.map((one) => one.name);
  if (source === undefined) {
    const near = nearest(name, known);
    throw new AisBenchError('UTILS-MATCH-001', `no dataset is named "${name}"`, {
      where: 'ais_bench datasets pull',
      cure: near === undefined ? `use one of: ${known.join(', ')}` : `did you mean "${near}"?`,
    });
  }
  if (source.pull !== undefined) return source;
  throw new AisBenchError('DSET-PULL-001', `${name} cannot be downloaded file by file`, {
    where: source.source,
    cure: `get ${source.files.join(', ')} from there by hand`,
  });
}
