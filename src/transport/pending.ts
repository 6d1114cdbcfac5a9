/** What of a streamed reply waits for its turn. */

/** One event that is to be parsed. */
export interface PendingEvent {
  readonly data: string;
  readonly type: string | undefined;
  readonly at: number;
  readonly sharedRead: boolean;
  /** The body ended before the event did. */
  readonly unfinished: boolean;
}

/** What one read brought: a text, or stretches of it. */
export interface Read {
  readonly text: string;
  readonly bounds: Int32Array | undefined;
  readonly at: number;
  readonly sharedRead: boolean;
  next: Read | undefined;
}
