/**
 * The shapes of samples by the names of AISBench's inferencers: one prompt, functions, a dialogue, a choice of labels; and the columns
 * of a row that they send.
 */
import { nearest } from '../basics/nearest.ts';
import { isLoadTest, type Mode } from '../config/modes.ts';
import type { ModelPlan } from '../config/plan.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { PromptList } from '../contract/prompt-list.ts';
import type { CallRef, FailedRecord, Transcript } from '../contract/record.ts';
import { leastLoss, type PromptScore } from '../evaluate/perplexity.ts';
import { type LabelPrompt, labelRenderer, promptRenderer } from '../prompt/render.ts';
import { type Dialogue, dialogueRenderer } from '../prompt/turns.ts';
import { failedTranscript, type ModelRequest, type Reference, sampleRef } from './model-request.ts';
import { SCORING_METHODS, scoreIn } from './prompt-scorer.ts';
import type { SampleRun, Shape, ShapedDataset, ShapeOptions } from './shape.ts';

/** `GenInferencer`: one prompt, one answer. Throws as the prompt's renderer does. */
export function singleTurn({ model, dataset, train, mediaRoots = [] }: ShapeOptions): Shape {
  const { infer_cfg, reader_cfg } = dataset.config;
  const render = promptRenderer(infer_cfg, reader_cfg, model.metaTemplate, train);
  return {
    countRequests: () => 1,
    makeRun: ({ index, row }, repetition) => {
      const asked = {
        prompt: render(row),
        maxOutLen: lengthLimit(row, model),
        ...toolsOf(row, model),
        ...fixedLengthOf(row, model),
      };
      const media = mediaOption(row);
      const ref = sampleRef(model, { dataset: dataset.abbr, index, repetition }, Object.values(asked));
      return singleRequest({ ref, ...asked, ...media, mediaRoots, ...makeReference(row, dataset) });
    },
  };
}

/** A sample that is one request. */
function singleRequest(call: ModelRequest): SampleRun {
  return {
    ref: call.ref,
    first: call,
    run: async (scheduled, ask, tell) => {
      const answer = await ask(call, scheduled);
      if (answer !== undefined) tell(answer.transcript);
    },
  };
}

/**
 * `BFCLV3FunctionCallInferencer`: a dialogue and functions that may be called. A model whose config has `returns_tool_calls` gets
 * them as tools; any other gets the template, filled with `{functions}`, as its system message, or the row's `system_prompt` where the
 * template does not name them: AISBench's own files leave the words to the package bfcl-eval. Which of the two it was is kept
 * with the reference. Throws as the prompt's renderer does, DSET-DATA-002 for a row without `messages` and `functions`.
 */
export function functionCall({ model, dataset, train }: ShapeOptions): Shape {
  const { infer_cfg, reader_cfg } = dataset.config;
  const isTools = model.attr === 'service' && model.sendsTools;
  let renderer: ReturnType<typeof promptRenderer> | undefined;
  const namesFunctions = JSON.stringify(infer_cfg.prompt_template?.template ?? '').includes('{functions}');
  const tell = (row: Row): string | PromptList => {
    const { system_prompt: own } = row;
    if (typeof own === 'string' && !namesFunctions) return own;
    renderer ??= promptRenderer(infer_cfg, reader_cfg, undefined, train);
    return renderer(row);
  };
  return {
    countRequests: () => 1,
    makeRun: ({ index, row }, repetition) => {
      const messages = dialogueOf(row, `${dataset.abbr}, row ${index}`);
      const asked = {
        prompt: isTools ? messages : withSystem(tell(row), messages),
        maxOutLen: lengthLimit(row, model),
        ...toolsOf(row, model),
      };
      const ref = sampleRef(model, { dataset: dataset.abbr, index, repetition }, Object.values(asked));
      const { gold, ...shared } = makeReference(row, dataset);
      const how = { asked: isTools ? 'tools' : 'text' };
      return singleRequest({ ref, ...asked, ...shared, gold: isTable(gold) ? { ...gold, ...how } : gold });
    },
  };
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dialogueOf({ messages }: Row, where: string): PromptList {
  if (Array.isArray(messages) && messages.length > 0) return messages as unknown as PromptList;
  throw new AisBenchError('DSET-DATA-002', 'a row has no dialogue in its column messages', {
    where,
    cure: 'use a dataset class that makes messages, tools and functions, as BFCLDataset does',
  });
}

/** A system message that the dialogue has already comes behind ours, in the same message. */
function withSystem(told: string | PromptList, messages: PromptList): PromptList {
  if (typeof told !== 'string') return [...told, ...messages];
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: told }, ...messages];
  return [{ ...first, content: `${told}\n\n${String(first.content)}` }, ...rest];
}

