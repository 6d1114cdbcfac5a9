/**
 * Mooncake traces: requests of a real service, as their lengths, arrival times and hashes of the blocks they share. The texts
 * are made up anew so that equal hashes are equal texts (AISBench §4.11).
 */

import { plural } from '../../basics/plural.ts';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { locateFile } from '../locate.ts';
import { readJsonl } from '../read.ts';
import { invalid } from '../synthetic/lengths.ts';
import { noTokenizer } from '../synthetic/material.ts';
import { tracePrompts } from '../trace/prompts.ts';
import { type TraceRequest, toTraceRequest } from '../trace/request.ts';

const DEFAULT_PATH = 'ais_bench/datasets/mooncake_trace';
const FILE = 'mooncake_trace.jsonl';
const SOURCE = 'github.com/kvcache-ai/Mooncake (FAST25-release/traces, Apache-2.0 licence), renamed';

/** More warm-ups than these ask the same again. */
const WARMUPS = 4;

const KEYS = [
  'random_seed',
  'generated_prompts_path',
  'fixed_schedule_auto_offset',
  'start_offset',
  'end_offset',
  'tokenizer_path',
];

/** Rows `{question, answer, max_out_len, timestamp}`, in the order of their timestamps (ms). */
export const MooncakeTraceDataset: DatasetType = {
  name: 'MooncakeTraceDataset',
  usesTokenizer: true,
  async load({ path, roots, params, tokenizer, nonce = 'none' }) {
    const { seed, autoOffset, from, to, tokenizerPath } = readParams(params, nonce);
    const wanted = { file: FILE, extension: '.jsonl', source: SOURCE };
    const file = await locateFile({ path: path === '' ? DEFAULT_PATH : path, roots }, wanted);
    const all = await readJsonl(file, toTraceRequest);
    const kept = windowOf(all, { from, to, autoOffset });
    if (kept.length === 0) throw nothingLeft(file, all.length);
    const known = await tokenizer?.(tokenizerPath);
    const needs = kept.some(({ text }) => text === undefined);
    if (known === undefined && needs) throw noTokenizer('the prompts of a trace');
    const { texts, notes } = tracePrompts(kept, known, seed);
    const strangers = kept.slice(0, WARMUPS).filter(({ text }) => text === undefined);
    const alone = strangers.map((request) => ({ ...request, hashIds: undefined }));
    const warmups = tracePrompts(alone, known, `${seed}:warm-up`).texts;
    const leftOut = all.length - kept.length;
    return {
      train: [],
      test: kept.map((request, i) => toRow(request, texts[i]!)),
      warmup: alone.map((request, i) => toRow(request, warmups[i]!)),
      notes: [
        ...notes,
        ...(leftOut === 0
          ? []
          : [
              `${leftOut} of ${plural(all.length, 'request')} ${leftOut === 1 ? 'lies' : 'lie'} outside the offsets`,
            ]),
      ],
    };
  },
};

function readParams(params: Readonly<Record<string, unknown>>, nonce: string) {
  const unknown = Object.keys(params).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw invalid(unknown, params[unknown], `only: ${KEYS.join(', ')}`);
  const cache = params['generated_prompts_path'];
  if (cache !== undefined && cache !== null && cache !== '')
    throw invalid('generated_prompts_path', cache, 'no such key: prompts are made anew from random_seed');
  const milliseconds = (key: string, fallback: number) => {
    const value = params[key] ?? fallback;
    if (typeof value === 'number' && (value >= 0 || value === fallback)) return value;
    throw invalid(key, value, 'milliseconds ≥ 0');
  };
  const [from, end] = [milliseconds('start_offset', 0), milliseconds('end_offset', -1)];
  const to = end === -1 ? Infinity : end;
  if (to < from) throw invalid('end_offset', end, 'at least start_offset, or -1 for no end');
  return {
    // Without a seed no run has the texts of another, so that no cache knows them.
    seed: String(params['random_seed'] ?? nonce),
    autoOffset: params['fixed_schedule_auto_offset'] === true,
    from,
    to,
    tokenizerPath: typeof params['tokenizer_path'] === 'string' ? params['tokenizer_path'] : undefined,
  };
}

/** Requests between the offsets, in the order of time; with `autoOffset` the first of them is at 0. */
function windowOf(
  all: readonly TraceRequest[],
  { from, to, autoOffset }: { from: number; to: number; autoOffset: boolean },
): TraceRequest[] {
  const isTimed = all.some(({ timestamp }) => timestamp !== undefined);
  if (!isTimed) return [...all];
  const at = ({ timestamp = 0 }: TraceRequest) => timestamp;
  const kept = all.filter((request) => at(request) >= from && at(request) <= to);
  kept.sort((a, b) => at(a) - at(b));
  const shift = autoOffset && kept[0] !== undefined ? at(kept[0]) : 0;
  return kept.map((request) => ({ ...request, timestamp: at(request) - shift }));
}

function toRow({ outputLength, timestamp }: TraceRequest, question: string): Row {
  return {
    question,
    answer: '',
    max_out_len: outputLength,
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

function nothingLeft(file: string, count: number): AisBenchError {
  return new AisBenchError('DSET-DATA-002', `none of the ${count} requests of the trace is left`, {
    where: file,
    cure: 'widen start_offset and end_offset, which are milliseconds',
  });
}
