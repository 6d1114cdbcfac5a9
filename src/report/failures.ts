import type { FailureGroup } from '../metrics/failures.ts';
import type { CallRef } from '../record.ts';
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
    footnotes: [],
  };
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
