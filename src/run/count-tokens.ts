import { toText } from '../models/prompt-list.ts';
import { type RunRecord, requestKey, type TokenCount } from '../record.ts';
import { readRecords, readTranscripts } from '../store/read-back.ts';
import type { TokenCounter } from '../tokenizer/tokenizer.ts';

interface Counts {
  readonly inputTokens: TokenCount;
  readonly outputTokens: TokenCount;
}

/**
 * Counts with the tokenizer where the server did not, after the run so that counting never delays a stamp. Prompts are
 * counted as their text, without the service's chat template. Returns counts by `requestKey`.
 */
export async function countMissingTokens(
  paths: { readonly records: string | readonly string[]; readonly predictions: string },
  count: TokenCounter,
): Promise<ReadonlyMap<string, Counts>> {
  const missing = new Set<string>();
  for await (const record of readRecords(paths.records))
    if (lacksServerCount(record)) missing.add(requestKey(record.call));
  const counts = new Map<string, Counts>();
  if (missing.size === 0) return counts;
  for await (const { call, prompt, content, reasoningContent } of readTranscripts(paths.predictions)) {
    const key = requestKey(call);
    if (!missing.has(key)) continue;
    const text =
      typeof prompt === 'string' || Array.isArray(prompt) ? toText(prompt) : JSON.stringify(prompt);
    counts.set(key, {
      inputTokens: { value: count(text), source: 'tokenizer' },
      outputTokens: { value: count(reasoningContent) + count(content), source: 'tokenizer' },
    });
  }
  return counts;
}

/** The records of a task's files, with the tokenizer's counts where the server gave none. */
export async function* recordsWithCounts(
  paths: string | readonly string[],
  counts: ReadonlyMap<string, Counts>,
): AsyncGenerator<RunRecord> {
  for await (const record of readRecords(paths)) {
    const own = counts.get(requestKey(record.call));
    if (own === undefined || record.outcome === 'failed') yield record;
    else {
      const { inputTokens, outputTokens } = record;
      yield {
        ...record,
        inputTokens: inputTokens?.source === 'server' ? inputTokens : own.inputTokens,
        outputTokens: outputTokens?.source === 'server' ? outputTokens : own.outputTokens,
      };
    }
  }
}

function lacksServerCount(record: RunRecord): boolean {
  if (record.outcome === 'failed') return false;
  return record.inputTokens?.source !== 'server' || record.outputTokens?.source !== 'server';
}
