import { join, resolve } from 'node:path';
import { nearest } from '../../basics/nearest.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { rootsFromEnv } from '../../dataset/locate.ts';
import { SOURCES } from '../../dataset/source-table.ts';
import type { DataSource } from '../../dataset/sources.ts';
import { renderTable } from '../../report/terminal.ts';
import { datasetTable } from '../datasets/list.ts';
import { pullDataset } from '../datasets/pull.ts';
import { terminalOptions } from '../print/terminal-options.ts';

/** `ais_bench datasets`: what is found, where it was looked for, and where the rest comes from. */
export async function listDatasets(): Promise<number> {
  const table = await datasetTable(SOURCES, rootsFromEnv(process.env, process.cwd()));
  process.stdout.write(`${renderTable(table, terminalOptions())}\n`);
  return EXIT.ok;
}

interface PullFlags {
  readonly into?: string;
  readonly mirror?: string;
  readonly force?: boolean;
}

/** `ais_bench datasets pull NAME`. Throws UTILS-MATCH-001 for an unknown name, DSET-PULL-001 and -002. */
export async function pull(name: string, { into, mirror, force }: PullFlags): Promise<number> {
  const source = sourceNamed(name);
  const root = into ?? rootsFromEnv(process.env, process.cwd())[0]!;
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say(`${source.name}: ${source.source}, licence ${source.licence}`);
  const folder = join(resolve(root), source.folder ?? source.name);
  await pullDataset(source, { into: folder, mirror, force, say });
  say(`${source.name} is in ${folder}`);
  return EXIT.ok;
}

function sourceNamed(name: string): DataSource {
  const source = SOURCES.find((one) => one.name === name);
  const known = SOURCES.map((one) => one.name);
  if (source === undefined) {
    const near = nearest(name, known);
    throw new AisBenchError('UTILS-MATCH-001', `there is no dataset named "${name}"`, {
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
