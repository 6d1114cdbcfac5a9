/** Recorded traffic for load tests: dialogues of ShareGPT and MT-Bench, and traces of Mooncake. */
import { plural } from '../../basics/plural.ts';
import { seededRandom } from '../../basics/random.ts';
import type { DatasetType, Row, Tokenizer } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { isTexts } from '../columns.ts';
import { locateOwn } from '../locate.ts';
import { badRow, readJson, readJsonl } from '../read.ts';
import { exactText } from '../synthetic/exact-text.ts';
import { invalid } from '../synthetic/lengths.ts';
import { englishWords, FILLERS, noTokenizer } from '../synthetic/words.ts';

// MT-Bench: dialogues of two turns, JSON lines `{question_id, prompt: [..], reference?: [..]}`.

const MTBENCH_DEFAULT_PATH = 'ais_bench/datasets/mtbench';
const MTBENCH_FILE = 'question.jsonl';
const MTBENCH_SOURCE = 'Hugging Face (dataset HuggingFaceH4/mt_bench_prompts, as JSON lines)';

/** Rows `{question_id, question: [..], answer: [..]}`, an element a turn; '' where there is no reference. */
export const MTBenchDataset: DatasetType = {
  name: 'MTBenchDataset',
  async load({ path, roots, base }) {
    const wanted = { file: MTBENCH_FILE, extension: '.jsonl', source: MTBENCH_SOURCE };
    const file = await locateOwn({ path: path === '' ? MTBENCH_DEFAULT_PATH : path, roots, base }, wanted);
    return { train: [], test: await readJsonl(file, toMtBenchRow) };
  },
};

/** Also reads `turns`, as the benchmark's own file calls its prompts. Throws DSET-DATA-002. */
function toMtBenchRow(row: Row, where: string): Row {
  const prompts = row['prompt'] ?? row['turns'];
  if (!isTexts(prompts) || prompts.length === 0) throw badRow(where, "it has no list of texts 'prompt'");
  const reference = row['reference'] ?? [];
  if (!isTexts(reference) || reference.length > prompts.length)
    throw badRow(where, "its 'reference' is no list of texts, or longer than 'prompt'");
  return { ...row, question: prompts, answer: prompts.map((_, turn) => reference[turn] ?? '') };
}

// ShareGPT: dialogues of people with a model, as one JSON list of `{id, conversations: [{from, value}, …]}`.

const SHAREGPT_DEFAULT_PATH = 'ais_bench/datasets/sharegpt';
const SHAREGPT_FILE = 'ShareGPT_V3_unfiltered_cleaned_split.json';
const SHAREGPT_SOURCE = 'Hugging Face (dataset anon8231489123/ShareGPT_Vicuna_unfiltered)';
const HUMAN = 'human';

/** Rows `{id, question: [..], answer: [..]}`, an element a turn. `path` is the file, or the folder that holds it. */
export const ShareGPTDataset: DatasetType = {
  name: 'ShareGPTDataset',
  async load({ path, roots, base }) {
    const wanted = { file: SHAREGPT_FILE, extension: '.json', source: SHAREGPT_SOURCE };
    const file = await locateOwn({ path: path === '' ? SHAREGPT_DEFAULT_PATH : path, roots, base }, wanted);
    const list = await readJson(file);
    if (!Array.isArray(list)) throw badRow(file, 'the file is no list of dialogues');
    const rows = list.map((one, i) => toDialogue(one, `${file}, dialogue ${i}`));
    const test = rows.filter((row) => row !== undefined);
    const dropped = rows.length - test.length;
    return { train: [], test, notes: dropped === 0 ? [] : [droppedNote(dropped, rows.length)] };
  },
};

/**
 * Undefined for what AISBench leaves out (§4.10): dialogues of fewer than two messages, of an odd number of them, and those
 * that the person does not begin. Throws DSET-DATA-002 for what is no dialogue.
 */
export function toDialogue(value: unknown, where: string): Row | undefined {
  const { id, conversations } = (value ?? {}) as { id?: unknown; conversations?: unknown };
  if (!Array.isArray(conversations)) throw badRow(where, "it has no list 'conversations'");
  const messages = conversations.map((one) => messageOf(one, where));
  if (messages.length < 2 || messages.length % 2 !== 0 || messages[0]!.from !== HUMAN) return undefined;
  const textsFrom = (side: number) =>
    messages.filter((_, i) => i % 2 === side).map(({ value: text }) => text);
  return { ...(id === undefined ? {} : { id }), question: textsFrom(0), answer: textsFrom(1) };
}

