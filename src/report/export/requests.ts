/** The table of requests: one row a record, as `docs/export.md` lists it. */
import type { RunRecord } from '../../contract/record.ts';
import { creditOf, type Judged } from '../../evaluate/types.ts';
import { eachGap, type MetricValue, type RequestMetrics, requestMetrics } from '../../metrics/request.ts';
import type { ExportColumn } from './column.ts';

export interface RequestRow {
  /** Name of the run's folder. */
  readonly run: string;
  readonly record: RunRecord;
  /** Of an answered request. */
  readonly metrics?: RequestMetrics;
  /** When `sent` was by the machine's calendar; undefined where the run did not keep that. */
  readonly sentAt?: Date;
}

/** `instantOf`: the calendar's time of a time on the run's clock, where the run kept it. */
export function requestRow(
  run: string,
  record: RunRecord,
  instantOf: (milliseconds: number) => Date | undefined,
): RequestRow {
  const { sent } = record.times;
  const sentAt = sent === undefined ? undefined : instantOf(sent);
  return {
    run,
    record,
    ...(record.outcome === 'ok' ? { metrics: requestMetrics(record) } : {}),
    ...(sentAt === undefined ? {} : { sentAt }),
  };
}

type ExportedRequest = ExportColumn<RequestRow>;

export const REQUEST_COLUMNS: readonly ExportedRequest[] = [
  text('run', 'name of the run’s folder', ({ run }) => run),
  text('model', 'abbr of the model’s config', ({ record }) => record.call.model),
  text('dataset', 'abbr of the dataset’s config', ({ record }) => record.call.dataset),
  text(
    'case_id',
    'hash of what was asked; the same in every run that asks it',
    ({ record }) => record.call.id,
  ),
  whole('row', 'row of the dataset, from 0', ({ record }) => record.call.index),
  whole('repetition', 'repetition of that row, from 0', ({ record }) => record.call.repetition),
  whole('turn', 'turn of a dialogue, from 0', ({ record }) => record.call.turn),
  text('label', 'the label whose perplexity was asked', ({ record }) => record.call.label),
  text('server', 'base URL, where the config names several', ({ record }) => record.server),
  text('adapter', 'adapter, where the config mixes several', ({ record }) => record.adapter),
  text('worker', 'remote worker that sent it, in an evaluation over workers', ({ record }) => record.worker),
  text('outcome', '`ok` or `failed`', ({ record }) => record.outcome),
  text('failure_kind', 'kind of the failure', (row) => failureOf(row)?.kind),
  whole('http_status', 'status of a failed reply', (row) => failureOf(row)?.status),
  text('failure_message', 'message of the failure', (row) => failureOf(row)?.message),
  whole('attempts', 'attempts that were sent', ({ record }) => record.attempt),
  { name: 'streamed', type: 'boolean', meaning: 'streamed reply', of: ({ record }) => record.streamed },
  text('finish_reason', 'why the answer ended', ({ record }) =>
    record.outcome === 'ok' ? record.finishReason : undefined,
  ),
  { name: 'sent_at', type: 'timestamp', meaning: 'when it left, UTC', of: ({ sentAt }) => sentAt },
  double('scheduled_ms', 'when it was due, on the run’s clock', ({ record }) => record.times.scheduled),
  double('sent_ms', 'when its first attempt left', ({ record }) => record.times.sent),
  double('headers_ms', 'when the head of the reply came', ({ record }) => record.times.headers),
  double('done_ms', 'when its body ended', ({ record }) => record.times.done),
  double('lag_ms', 'sent − scheduled', ({ record: { times } }) =>
    times.sent === undefined || times.scheduled === undefined ? undefined : times.sent - times.scheduled,
  ),
  metric('ttft_ms', 'TTFT', 'TTFT'),
  metric('ttfat_ms', 'TTFAT: first token of the answer, after reasoning', 'TTFAT'),
  metric('tpot_ms', 'TPOT', 'TPOT'),
  double('itl_mean_ms', 'mean gap between payload events', meanGap),
  metric('itl_max_ms', 'largest gap between payload events', 'Largest Gap'),
  metric('e2el_ms', 'E2EL', 'E2EL'),
  metric('response_ttft_ms', 'TTFT from the schedule', 'Response TTFT'),
  metric('response_e2el_ms', 'E2EL from the schedule', 'Response E2EL'),
  whole('payload_events', 'events that brought payload', ({ metrics }) => metrics?.payloadEvents),
  metric('input_tokens', 'input tokens', 'InputTokens', 'int64'),
  text('input_tokens_source', 'who counted them', ({ record }) => countOf(record, 'inputTokens')?.source),
  whole('cached_tokens', 'input tokens from the service’s prefix cache', ({ record }) =>
    record.outcome === 'ok' ? record.cachedTokens : undefined,
  ),
  metric('output_tokens', 'output tokens', 'OutputTokens', 'int64'),
  whole('reasoning_tokens', 'of them reasoning, as the service says', ({ record }) =>
    record.outcome === 'ok' ? record.reasoningTokens : undefined,
  ),
  text('output_tokens_source', 'who counted them', ({ record }) => countOf(record, 'outputTokens')?.source),
  metric('output_tokens_per_second', 'output tokens / E2EL', 'OutputTokenThroughput'),
  metric('prefill_tokens_per_second', 'input tokens / TTFT', 'PrefillTokenThroughput'),
];

