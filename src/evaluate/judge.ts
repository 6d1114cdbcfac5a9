import { AisBenchError } from '../contract/errors.ts';
import type { Transcript } from '../contract/record.ts';
import { combined } from './measure.ts';
import type {
  DatasetPostprocessor,
  Evaluator,
  Extractor,
  Grade,
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
  /** Has again what is too much to be kept with every answer, from what was kept (`DatasetType.recall`). */
  readonly recall?: ((kept: unknown) => Promise<unknown>) | undefined;
  /** The headline's rules, `fixed` by default. */
  readonly rules?: RuleSet | undefined;
  /** Further ways to find the answer, by name: each gives a number of its own beside the headline. */
  readonly further?: Readonly<Record<string, PredPostprocessor>> | undefined;
}

/**
 * Judges every answer under both rule sets, from the transcripts alone, in their order: no model and no dataset is needed.
 * Throws RUN-DATA-001 for a transcript without a reference.
 */
export async function judgeTranscripts(
  transcripts: Iterable<Transcript> | AsyncIterable<Transcript>,
  options: JudgeOptions,
): Promise<Judged[]> {
  const judged: Promise<Judged>[] = [];
  const width = options.evaluator.concurrency ?? 1;
  for await (const transcript of transcripts) {
    const next = judgeOne(transcript, options);
    next.catch(() => undefined); // it is awaited in its turn
    judged.push(next);
    if (judged.length >= width) await judged[judged.length - width];
  }
  return Promise.all(judged);
}

/** Judges one answer. Throws RUN-DATA-001 when the transcript has no reference. */
export async function judgeOne(transcript: Transcript, options: JudgeOptions): Promise<Judged> {
  const { rules = 'fixed' } = options;
  const reference = referenceOf(transcript, options.reference);
  const answer = stripReasoning(transcript.content);
  const second = swappedReply(transcript);
  const whole = options.recall === undefined ? transcript : await recalled(transcript, options.recall);
  const judged = async (by: RuleSet): Promise<Judgement> => {
    const first = await judgeAnswer(whole, { answer, reference, rules: by }, options);
    if (second === undefined) return first;
    const asked = { answer: stripReasoning(second.content), reference, rules: by };
    return combined(first, await judgeAnswer(second, asked, readSwapped(options, second.verdicts)));
  };
  const [fixed, compat] = [await judged('fixed'), await judged('compat')];
  const { call, source } = transcript;
  const { id, index, repetition, turn } = call;
  return {
    ...{ id, index, repetition },
    ...(turn === undefined ? {} : { turn }),
    ...(source === undefined ? {} : { source }),
    ...{ reference, rules },
    ...(rules === 'fixed' ? fixed : compat),
    ...{ fixed, compat },
  };
}

async function recalled(
  transcript: Transcript,
  recall: NonNullable<JudgeOptions['recall']>,
): Promise<Transcript> {
  return { ...transcript, gold: await recall(transcript.gold) };
}

interface SwappedReply extends Transcript {
  readonly verdicts: 'same' | 'swapped';
}

/** What a judge said when it was asked a second time (`sending/judge.ts`). */
function swappedReply(transcript: Transcript): SwappedReply | undefined {
  const swapped = transcript.details?.['swapped'] as Partial<SwappedReply> | undefined;
  if (!transcript.success || typeof swapped?.content !== 'string') return undefined;
  const { finishReason: _first, ...rest } = transcript;
  return { ...rest, verdicts: 'same', ...swapped, content: swapped.content };
}

/** A judge that sees the other way round means B by A. */
function readSwapped(
  { further: _once, ...options }: JudgeOptions,
  verdicts: SwappedReply['verdicts'],
): JudgeOptions {
  if (verdicts === 'same') return options;
  const exchanged =
    (extract: Extractor): Extractor =>
    (text) => {
      const found = extract(text);
      // What AISBench takes for a B because nothing is there stays one.
      if (found === undefined || found.rule === 'default') return found;
      return { ...found, answer: { A: 'B', B: 'A' }[found.answer] ?? found.answer };
    };
  const { fixed, compat, ...extractor } = options.extractor;
  return { ...options, extractor: { ...extractor, fixed: exchanged(fixed), compat: exchanged(compat) } };
}

interface ScoringInput {
  readonly answer: AnswerText;
  readonly reference: string;
  readonly rules: RuleSet;
}

async function judgeAnswer(
  { success, finishReason, prompt, toolCalls, gold }: Transcript,
  { answer, reference, rules }: ScoringInput,
  { extractor, evaluator, further = {} }: JudgeOptions,
): Promise<Judgement> {
  const sample = { reference, gold, text: answer.text, prompt, toolCalls, rules };
  const gradeBy = async ({ none, ...by }: PredPostprocessor) => {
    const found = success ? by[rules](answer.text) : undefined;
    return { found, grade: await evaluator.grade({ ...sample, answer: found?.answer ?? none }) };
  };
  const { found, grade: own } = await gradeBy(extractor);
  const parts: Record<string, readonly [number, number]> = { ...own.parts };
  for (const [name, other] of Object.entries(further)) {
    const { found: there, grade } = await gradeBy(other);
    parts[`${evaluator.metric ?? 'accuracy'} (${name})`] = [there === undefined ? 0 : grade.credit, 1];
  }
  const grade = Object.keys(parts).length === 0 ? own : { ...own, parts };
  const isCut = finishReason === 'length';
  if (!success) return { verdict: 'failed', ...nothingOf(grade) };
  if (found === undefined) return { verdict: isCut ? 'truncated' : 'unextractable', ...nothingOf(grade) };
  const extraction = { ...found, span: originalSpan(answer, found.span) };
  return { ...verdictOf(grade, isCut), extraction };
}

