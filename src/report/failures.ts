import type { CallRef, FailureKind } from '../contract/record.ts';
import type { FailureGroup } from '../metrics/failures.ts';
import { left, right, type Table } from './table.ts';
import { clip, displayWidth, oneLine } from './text.ts';

const MESSAGE_WIDTH = 240;

/** Failures by cause, the most frequent first, each with one request to look at. */
export function failureTable(title: string, groups: readonly FailureGroup[]): Table {
  return {
    title,
    columns: [right('Count'), left('Kind'), right('Status'), left('Message'), left('Example')],
    rows: groups.map((group) => [
      String(group.count),
      group.kind,
      group.status === undefined ? '' : String(group.status),
      messageOf(group),
      oneLine(exampleOf(group.example)),
    ]),
    footnotes: [...new Set(groups.flatMap(curesOf))],
  };
}

/** One thing to do about a failure, where there is one that a flag or a config can do. */
function curesOf({ kind, status = 0, message }: FailureGroup): string[] {
  const cure = status > 0 ? cureOfStatus(status) : cureOfKind(kind, message);
  return cure === undefined ? [] : [`to do (${status > 0 ? `HTTP ${status}` : kind}): ${cure}`];
}

function cureOfStatus(status: number): string | undefined {
  if (status === 401 || status === 403) return 'give the key of the service with --api-key';
  if (status === 404) return 'check the address (--url) and the name of the model (--model)';
  if (status === 429) return 'ask for less at once (--batch-size) or more slowly (--request-rate)';
  return status >= 300 && status < 400 ? 'give the address that it redirects to, with --url' : undefined;
}

function cureOfKind(kind: FailureKind, message: string): string | undefined {
  if (kind === 'connect')
    return 'see that the service is up and its address right: --url, --host-ip, --host-port';
  if (kind === 'timeout') return 'find out why it takes so long, or allow more: --timeout-total and its like';
  if (kind === 'bad-reply' && message.includes('no event stream'))
    return 'check the address, or set stream: false where the service answers in one piece';
  return undefined;
}

function exampleOf({ dataset, index, turn, label }: CallRef): string {
  const turnText = turn === undefined ? '' : ` turn ${turn + 1}`;
  return `${dataset} #${index}${turnText}${label === undefined ? '' : ` label ${label}`}`;
}

/** The message holds the server's words; the whole body is in the record. */
function messageOf({ message }: FailureGroup): string {
  const text = oneLine(message);
  return displayWidth(text) <= MESSAGE_WIDTH ? text : `${clip(text, MESSAGE_WIDTH - 1)}…`;
}
