import { InvalidArgumentError } from 'commander';
import type { FlagSpec } from './flag-spec.ts';

/** Flags about how a service is reached; each replaces a field of every service model. */
export const CONNECTION_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--url <url>',
    meaning: 'base URL of the service, instead of host and port (repeatable: several servers)',
    repeatable: true,
  },
  {
    flags: '--header <line>',
    meaning: "header of every request, e.g. 'X-Session: {conversation_id}' (repeatable)",
    repeatable: true,
  },
  { flags: '--insecure', meaning: 'do not check the certificates of https services' },
  limit('connect', 'for a connection, TLS and proxy included'),
  limit('first-token', 'from sending to the first event of a stream'),
  limit('idle', 'between two reads of a stream'),
  limit('total', 'from sending to the end of the reply'),
];

function limit(name: string, meaning: string): FlagSpec {
  return { flags: `--timeout-${name} <seconds>`, meaning: `seconds ${meaning}; 0: no limit`, parse: seconds };
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is not a number of seconds, 0 or more.');
}