/** Which turns are sent, and whose answers the later ones see (AISBench §4.4). */
const MODES = ['every', 'last', 'every_with_gt'] as const;
type InferMode = (typeof MODES)[number];

/**
 * `MultiTurnGenInferencer`: a row is a dialogue whose turns are sent one after the other, or only the last of them.
 * Throws as the dialogue's renderer does, ICLI-PARAM-002 for an unknown `infer_mode`.
 */
export function multiTurn(setting: ShapeOptions): Shape {
  const { model, dataset, train } = setting;
  const { infer_cfg, reader_cfg } = dataset.config;
  const mode = readMode(infer_cfg.inferencer['infer_mode']);
  const { turnsOf, render } = dialogueRenderer(infer_cfg, reader_cfg, model.metaTemplate, train);
  return {
    countRequests: (row) => (mode === 'last' ? Math.min(1, turnsOf(row)) : turnsOf(row)),
    makeRun: ({ index, row }, repetition) => {
      const dialogue = render(row);
      if (mode !== 'every') requireAnswers(dialogue, `${dataset.abbr}, row ${index}`);
      const said = mode === 'every' ? undefined : dialogue.answers;
      const turns = turnsAsked(dialogue, { row, said, setting });
      const asked = turns.map(({ prompt, maxOutLen, tools }) => [prompt, maxOutLen, tools]);
      const ref = sampleRef(model, { dataset: dataset.abbr, index, repetition }, [mode, asked]);
      if (mode === 'last') return singleRequest({ ...turns.at(-1)!, ref });
      const refOf = (turn: number) => ({ ...ref, turn, turns: turns.length });
      const calls = turns.map((asks, turn) => ({ ...asks, ref: refOf(turn) }));
      return dialogueRun(calls, dialogue, said);
    },
  };
}

function readMode(value: unknown): InferMode {
  const mode = MODES.find((one) => one === (value ?? 'every'));
  if (mode !== undefined) return mode;
  const near = nearest(String(value), MODES);
  throw new AisBenchError('ICLI-PARAM-002', `there is no infer_mode ${JSON.stringify(value)}`, {
    where: 'infer_cfg.inferencer.infer_mode',
    cure: near === undefined ? `use one of: ${MODES.join(', ')}` : `did you mean "${near}"?`,
  });
}

function requireAnswers({ answers }: Dialogue, where: string): void {
  const turn = answers.slice(0, -1).indexOf('');
  if (turn === -1) return;
  throw new AisBenchError('DSET-DATA-002', `the dataset has no answer of its own for turn ${turn + 1}`, {
    where,
    cure: "use infer_mode: 'every', which goes on with the model's answers",
  });
}

interface Asking {
  readonly row: Row;
  /** What was said at each turn, where it is known before the model answers. */
  readonly said: readonly string[] | undefined;
  readonly setting: ShapeOptions;
}

/** Returns the request of every turn, as far as it is known before the model answers. */
function turnsAsked(dialogue: Dialogue, { row, said = [], setting }: Asking): Omit<ModelRequest, 'ref'>[] {
  const { model, dataset } = setting;
  const { gold, ...shared } = makeReference(row, dataset);
  return dialogue.answers.map((answer, turn) => ({
    prompt: dialogue.promptAt(turn, said),
    maxOutLen: lengthLimit(row, model, turn),
    ...shared,
    gold: Array.isArray(gold) ? gold[turn] : answer === '' ? gold : answer,
    ...toolsOf(row, model),
  }));
}

/**
 * The turns one after the other; a turn is due when the one before it has ended. A failed turn ends the dialogue. Where it is
 * not known what was said, the model's own content goes on, without its reasoning.
 */
function dialogueRun(
  calls: readonly ModelRequest[],
  dialogue: Dialogue,
  known: readonly string[] | undefined,
): SampleRun {
  const first = calls[0]!;
  return {
    ref: first.ref,
    first,
    run: async (scheduled, ask, tell) => {
      const heard: string[] = [];
      let due = scheduled;
      for (const [turn, call] of calls.entries()) {
        const prompt = dialogue.promptAt(turn, known ?? heard);
        const answer = await ask({ ...call, prompt }, due);
        if (answer === undefined) return;
        const { record, transcript } = answer;
        tell(transcript);
        if (record.outcome === 'failed') {
          for (const rest of notAsked(record, calls.slice(turn + 1))) tell(rest);
          return;
        }
        heard.push(transcript.content);
        due = record.times.done;
      }
    },
  };
}

