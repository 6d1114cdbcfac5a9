/**
 * Where the files of the built-in datasets come from: what `ais_bench datasets` lists and `ais_bench datasets pull` fetches. A
 * checksum is that of the file as its authors publish it, taken from a copy that our tests read.
 */
import table from './sources.json' with { type: 'json' };

/** A dataset's files as its authors publish them. */
export interface DataSource {
  /** Name of the family: that of its configs. */
  readonly name: string;
  /** Folder that holds its files, below `ais_bench/datasets/`; the name by default. */
  readonly folder?: string;
  /** Files that must be there for it to run. */
  readonly files: readonly string[];
  /** Who publishes it. */
  readonly source: string;
  readonly licence: string;
  /** Address that the names of `pull` are put behind. */
  readonly published?: string;
  /** Files that can be downloaded one by one; absent: they come as an archive, or only after their authors were asked. */
  readonly pull?: readonly PullFile[];
}

/** A file to download. */
export interface PullFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where a dataset's folder is looked for, as its config's `path` says it. */
export function pathOf({ name, folder = name }: DataSource): string {
  return `ais_bench/datasets/${folder}`;
}

/** Address of a file: the authors', or `<mirror>/<folder>/<file>`. Undefined where there is neither. */
export function addressOf(
  { name, folder = name, published }: DataSource,
  file: PullFile,
  mirror: string | undefined,
): string | undefined {
  if (mirror !== undefined) return `${mirror.replace(/(?<!\/)\/+$/, '')}/${folder}/${file.name}`;
  return published === undefined ? undefined : `${published}/${file.name}`;
}

/** The built-in datasets' sources, in the order in which `ais_bench datasets` lists them. */
export const SOURCES = table as readonly DataSource[];
