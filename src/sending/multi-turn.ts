import { nearest } from '../basics/nearest.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { FailedRecord, Transcript } from '../contract/record.ts';
import { type Dialogue, dialogueRenderer } from '../prompt/turns.ts';
import { failedTranscript, type ModelRequest, sampleRef } from './model-request.ts';
import { lengthLimit, makeReference, toolsOf } from './row-options.ts';
import type { SampleRun, Shape, ShapeOptions } from './shape.ts';
import { singleRequest } from './single.ts';

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
