import { AisBenchError } from '../errors.ts';
import type { Transcript } from '../record.ts';
import { type Answer, originalSpan, stripReasoning } from './reasoning.ts';
import type {
  DatasetPostprocessor,
  Evaluator,
  Extractor,
  Judged,
  Judgement,
  PredPostprocessor,
  RuleSet,
} from './types.ts';

/** How a dataset's answers are judged: its `eval_cfg`, names resolved. */
export interface JudgeOptions {
  readonly extractor: PredPostprocessor;
  readonly evaluator: Evaluator;
  /** Makes the reference out of the gold column; without it the column is the reference. */
  readonly reference?: DatasetPostprocessor | undefined;
  /** The headline's rules, `fixed` by default. */
  readonly rules?: RuleSet | undefined;
}

/**
 * Judges every answer under both rule sets, from the transcripts alone, in their order: no model and no dataset is needed.
 * Throws RUN-DATA-001 for a transcript without a reference.
 */
export async function judgeTranscripts(
  transcripts: Iterable<Transcript> | AsyncIterable<Transcript>,
  options: JudgeOptions,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for await (const transcript of transcripts) judged.push(judgeOne(transcript, options));
  return judged;
}

/** Judges one answer. Throws RUN-DATA-001 when the transcript has no reference. */
export function judgeOne(transcript: Transcript, options: JudgeOptions): Judged {
  const { extractor, rules = 'fixed' } = options;
  const reference = referenceOf(transcript, options.reference);
  const isCorrect = (answer: string) => options.evaluator.isCorrect(answer, reference);
  const answer = stripReasoning(transcript.content);
  const fixed = judgeAnswer(transcript, answer, extractor.fixed, isCorrect);
  const compat = judgeAnswer(transcript, answer, extractor.compat, isCorrect);
  const { id, index, repetition, turn } = transcript.call;
  const which = { id, index, repetition, ...(turn === undefined ? {} : { turn }) };
  return { ...which, reference, rules, ...(rules === 'fixed' ? fixed : compat), fixed, compat };
}

function judgeAnswer(
  { success, finishReason }: Transcript,
  answer: Answer,
  extract: Extractor,
  isCorrect: (answer: string) => boolean,
): Judgement {
  if (!success) return { verdict: 'failed' };
  const found = extract(answer.text);
  const extraction = found && { ...found, span: originalSpan(answer, found.span) };
  if (extraction && isCorrect(extraction.answer)) return { verdict: 'correct', extraction };
  const isCut = finishReason === 'length';
  if (extraction === undefined) return { verdict: isCut ? 'truncated' : 'unextractable' };
  return { verdict: isCut ? 'truncated' : 'wrong', extraction };
}

function referenceOf({ gold, call }: Transcript, postprocess: DatasetPostprocessor | undefined): string {
  if (gold === undefined || gold === null) {
    throw new AisBenchError('RUN-DATA-001', 'this answer has no reference to be judged by', {
      where: `predictions of ${call.dataset}, row ${call.index}${call.turn === undefined ? '' : `, turn ${call.turn + 1}`}`,
      cure: "name the answer's column as output_column in the dataset config's reader_cfg, and run again",
    });
  }
  const text = typeof gold === 'string' ? gold : JSON.stringify(gold);
  return postprocess === undefined ? text : postprocess(text);
}