/** Turns that were not sent because an earlier one failed count against the score; those of a stopped run do not. */
function notAsked({ call, failure }: FailedRecord, rest: readonly ModelRequest[]): Transcript[] {
  if (failure.kind === 'cancelled') return [];
  const message = `not asked: turn ${(call.turn ?? 0) + 1} of the dialogue failed`;
  return rest.map((call) => failedTranscript(call, { kind: 'cancelled', message }));
}

/** A request needs a limit; what is generated is not looked at. */
const MAX_OUT_LEN = 1;

interface LabelScore extends PromptScore {
  readonly label: string;
}

/**
 * `PPLInferencer`: the complete text of every label is scored, and the label whose text the model expects most is its answer.
 * Throws as the label renderer does, and where the model or the mode cannot do it.
 */
export function perplexity(setting: ShapeOptions, mode: Mode): Shape {
  requireScoring(setting, mode);
  const { model, dataset, train } = setting;
  const { infer_cfg, reader_cfg } = dataset.config;
  const { labelsOf, render } = labelRenderer(infer_cfg, reader_cfg, model.metaTemplate, train);
  return {
    countRequests: (row) => requireChoice(row, labelsOf(row)),
    makeRun: ({ index, row }, repetition) => {
      const labels = render(row);
      const ref = sampleRef(model, { dataset: dataset.abbr, index, repetition }, ['ppl', labels]);
      return choiceRun(ref, labels, makeReference(row, dataset));
    },
  };
}

/** Refuses by name what could only fail with every request. */
function requireScoring({ model, dataset }: ShapeOptions, mode: Mode): void {
  const where = `${model.abbr} × ${dataset.abbr}`;
  if (isLoadTest(mode)) {
    throw new AisBenchError('ICLI-PARAM-006', 'PPLInferencer measures no performance: --mode perf is given', {
      where,
      cure: 'run it with --mode all, or choose a dataset config with GenInferencer',
    });
  }
  const { name } = model.modelClass;
  const needed = SCORING_METHODS[model.attr];
  const lacking = needed.find((method) => !model.methods.includes(method));
  if (lacking !== undefined) {
    throw new AisBenchError('ICLI-IMPL-008', `${name} has no ${lacking}, which PPLInferencer needs`, {
      where,
      cure: `add ${needed.join(' and ')} to the class, or use another model config`,
    });
  }
  if (model.attr === 'local' || !model.options.stream) return;
  throw new AisBenchError('ICLI-PARAM-007', 'PPLInferencer streams no replies: stream is true', {
    where,
    cure: 'use a model config with stream: false, such as vllm_api_general',
  });
}

function requireChoice(row: Row, labels: readonly string[]): number {
  if (labels.length > 1) return labels.length;
  throw new AisBenchError('DSET-DATA-002', `a row leaves ${labels.length} of the labels to choose from`, {
    where: JSON.stringify(row).slice(0, 200),
    cure: 'give it a value in the columns of at least two labels; null says that a label is not there',
  });
}

/** Scores the labels one after the other; makes one transcript of them all. A failed request fails the case. */
function choiceRun(ref: CallRef, labels: readonly LabelPrompt[], reference: Reference): SampleRun {
  const calls = labels.map(
    ({ label, prompt }): ModelRequest => ({
      ref: { ...ref, label },
      prompt,
      maxOutLen: MAX_OUT_LEN,
      ...reference,
      scoresPrompt: true,
    }),
  );
  const asked = { ref, prompt: labels.map(({ prompt }) => prompt), ...reference };
  return {
    ref,
    first: calls[0]!,
    run: async (scheduled, ask, tell) => {
      const scores: LabelScore[] = [];
      let due = scheduled;
      for (const [position, call] of calls.entries()) {
        const answer = await ask(call, due);
        if (answer === undefined) return;
        const { record, transcript } = answer;
        if (record.outcome === 'failed') {
          return tell({ ...failedTranscript(asked, record.failure), ...detailsOf(scores) });
        }
        scores.push({ label: labels[position]!.label, ...scoreIn(transcript) });
        due = record.times.done;
      }
      tell(chosen(asked, scores));
    },
  };
}

