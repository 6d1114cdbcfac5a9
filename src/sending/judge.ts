/**
 * The task of a judge model: each answer of a model becomes a request about that answer. It is sent, recorded and continued
 * like any other task, and what scores it reads its records alone.
 */
import type { JudgePlan, ModelPlan } from '../config/plan.ts';
import type { DatasetType, Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { toText } from '../contract/prompt-list.ts';
import type { Transcript } from '../contract/record.ts';
import { singleTurn } from './inferencers.ts';
import { failedTranscript, type ModelRequest } from './model-request.ts';
import type { Task } from './prepare.ts';
import type { PickedRow, SampleRun, Shape, TaskSamples } from './shape.ts';

/** What of a transcript a judge sees. */
export type JudgedAnswer = Pick<Transcript, 'call' | 'prompt' | 'gold'> & {
  /** Without reasoning. */
  readonly answer: string;
};

/** A question about one of several answers to a row. */
interface AnswerRow extends PickedRow {
  readonly repetition: number;
}

/**
 * The judge's task on these answers to a task whose dataset has a judge; its files lie beside that task's, under the abbr
 * `<dataset>-<judge>`. A judge's template may use the columns of the dataset's row, and `prediction` (AISBench:
 * `model_answer`), `prompt`, `gold` and `model_pred_uuid`. Throws as the prompt's renderer does.
 */
export function judgeTask(
  { model: asked, dataset, datasetType, scorers, source }: Task,
  answers: readonly JudgedAnswer[],
): Task {
  const judge = dataset.judge!;
  const model = { ...judge.model, abbr: asked.abbr };
  const original = new Map(source.rows.map(({ index, row }) => [index, row]));
  const rows = answers
    .filter(({ call }) => original.has(call.index))
    .map((one) => answerRow(one, original.get(one.call.index)!))
    .sort((a, b) => a.index - b.index || a.repetition - b.repetition);
  const type = judgedAnswers(datasetType);
  const shape = ofAnswers(shapeOf(model, judge, type));
  const own: TaskSamples = { model, rows, shape };
  return {
    model,
    dataset: judge.dataset,
    datasetType: type,
    ...(scorers && { scorers }),
    source: own,
    warmup: own,
    warmupIsMeasured: true,
    findings: [],
    countTokens: undefined,
  };
}

/** What a judge's rows are read with: they are made of answers, so nothing is loaded. */
function judgedAnswers(dataset: DatasetType): DatasetType {
  return {
    name: 'JudgedAnswers',
    load: async () => ({ train: [], test: [] }),
    reference: ({ gold }) => gold ?? '',
    source: (row) => dataset.source?.(row),
  };
}

/** One request an answer, or two where the judge judges a second time with something swapped. */
function shapeOf(model: ModelPlan, { dataset: plan, swapped }: JudgePlan, type: DatasetType): Shape {
  const dataset = { ...plan, type };
  const once = singleTurn({ model, dataset, train: [] });
  if (swapped === undefined) return once;
  const { prompt_template = dataset.config.infer_cfg.prompt_template } = swapped;
  const infer_cfg = { ...dataset.config.infer_cfg, prompt_template };
  const second = { ...dataset, config: { ...dataset.config, infer_cfg } };
  return askedTwice(once, singleTurn({ model, dataset: second, train: [] }), swapped);
}

/** Columns of the dataset's own keep their values; what the model said has the last word. */
function answerRow({ call, prompt, gold, answer }: JudgedAnswer, row: Row): AnswerRow {
  const about = { prediction: answer, model_answer: answer, model_pred_uuid: call.id };
  return {
    index: call.index,
    repetition: call.repetition,
    row: { prompt: promptText(prompt), gold, ...row, ...about },
  };
}

/** Of a prompt with images, video or audio, and of a choice with several, the JSON. */
function promptText(prompt: unknown): string {
  try {
    return toText(prompt as Parameters<typeof toText>[0]);
  } catch {
    return JSON.stringify(prompt);
  }
}

/** The repetition is that of the answer: the judge judges it once. */
function ofAnswers(shape: Shape): Shape {
  return { ...shape, makeRun: (picked) => shape.makeRun(picked, (picked as AnswerRow).repetition) };
}

/** Renders the judge's prompt for an empty answer, so that a wrong template fails before anything is sent. */
export function checkJudge(task: Task): void {
  const [first] = task.source.rows;
  if (task.dataset.judge === undefined || first === undefined) return;
  const call = { id: '', model: '', dataset: '', index: first.index, repetition: 0 };
  const { source } = judgeTask(task, [{ call, prompt: '', gold: '', answer: '' }]);
  source.shape.makeRun(source.rows[0]!, 0);
}

type Swapped = NonNullable<JudgePlan['swapped']>;

/**
 * Judges each answer twice; one transcript holds both replies, the swapped one in its `details.swapped`. The records have the
 * labels `first` and `swapped`. A failed request fails the case.
 */
export function askedTwice(first: Shape, second: Shape, swapped: Swapped): Shape {
  return {
    countRequests: () => 2,
    makeRun: (picked, repetition) => {
      const one = first.makeRun(picked, repetition).first;
      const other = second.makeRun(exchanged(picked, swapped.columns), repetition).first;
      // The id covers both prompts and what A means: where one of them changes, it is another sample.
      const ref = { ...one.ref, id: `${one.ref.id}-${other.ref.id}-${swapped.verdicts}` };
      return judgedTwice(
        { ...one, ref: { ...ref, label: 'first' } },
        { ...other, ref: { ...ref, label: 'swapped' } },
        swapped.verdicts,
      );
    },
  };
}

function judgedTwice(one: ModelRequest, other: ModelRequest, verdicts: Swapped['verdicts']): SampleRun {
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
