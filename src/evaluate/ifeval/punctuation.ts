import type { Family } from './types.ts';

export const punctuation: Family = {
  /** The comma of other scripts (`，`, `،`) is none. */
  no_comma: () => (reply) => !reply.includes(','),
};