function messageOf(value: unknown, where: string): { from: string; value: string } {
  const { from, value: text } = (value ?? {}) as { from?: unknown; value?: unknown };
  if (typeof from !== 'string' || typeof text !== 'string')
    throw badRow(where, "a message has no texts 'from' and 'value'");
  return { from, value: text };
}

function droppedNote(dropped: number, all: number): string {
  return `${dropped} of ${plural(all, 'dialogue')} ${dropped === 1 ? 'is' : 'are'} left out: not pairs of question and answer, or not begun by the person`;
}

// Mooncake traces: requests of a real service, as their lengths, arrival times and hashes of the blocks they share. The texts
// are made up again so that equal hashes are equal texts (AISBench §4.11).

/** Tokens that one hash stands for. */
const BLOCK_TOKENS = 512;

/** One line of a trace. */
interface TraceRequest {
  /** Tokens of the prompt, where the trace has no text. */
  readonly inputLength: number;
  readonly text: string | undefined;
  /** Tokens to generate, at least 1. */
  readonly outputLength: number;
  /** ms from the start of the trace. */
  readonly timestamp: number | undefined;
  /** One for every block of the prompt, the last of which may be shorter. */
  readonly hashIds: readonly number[] | undefined;
}

/** Checks `{input_length | input_text, output_length, timestamp?, hash_ids?}`. Throws DSET-DATA-002 naming `where`. */
export function toTraceRequest(row: Row, where: string): TraceRequest {
  const { input_text: text, hash_ids: ids, timestamp } = row;
  if (text !== undefined && typeof text !== 'string') throw badRow(where, "its 'input_text' is no text");
  const inputLength = text === undefined ? whole(row, 'input_length', 1, where) : 0;
  const outputLength = row['output_length'] === undefined ? 0 : whole(row, 'output_length', 0, where);
  if (
    timestamp !== undefined &&
    !(typeof timestamp === 'number' && timestamp >= 0 && Number.isFinite(timestamp))
  )
    throw badRow(where, "its 'timestamp' is no number of milliseconds ≥ 0");
  if (ids !== undefined && !isHashIds(ids))
    throw badRow(where, "its 'hash_ids' are no list of whole numbers");
  const hashIds = ids === undefined || ids.length === 0 || text !== undefined ? undefined : ids;
  if (hashIds !== undefined) checkLastBlock(inputLength, hashIds.length, where);
  return { inputLength, text, outputLength: outputLength || 1, timestamp, hashIds };
}

function whole(row: Row, key: string, min: number, where: string): number {
  const value = row[key];
  if (Number.isInteger(value) && (value as number) >= min) return value as number;
  throw badRow(where, `its '${key}' is no whole number ≥ ${min}`);
}

function isHashIds(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((id) => Number.isInteger(id));
}

function checkLastBlock(inputLength: number, blocks: number, where: string): void {
  const last = inputLength - BLOCK_TOKENS * (blocks - 1);
  if (last >= 1 && last <= BLOCK_TOKENS) return;
  throw badRow(
    where,
    `${blocks} hash_ids of ${BLOCK_TOKENS} tokens do not fit an input_length of ${inputLength}`,
  );
}

// Texts for the requests of a trace, of exactly their length; equal hashes are equal texts.

/** Prompts that are counted whole; the others are sums of counted blocks. */
const TRACE_CHECKED = 100;

/** A text for each request, in order, and what is to be said of them. Throws UTILS-CFG-002. */
function tracePrompts(
  requests: readonly TraceRequest[],
  tokenizer: Tokenizer | undefined,
  seed: string,
): { texts: string[]; notes: string[] } {
  const measure = (text: string) => tokenizer?.encode(text).length ?? 0;
  const blockOf = blockMaker(measure, seed);
  const texts = requests.map((request, index) => request.text ?? promptOf(request, index, blockOf));
  let off = 0;
  for (const [index, { text, inputLength }] of requests.slice(0, TRACE_CHECKED).entries()) {
    if (text === undefined && measure(texts[index]!) !== inputLength) off += 1;
  }
  const checked = Math.min(TRACE_CHECKED, requests.length);
  const note = `${off} of ${plural(checked, 'prompt that was', 'prompts that were')} counted whole ${off === 1 ? 'is' : 'are'} not of the exact length`;
  return { texts, notes: off === 0 ? [] : [note] };
}