function verdictOf({ credit, ...why }: Grade, isCut: boolean): Judgement {
  if (credit >= 1) return { verdict: 'correct', ...why };
  if (credit > 0) return { verdict: 'partial', credit, ...why };
  return { verdict: isCut ? 'truncated' : 'wrong', ...why };
}

/** What an answer that is not there could have got. */
function nothingOf({ parts }: Grade): Pick<Grade, 'parts'> {
  if (parts === undefined) return {};
  return { parts: Object.fromEntries(Object.entries(parts).map(([name, [, of]]) => [name, [0, of]])) };
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

/**
 * Thinking is no answer. Whatever reasoning a model left in its content is taken out here, once, for every scorer; text of
 * the reasoning channel never gets here.
 */

/** Stretches of the original text that are kept, in order: first character, and the one after the last. */
type KeptSpan = readonly [start: number, end: number];

export interface AnswerText {
  readonly text: string;
  /** Where the characters of `text` stand in the original. */
  readonly pieces: readonly KeptSpan[];
}

const TAG = /<\/?think>/g;

/**
 * The text without reasoning: between `<think>` and `</think>`, before a `</think>` that nothing opened (the chat template
 * did), and after a `<think>` that nothing closes. Space around the rest goes too; a text without tags stays as it is.
 */
export function stripReasoning(text: string): AnswerText {
  const pieces = piecesOutsideTags(text);
  if (pieces === undefined) return { text, pieces: [[0, text.length]] };
  const kept = trimPieces(text, pieces);
  return { text: kept.map(([start, end]) => text.slice(start, end)).join(''), pieces: kept };
}

/** A span of the answer as a span of the original text. */
export function originalSpan({ pieces }: AnswerText, [start, end]: KeptSpan): [start: number, end: number] {
  if (start === end) return [originalPosition(pieces, start), originalPosition(pieces, start)];
  return [originalPosition(pieces, start), originalPosition(pieces, end - 1) + 1];
}

function piecesOutsideTags(text: string): KeptSpan[] | undefined {
  const tags = [...text.matchAll(TAG)];
  if (tags.length === 0) return undefined;
  let pieces: KeptSpan[] = [];
  let keepFrom: number | undefined = 0;
  for (const { 0: tag, index } of tags) {
    if (tag === '<think>') {
      if (keepFrom !== undefined) pieces.push([keepFrom, index]);
      keepFrom = undefined;
    } else {
      if (keepFrom !== undefined) pieces = [];
      keepFrom = index + tag.length;
    }
  }
  if (keepFrom !== undefined) pieces.push([keepFrom, text.length]);
  return pieces;
}

function trimPieces(text: string, pieces: readonly KeptSpan[]): KeptSpan[] {
  const isBlank = ([start, end]: KeptSpan) => text.slice(start, end).trim() === '';
  const first = pieces.findIndex((piece) => !isBlank(piece));
  if (first === -1) return [];
  const last = pieces.findLastIndex((piece) => !isBlank(piece));
  return pieces.slice(first, last + 1).map(([start, end], i) => {
    const part = text.slice(start, end);
    const lead = i === 0 ? part.length - part.trimStart().length : 0;
    const tail = i === last - first ? part.length - part.trimEnd().length : 0;
    return [start + lead, end - tail];
  });
}

function originalPosition(pieces: readonly KeptSpan[], position: number): number {
  let before = 0;
  for (const [start, end] of pieces) {
    if (position < before + end - start) return start + position - before;
    before += end - start;
  }
  return pieces.at(-1)?.[1] ?? 0;
}

/** What AISBench keeps of an answer's texts beside its verdict. */
interface ResultTexts {
  readonly prompt: unknown;
  readonly origin_prediction: string;
}

/** `details` of a result as AISBench writes it (aisbench.md §7.2): by position, its keys first, ours behind them. */
export type ResultDetails = Readonly<
  Record<
    string,
    ResultTexts & {
      readonly predictions: readonly [string];
      readonly references: readonly [string];
      readonly correct: readonly [boolean];
    } & Judged
  >
>;

/** Keeps the texts of transcripts that are being judged, in their order. */
export class KeptTexts {
  readonly #texts: ResultTexts[] = [];

  async *of(transcripts: AsyncIterable<Transcript>): AsyncGenerator<Transcript> {
    for await (const transcript of transcripts) {
      const { prompt, content } = transcript;
      this.#texts.push({ prompt, origin_prediction: content });
      yield transcript;
    }
  }

  /** `none`: what is where no answer was found. */
  detailsOf(judged: readonly Judged[], none: string): ResultDetails {
    return Object.fromEntries(
      judged.map((one, n) => [
        String(n),
        {
          ...this.#texts[n]!,
          predictions: [one.extraction?.answer ?? none],
          references: [one.reference],
          correct: [one.verdict === 'correct'],
          ...one,
        },
      ]),
    );
  }
}
