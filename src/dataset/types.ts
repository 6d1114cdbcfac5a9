/** One row of a dataset: column name to value. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows for worked examples and rows to ask; a dataset without a train file has an empty `train`. */
export interface Splits {
  readonly train: readonly Row[];
  readonly test: readonly Row[];
}

export interface LoadOptions {
  /** The dataset config's `path`, '' when it has none. */
  readonly path: string;
  /** Folders that a relative path is looked for in, in order. */
  readonly roots: readonly string[];
  /** Further keys of the dataset config, as written. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** A dataset class (`type` of a dataset config): reads its files, and knows where they come from. */
export interface DatasetType {
  readonly name: string;
  /** Throws DSET-FILE-001 naming the file, every place looked at and the source; DSET-DATA-002 with file and line. */
  load(options: LoadOptions): Promise<Splits>;
}
