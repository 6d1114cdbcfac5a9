/** One row of a dataset: column name to value. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows for worked examples (`train`) and rows to evaluate (`test`); a dataset without a train file has an empty `train`. */
export interface Splits {
  readonly train: readonly Row[];
  readonly test: readonly Row[];
  /** Rows to warm up with, where all of `test` are measured: no measured prompt is in a cache then. */
  readonly warmup?: readonly Row[];
  /** Where the rows were read from: files below it may go into requests. Absent: none may, unless the config names its `media_root`. */
  readonly folder?: string;
  /** What a user should know about these rows before the run, one sentence each. */
  readonly notes?: readonly string[];
}

/** The part of a tokenizer that a dataset needs to make prompts of a given length. */
export interface Tokenizer {
  /** Ids of a text, without the special tokens that the tokenizer puts around it. */
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
  /** Ids of the vocabulary that are neither special nor added, in order. */
  ordinaryIds(): readonly number[];
  /**
   * Tokens of a text as a service counts it: as the one user message of the model's chat template, generation prompt
   * included; without a template, with the special tokens around it. Throws UTILS-FILE-003 for a template that cannot be
   * rendered.
   */
  countServed(text: string): number;
}

/** What a dataset class gets to read its rows. */
export interface LoadOptions {
  /** The dataset config's `path`, '' when it has none. */
  readonly path: string;
  /** Folders that a relative path is looked for in, in order. */
  readonly roots: readonly string[];
  /** The folder, absolute, that the user works in: a file of the user's is looked for there too. Absent: it is not. */
  readonly base?: string;
  /** Further keys of the dataset config, as written. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Rows that the run takes at most (`--num-prompts`): a class that makes its rows up makes so many at least. */
  readonly count?: number;
  /** Folders, absolute, whose files may go into requests beside those of the dataset's own folder (`media_root`). */
  readonly mediaRoots?: readonly string[];
  /** Names of the splits that the config selects (`reader_cfg.train_split`, `test_split`), for classes that have several. */
  readonly splits?: { readonly train?: string | undefined; readonly test?: string | undefined };
  /** A text that no other run has, the same in every process of this one; absent: use a fixed one. */
  readonly nonce?: string;
  /**
   * The tokenizer of the evaluated model, or that of the folder `own`; undefined where the model's config names none.
   * Only for classes with `usesTokenizer`. Throws UTILS-FILE-003.
   */
  readonly tokenizer?: (own?: string) => Promise<Tokenizer | undefined>;
}

/** A dataset class (`type` of a dataset config): reads its files, and names their source. */
export interface DatasetType {
  readonly name: string;
  /** Whether its rows depend on the model's tokenizer, and so are made once for each. */
  readonly usesTokenizer?: boolean;
  /**
   * What scoring needs of a row, where that is more than the config's output column: any JSON value. It is kept beside the
   * answer, so that a run can be scored again without the dataset.
   */
  reference?(row: Row): unknown;
  /**
   * What scoring is given in place of what `reference` made, where that is too much to be kept with every answer: it is read again from the
   * dataset when an answer is scored. Any other value comes back as it is. Throws as `load` does.
   */
  recall?(kept: unknown, options: Pick<LoadOptions, 'path' | 'roots'>): Promise<unknown>;
  /** What a row's question shares with those of other rows (a passage, a document): their answers are not independent. */
  source?(row: Row): string | undefined;
  /** Throws DSET-FILE-001 naming the file, every place looked at and the source; DSET-DATA-002 with file and line. */
  load(options: LoadOptions): Promise<Splits>;
}
