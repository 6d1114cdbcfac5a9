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