function chosen(
  { ref, prompt, ...reference }: Reference & { readonly ref: CallRef; readonly prompt: unknown },
  scores: readonly LabelScore[],
): Transcript {
  return {
    call: ref,
    success: true,
    prompt,
    content: leastLoss(scores)?.label ?? '',
    reasoningContent: '',
    toolCalls: [],
    ...reference,
    ...detailsOf(scores),
  };
}

/** AISBench's `ppl_list` (§7.2); its `ppl` is our `loss`. */
function detailsOf(scores: readonly LabelScore[]): Pick<Transcript, 'details'> {
  return { details: { ppl_list: scores } };
}

/** Returns the row's own `max_out_len`, for this turn where it is a list of limits; else the model's. */
export function lengthLimit(row: Row, { options }: ModelPlan, turn = 0): number {
  const own = row['max_out_len'];
  return positiveInteger(Array.isArray(own) ? own[turn] : own) ?? options.maxOutLen;
}

/** Column `ignore_eos`: the answer is not to end before the limit, where the model class can ask for that. */
export function fixedLengthOf(row: Row, model: ModelPlan): { fixedLength?: true } {
  return row['ignore_eos'] === true && canFixLength(model) ? { fixedLength: true } : {};
}

/** Finds rows that want an exact length of a model class that cannot ask for it. */
export function lengthFindings([first]: readonly Row[], model: ModelPlan): Finding[] {
  if (first?.['ignore_eos'] !== true || canFixLength(model)) return [];
  return [finding('LENGTH-NOT-FIXED', { class: model.modelClass.name })];
}

/** Finds functions of rows that do not reach the model. `BFCLV3FunctionCallInferencer` writes them into the prompt then. */
export function toolFindings(
  [first]: readonly Row[],
  model: ModelPlan,
  { infer_cfg }: Pick<ShapedDataset['config'], 'infer_cfg'>,
): Finding[] {
  const { tools } = first ?? {};
  const isSent = model.attr === 'service' && model.sendsTools;
  const isWritten = infer_cfg.inferencer.type === 'BFCLV3FunctionCallInferencer';
  if (isSent || isWritten || tools === undefined || tools === null || tools === '') return [];
  return [finding('TOOLS-UNUSED', {})];
}

function canFixLength(model: ModelPlan): boolean {
  return model.attr === 'service' && model.fixesLength;
}

/** Returns what the dataset class makes of the row for scoring, else the answer's column; and what the row shares with others. */
export function makeReference(row: Row, { type, config }: Omit<ShapedDataset, 'abbr'>): Reference {
  const { output_column } = config.reader_cfg;
  const gold = type.reference?.(row) ?? (output_column === null ? undefined : row[output_column]);
  const source = type.source?.(row);
  return { gold, ...(source === undefined ? {} : { source }) };
}

/**
 * Returns the row's functions (column `tools`, a list or its JSON text), where the model's config has `returns_tool_calls`.
 * Throws DSET-DATA-002 when the column is neither.
 */
export function toolsOf(row: Row, model: ModelPlan): { tools?: readonly unknown[] } {
  const { tools } = row;
  const isSent = model.attr === 'service' && model.sendsTools;
  return !isSent || tools === undefined || tools === null || tools === '' ? {} : { tools: listOf(tools) };
}

/** Returns whether the row's files go into its requests: the column `mm_type` (`path` or `base64`), as AISBench's datasets call it. */
export function mediaOption({ mm_type }: Row): { inlinesMedia?: true } {
  return mm_type === 'base64' ? { inlinesMedia: true } : {};
}

function listOf(tools: unknown): readonly unknown[] {
  let why = 'it is not a list';
  try {
    const list: unknown = typeof tools === 'string' ? JSON.parse(tools) : tools;
    if (Array.isArray(list)) return list;
  } catch (cause) {
    why = messageOf(cause);
  }
  throw new AisBenchError('DSET-DATA-002', `a row's column tools cannot be read: ${why}`, {
    where: String(JSON.stringify(tools)).slice(0, 200),
    cure: 'give a list of functions in the form of OpenAI, or its JSON text',
  });
}

function positiveInteger(value: unknown): number | undefined {
  const number = Number(value);
  return value !== '' && value !== null && Number.isInteger(number) && number > 0 ? number : undefined;
}
