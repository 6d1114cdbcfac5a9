import { listMedia, type PromptType, toText } from '../contract/prompt-list.ts';
import { type RunRecord, requestKey, type TokenCount } from '../contract/record.ts';
import { attemptsOf } from '../store/last-attempts.ts';
import { type OnFile, readRecords, readTranscripts } from '../store/read-back.ts';
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
  for await (const { call, prompt, content, reasoningContent } of readTranscripts(paths.predictions)) {
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

/** A prompt as a tokenizer can count it; undefined where it has images, video or audio. */
export function textToCount(prompt: unknown): string | undefined {
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