type BlockMaker = (key: string, tokens: number, isFirst: boolean) => string;

function promptOf({ inputLength, hashIds }: TraceRequest, index: number, blockOf: BlockMaker): string {
  if (hashIds === undefined) return blockOf(`request ${index}`, inputLength, true);
  const last = hashIds.length - 1;
  const rest = inputLength - BLOCK_TOKENS * last;
  return hashIds.map((id, i) => blockOf(`hash ${id}`, i === last ? rest : BLOCK_TOKENS, i === 0)).join('');
}

/** Blocks are kept: most are asked for again. All but the first begin with a blank, so that tokens do not cross. */
function blockMaker(measure: (text: string) => number, seed: string): BlockMaker {
  const made = new Map<string, string>();
  const sizes = new Map<string, number>();
  const sizeOf = (piece: string) => {
    const size = sizes.get(piece) ?? measure(piece);
    sizes.set(piece, size);
    return size;
  };
  return (key, tokens, isFirst) => {
    const name = `${key} ${tokens} ${isFirst}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    const blank = isFirst ? '' : ' ';
    const source = { next: englishWords(seededRandom(`${seed}:${key}`)), fillers: FILLERS };
    const text =
      blank + exactText(tokens, '', { measure: (inner) => measure(blank + inner), sizeOf, ...source });
    made.set(name, text);
    return text;
  };
}

const TRACE_DEFAULT_PATH = 'ais_bench/datasets/mooncake_trace';
const TRACE_FILE = 'mooncake_trace.jsonl';
const TRACE_SOURCE = 'github.com/kvcache-ai/Mooncake (FAST25-release/traces, Apache-2.0 licence), renamed';

/** More warm-ups than these ask the same again. */
const TRACE_WARMUPS = 4;

const TRACE_KEYS = [
  'random_seed',
  'generated_prompts_path',
  'fixed_schedule_auto_offset',
  'start_offset',
  'end_offset',
  'tokenizer_path',
  // AISBench fills these in from the model.
  'model_path',
  'trust_remote_code',
];

/** Rows `{question, answer, max_out_len, timestamp}`, in the order of their timestamps (ms). */
export const MooncakeTraceDataset: DatasetType = {
  name: 'MooncakeTraceDataset',
  usesTokenizer: true,
  async load({ path, roots, base, params, tokenizer, nonce = 'none' }) {
    const { seed, autoOffset, from, to, tokenizerPath } = readParams(params, nonce);
    const wanted = { file: TRACE_FILE, extension: '.jsonl', source: TRACE_SOURCE };
    const file = await locateOwn({ path: path === '' ? TRACE_DEFAULT_PATH : path, roots, base }, wanted);
    const all = await readJsonl(file, toTraceRequest);
    const kept = windowOf(all, { from, to, autoOffset });
    if (kept.length === 0) throw nothingLeft(file, all.length);
    const known = await tokenizer?.(tokenizerPath);
    const needs = kept.some(({ text }) => text === undefined);
    if (known === undefined && needs) throw noTokenizer('the prompts of a trace');
    const { texts, notes } = tracePrompts(kept, known, seed);
    const strangers = kept.slice(0, TRACE_WARMUPS).filter(({ text }) => text === undefined);
    const alone = strangers.map((request) => ({ ...request, hashIds: undefined }));
    const warmups = tracePrompts(alone, known, `${seed}:warm-up`).texts;
    const leftOut = all.length - kept.length;
    return {
      train: [],
      test: kept.map((request, i) => toTraceRow(request, texts[i]!)),
      warmup: alone.map((request, i) => toTraceRow(request, warmups[i]!)),
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
  const unknown = Object.keys(params).find((key) => !TRACE_KEYS.includes(key));
  if (unknown !== undefined) throw invalid(unknown, params[unknown], `only: ${TRACE_KEYS.join(', ')}`);
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

function toTraceRow({ outputLength, timestamp }: TraceRequest, question: string): Row {
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
