import type { JudgePlan } from '../config/plan.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { Transcript } from '../contract/record.ts';
import { type Call, failedTranscript } from './calls.ts';
import type { Case, PickedRow, Shape } from './shape.ts';

type Swapped = NonNullable<JudgePlan['swapped']>;

/**
 * Each answer is asked about twice; one transcript tells of both, the swapped asking in its `details.swapped`. The records have the
 * labels `first` and `swapped`. A failed request fails the case.
 */
export function askedTwice(first: Shape, second: Shape, swapped: Swapped): Shape {
  return {
    requestsOf: () => 2,
    caseOf: (picked, repetition) => {
      const one = first.caseOf(picked, repetition).first;
      const other = second.caseOf(exchanged(picked, swapped.columns), repetition).first;
      // The id tells of both prompts and of what A means: where one of them changes, the case is another one.
      const ref = { ...one.ref, id: `${one.ref.id}-${other.ref.id}-${swapped.verdicts}` };
      return twiceCase(
        { ...one, ref: { ...ref, label: 'first' } },
        { ...other, ref: { ...ref, label: 'swapped' } },
        swapped.verdicts,
      );
    },
  };
}

function twiceCase(one: Call, other: Call, verdicts: Swapped['verdicts']): Case {
  const { label: _label, ...ref } = one.ref;
  return {
    ref,
    first: one,
    run: async (scheduled, ask, tell) => {
      const heard: Transcript[] = [];
      let due = scheduled;
      for (const call of [one, other]) {
        const answer = await ask(call, due);
        if (answer === undefined) return;
        if (answer.record.outcome === 'failed') {
          return tell(failedTranscript({ ...one, ref }, answer.record.failure));
        }
        heard.push(answer.transcript);
        due = answer.record.times.done;
      }
      const [told, { prompt, content, finishReason }] = heard as [Transcript, Transcript];
      const swapped = { prompt, content, ...(finishReason === undefined ? {} : { finishReason }), verdicts };
      tell({ ...told, call: ref, details: { ...told.details, swapped } });
    },
  };
}

/** The row with the values of two columns exchanged. Throws UTILS-CFG-002 for a column that it has not. */
function exchanged<T extends PickedRow>(picked: T, columns: Swapped['columns']): T {
  if (columns === undefined) return picked;
  const [a, b] = columns;
  const lacking = columns.find((column) => !Object.hasOwn(picked.row, column));
  if (lacking !== undefined) {
    throw new AisBenchError('UTILS-CFG-002', `the judge's rows have no column '${lacking}' to swap`, {
      where: 'judge_infer_cfg.swapped.columns',
      cure: `name two of: ${Object.keys(picked.row).join(', ')}`,
    });
  }
  const row: Row = { ...picked.row, [a]: picked.row[b], [b]: picked.row[a] };
  return { ...picked, row };
}
