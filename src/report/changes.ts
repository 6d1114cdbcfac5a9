import type { VerdictChange } from '../evaluate/changes.ts';
import type { Judged } from '../evaluate/types.ts';
import { csvText } from './csv.ts';
import { phrase } from './phrase.ts';
import { left, right, type Table } from './table.ts';
import { clip, oneLine } from './text.ts';
import type { Text } from './words.ts';

/** The verdicts of one model on one dataset that a new scoring changed. */
export interface ChangeReport {
  readonly model: string;
  readonly dataset: string;
  readonly changes: readonly VerdictChange[];
}

const SHOWN = 20;
/** Terminal columns of an answer: whole replies may be answers. */
const ANSWER_WIDTH = 60;

/** The first changes of a task, those from right to wrong first; nothing where none changed. `file` has all of them; without one `--full` shows them. */
export function changeTables(
  reports: readonly ChangeReport[],
  file: string | undefined,
  shown: number = SHOWN,
): Table[] {
  return reports
    .filter(({ changes }) => changes.length > 0)
    .map(({ model, dataset, changes }) => {
      const more = changes.length - shown;
      return {
        title: phrase('Changed verdicts: {model}, {dataset}: {n}', { model, dataset, n: changes.length }),
        columns: [
          right(phrase('Row')),
          left(phrase('Before')),
          left(phrase('Now')),
          left(phrase('Answer before')),
          left(phrase('Answer now')),
          left(phrase('Reference')),
        ],
        rows: changes
          .slice(0, shown)
          .map(({ before, after }) => [
            placeOf(after),
            phrase(before.verdict),
            phrase(after.verdict),
            cell(answerOf(before)),
            cell(answerOf(after)),
            cell(after.reference),
          ]),
        footnotes: more > 0 ? [moreNote(more, file)] : [],
      };
    });
}

/** Every change, one a line. */
export function changesCsv(reports: readonly ChangeReport[]): string {
  return csvText([
    [
      'dataset',
      'model',
      'row',
      'repetition',
      'turn',
      'before',
      'now',
      'answer_before',
      'answer_now',
      'reference',
    ],
    ...reports.flatMap(({ dataset, model, changes }) =>
      changes.map(({ before, after }) => [
        ...[dataset, model, after.index, after.repetition, after.turn],
        ...[before.verdict, after.verdict, answerOf(before), answerOf(after), after.reference],
      ]),
    ),
  ]);
}

function moreNote(more: number, file: string | undefined): Text {
  return file === undefined
    ? phrase('and {more} more, all of them in the output of --full', { more })
    : phrase('and {more} more, all of them in {file}', { more, file });
}

function cell(answer: string | undefined): Text {
  return answer === undefined ? phrase('(none)') : clip(oneLine(answer), ANSWER_WIDTH);
}

/** `3`, `3.1` for its second repetition, `3 turn 2`. */
function placeOf({ index, repetition, turn }: Judged): Text {
  const ofRow = repetition === 0 ? String(index) : `${index}.${repetition}`;
  return turn === undefined ? ofRow : phrase('{row} turn {turn}', { row: ofRow, turn: turn + 1 });
}

function answerOf({ extraction }: Judged): string | undefined {
  return extraction?.answer;
}
