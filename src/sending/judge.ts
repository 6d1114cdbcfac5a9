/**
 * The task of a judge model: each answer that a model gave is a question about that answer. It is asked, recorded and continued
 * like any other task, and what scores it reads its records alone.
 */
import type { JudgePlan, ModelPlan } from '../config/plan.ts';
import type { DatasetType, Row } from '../contract/dataset.ts';
import { toText } from '../contract/prompt-list.ts';
import type { Transcript } from '../contract/record.ts';
import { askedTwice } from './judge-twice.ts';
import type { Task } from './prepare.ts';
import type { CaseSource, PickedRow, Shape } from './shape.ts';
import { singleTurn } from './single.ts';

/** What of a transcript a judge is told. */
export type JudgedAnswer = Pick<Transcript, 'call' | 'prompt' | 'gold'> & {
  /** Without reasoning. */
  readonly answer: string;
};

/** A question about one of several answers to a row. */
interface AnswerRow extends PickedRow {
  readonly repetition: number;
}

/**
 * The judge's task on these answers to a task whose dataset has a judge; its files stand beside that task's, under the abbr
 * `<dataset>-<judge>`. A judge's template may use the columns of the dataset's row, and `prediction` (AISBench:
 * `model_answer`), `prompt`, `gold` and `model_pred_uuid`. Throws as the prompt's renderer does.
 */
export function judgeTask(
  { model: asked, dataset, datasetType, source }: Task,
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
  const own: CaseSource = { model, rows, shape };
  return {
    model,
    dataset: judge.dataset,
    datasetType: type,
    source: own,
    warmup: own,
    warmupIsMeasured: true,
    notes: [],
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

/** One question an answer, or two where the judge is asked a second time with something swapped. */
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

/** The repetition is that of the answer: the judge itself is asked once. */
function ofAnswers(shape: Shape): Shape {
  return { ...shape, caseOf: (picked) => shape.caseOf(picked, (picked as AnswerRow).repetition) };
}

/** Renders a question about an empty answer: what is wrong with a judge's template is told before anything is sent. */
export function checkJudge(task: Task): void {
  const [first] = task.source.rows;
  if (task.dataset.judge === undefined || first === undefined) return;
  const call = { id: '', model: '', dataset: '', index: first.index, repetition: 0 };
  const { source } = judgeTask(task, [{ call, prompt: '', gold: '', answer: '' }]);
  source.shape.caseOf(source.rows[0]!, 0);
}
