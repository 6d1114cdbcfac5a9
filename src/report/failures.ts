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
      oneLine(`${group.example.dataset} #${group.example.index}`),
    ]),
    footnotes: [],
  };
}

/** The message, and what the server wrote if the message does not say it already. */
function messageOf({ message, bodyExcerpt = '' }: FailureGroup): string {
  const said = oneLine(message);
  const body = oneLine(bodyExcerpt);
  const text = body === '' || said.includes(body) ? said : `${said}: ${body}`;
  return displayWidth(text) <= MESSAGE_WIDTH ? text : `${clip(text, MESSAGE_WIDTH - 1)}…`;
}
