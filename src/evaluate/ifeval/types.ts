/** Whether a reply follows one instruction. The reply is never blank: a blank one follows none. */
export type Check = (reply: string) => boolean;

/** What an instruction asks for: `{num_words: 300, relation: 'at least'}`. A null is as good as a missing one. */
export interface Kwargs {
  readonly values: Readonly<Record<string, unknown>>;
  /** Which instruction of which row they are, for errors. */
  readonly where: string;
}

/**
 * Reads the kwargs and makes the check, by the second half of an instruction's id (`keywords:existence`). Throws
 * DSET-DATA-002 for kwargs that lack what the check needs: google-research's code would draw it at random then.
 */
export type Family = Readonly<Record<string, (kwargs: Kwargs) => Check>>;
