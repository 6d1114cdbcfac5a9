import { SseReader } from '../transport/sse.ts';

/** Longer streams than this are split at a sample of places: every place would take seconds. */
const ALL_SPLITS_UP_TO = 4096;
const SAMPLED_SPLITS = 300;

/** Offsets behind each event of a recorded stream; the events are separated by blank lines. */
export function eventEnds(body: Uint8Array): number[] {
  const ends: number[] = [];
  const reader = new SseReader(() => ends.push(offset));
  let offset = 0;
  for (; offset < body.length; ) {
    offset += 1;
    reader.feed(body.subarray(offset - 1, offset));
  }
  reader.end();
  return ends;
}

/** Where to cut a stream in two: everywhere in a short one, evenly spread and around the events' ends in a long one. */
export function splitOffsets(body: Uint8Array): number[] {
  if (body.length <= ALL_SPLITS_UP_TO) return range(1, body.length);
  const step = body.length / SAMPLED_SPLITS;
  const spread = range(1, SAMPLED_SPLITS).map((n) => Math.floor(n * step));
  const aroundEnds = eventEnds(body)
    .slice(0, 50)
    .flatMap((end) => [end - 2, end - 1, end, end + 1]);
  return [...new Set([...spread, ...aroundEnds])].filter((offset) => offset > 0 && offset < body.length);
}

/** The stream with other bytes put in at an offset; what stood behind is left out unless it is to be kept. */
export function withInserted(
  body: Uint8Array,
  offset: number,
  text: string,
  { keepRest = true } = {},
): Uint8Array {
  const rest = keepRest ? body.subarray(offset) : new Uint8Array();
  return Buffer.concat([body.subarray(0, offset), Buffer.from(text, 'utf8'), rest]);
}

/** Integers from `first` to below `end`. */
export function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, n) => first + n);
}

/** Token counts that the JSON of a reply gives under OpenAI's names, the last ones if there are several. */
export function usageIn(body: Uint8Array): { inputTokens?: number; outputTokens?: number } {
  const text = Buffer.from(body).toString('utf8');
  const last = (name: string) => [...text.matchAll(new RegExp(`"${name}"\\s*:\\s*(\\d+)`, 'g'))].at(-1)?.[1];
  const inputTokens = last('prompt_tokens');
  const outputTokens = last('completion_tokens');
  return {
    ...(inputTokens === undefined ? {} : { inputTokens: Number(inputTokens) }),
    ...(outputTokens === undefined ? {} : { outputTokens: Number(outputTokens) }),
  };
}
