/** Counts of the tokenizer: where a service gives none, and to check those that it gives. */
import { type Finding, finding } from '../contract/finding.ts';
import { listMedia, type PromptType, toText } from '../contract/prompt-list.ts';
import { type RunRecord, requestKey, type TokenCount, type Transcript } from '../contract/record.ts';
import { attemptsOf, type OnFile, readRecords, readTranscripts } from '../store/read-back.ts';
import type { TokenCounter } from '../tokenizer/tokenizer.ts';

interface CountedTokens {
  /** Absent where the prompt has images, video or audio: a tokenizer cannot count them. */
  readonly inputTokens?: TokenCount;
  readonly outputTokens: TokenCount;
}

/**
 * CountedTokens with the tokenizer where the server did not, after the run so that counting never delays a stamp. Prompts are
 * counted as their text, without the service's chat template. Returns counts by `requestKey`.
 */
export async function countMissingTokens(
  paths: { readonly records: string | readonly string[]; readonly predictions: string },
  count: TokenCounter,
): Promise<ReadonlyMap<string, CountedTokens>> {
  const missing = new Set<string>();
  for await (const record of readRecords(paths.records))
    if (lacksServerCount(record)) missing.add(requestKey(record.call));
  const counts = new Map<string, CountedTokens>();
  if (missing.size === 0) return counts;
  for await (const { call, prompt, content, reasoningContent } of requestsIn(paths.predictions)) {
    const key = requestKey(call);
    if (!missing.has(key)) continue;
    const text = textToCount(prompt);
    counts.set(key, {
      ...(text === undefined ? {} : { inputTokens: { value: count(text), source: 'tokenizer' } }),
      outputTokens: { value: count(reasoningContent) + count(content), source: 'tokenizer' },
    });
  }
  return counts;
}

/** The texts of each request; one transcript of a dialogue that a user's function leads holds all of its requests. */
async function* requestsIn(
  predictions: string,
): AsyncGenerator<Pick<Transcript, 'call' | 'prompt' | 'content' | 'reasoningContent'>> {
  for await (const transcript of readTranscripts(predictions)) {
    const { call, details } = transcript;
    const requests = details?.['requests'];
    if (call.turn !== undefined || !Array.isArray(requests)) yield transcript;
    else
      for (const [turn, { prompt, content, reasoning_content = '' }] of requests.entries())
        yield { call: { ...call, turn }, prompt, content, reasoningContent: reasoning_content };
  }
}

/** A prompt as a tokenizer can count it; undefined where it has images, video or audio. */
function textToCount(prompt: unknown): string | undefined {
  if (typeof prompt !== 'string' && !Array.isArray(prompt)) return JSON.stringify(prompt);
  return listMedia(prompt as PromptType).length > 0 ? undefined : toText(prompt as PromptType);
}

/** The records of a task's files that count, with the tokenizer's counts where the server gave none. */
export async function* recordsWithCounts(
  paths: string | readonly string[],
  counts: ReadonlyMap<string, CountedTokens>,
  ids?: ReadonlySet<string>,
  onFile?: OnFile,
): AsyncGenerator<RunRecord> {
  for await (const record of attemptsOf(() => readRecords(paths, undefined, onFile), ids)) {
    const own = counts.get(requestKey(record.call));
    if (own === undefined || record.outcome === 'failed') yield record;
    else {
      const { inputTokens, outputTokens } = record;
      const input = inputTokens?.source === 'server' ? inputTokens : own.inputTokens;
      yield {
        ...record,
        ...(input === undefined ? {} : { inputTokens: input }),
        outputTokens: outputTokens?.source === 'server' ? outputTokens : own.outputTokens,
      };
    }
  }
}

function lacksServerCount(record: RunRecord): boolean {
  if (record.outcome === 'failed') return false;
  return record.inputTokens?.source !== 'server' || record.outputTokens?.source !== 'server';
}

/** Answers that are counted again, and characters of them and their prompts: enough to see a wrong count, and done in a moment. */
const MOST_CHECKED = 200;
const MOST_CHARACTERS = 2_000_000;

/** Share by which two counts of the same text may differ, and tokens beside it: ends and marks of reasoning are no text. */
const TOLERANCE = { share: 0.02, perAnswer: 3 };

interface Ours {
  /** Absent where the prompt is more than text. */
  readonly input?: number;
  readonly output: number;
}

/** Holds what the service counts against what the tokenizer makes of the same texts. */
export class CountCheck {
  readonly #ours: ReadonlyMap<string, Ours>;
  readonly #input = { answers: 0, theirs: 0, ours: 0 };
  readonly #output = { answers: 0, theirs: 0, ours: 0 };

  private constructor(ours: ReadonlyMap<string, Ours>) {
    this.#ours = ours;
  }

  /** Counts the first answers of a predictions file. */
  static async of(predictions: string, count: TokenCounter): Promise<CountCheck> {
    const ours = new Map<string, Ours>();
    let characters = 0;
    for await (const { call, success, prompt, content, reasoningContent, toolCalls } of readTranscripts(
      predictions,
    )) {
      // How a template writes a call is not known here.
      if (!success || toolCalls.length > 0) continue;
      const text = textToCount(prompt);
      const output = count(reasoningContent) + count(content);
      ours.set(requestKey(call), { output, ...(text === undefined ? {} : { input: count(text) }) });
      characters += (text?.length ?? 0) + reasoningContent.length + content.length;
      if (ours.size === MOST_CHECKED || characters > MOST_CHARACTERS) break;
    }
    return new CountCheck(ours);
  }

  add(record: RunRecord): void {
    const ours = this.#ours.get(requestKey(record.call));
    if (ours === undefined || record.outcome === 'failed') return;
    for (const [side, tokens, own] of [
      [this.#input, record.inputTokens, ours.input],
      [this.#output, record.outputTokens, ours.output],
    ] as const) {
      if (tokens?.source !== 'server' || own === undefined) continue;
      side.answers++;
      side.theirs += tokens.value;
      side.ours += own;
    }
  }

  /** Findings where the counts differ. A chat template may add to a prompt, but nothing takes from it. */
  findings(): Finding[] {
    const [input, output] = [this.#input, this.#output];
    return [
      ...(Math.abs(output.theirs - output.ours) > toleranceOf(output)
        ? [finding('OUTPUT-COUNT-DIFFERS', output)]
        : []),
      ...(input.ours - input.theirs > toleranceOf(input) ? [finding('INPUT-COUNT-DIFFERS', input)] : []),
    ];
  }
}

function toleranceOf({ answers, ours }: { readonly answers: number; readonly ours: number }): number {
  return TOLERANCE.share * ours + TOLERANCE.perAnswer * answers;
}