function text<Row>(name: string, meaning: string, of: (row: Row) => string | undefined): ExportColumn<Row> {
  return { name, type: 'string', meaning, of };
}

function whole<Row>(name: string, meaning: string, of: (row: Row) => number | undefined): ExportColumn<Row> {
  return { name, type: 'int64', meaning, of };
}

function double(name: string, meaning: string, of: (row: RequestRow) => number | undefined): ExportedRequest {
  return { name, type: 'double', meaning, of };
}

function metric(
  name: string,
  meaning: string,
  key: Exclude<keyof RequestMetrics, 'payloadEvents' | 'atOnce'>,
  type: 'double' | 'int64' = 'double',
): ExportedRequest {
  return { name, type, meaning, of: ({ metrics }) => numberIn(metrics?.[key]) };
}

/** Why there is no number is in the report; a table has a null. */
function numberIn(value: MetricValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function failureOf({ record }: RequestRow) {
  return record.outcome === 'failed' ? record.failure : undefined;
}

function countOf(record: RunRecord, key: 'inputTokens' | 'outputTokens') {
  return record.outcome === 'ok' ? record[key] : undefined;
}

function meanGap({ record, metrics }: RequestRow): number | undefined {
  if (record.outcome !== 'ok' || !record.streamed || metrics?.atOnce !== undefined) return undefined;
  let [sum, count] = [0, 0];
  eachGap(record.times.events, (gap) => {
    sum += gap;
    count += 1;
  });
  return count === 0 ? undefined : sum / count;
}

interface SampleRow {
  /** Name of the run's folder. */
  readonly run: string;
  readonly model: string;
  readonly dataset: string;
  readonly judged: Judged;
}

/** The table of samples: one row a judged answer, as `docs/export.md` lists it. */
export const SAMPLE_COLUMNS: readonly ExportColumn<SampleRow>[] = [
  text('run', 'name of the run’s folder', ({ run }) => run),
  text('model', 'abbr of the model’s config', ({ model }) => model),
  text('dataset', 'abbr of the dataset’s config', ({ dataset }) => dataset),
  text('case_id', '`case_id` of its requests', ({ judged }) => judged.id),
  whole('row', 'row of the dataset, from 0', ({ judged }) => judged.index),
  whole('repetition', 'repetition of that row, from 0', ({ judged }) => judged.repetition),
  whole('turn', 'turn of a dialogue, from 0', ({ judged }) => judged.turn),
  text(
    'verdict',
    '`correct`, `partial`, `wrong`, `unextractable`, `inconsistent`, `truncated` or `failed`',
    ({ judged }) => judged.verdict,
  ),
  {
    name: 'credit',
    type: 'double',
    meaning: 'what it adds to the score, 0 to 1',
    of: ({ judged }) => creditOf(judged),
  },
  text('answer', 'what was extracted', ({ judged }) => judged.extraction?.answer),
  text('rule', 'the rule that found it', ({ judged }) => judged.extraction?.rule),
  text('reference', 'what it was compared with', ({ judged }) => judged.reference),
  text('explanation', 'why, where the evaluator says', ({ judged }) => judged.explanation),
  text('aisbench_verdict', 'the verdict by AISBench’s rules', ({ judged }) => judged.compat.verdict),
];
