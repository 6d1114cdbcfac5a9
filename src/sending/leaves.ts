/** What a reply carries, found by looking at it: texts, finish reasons and token counts, and where they stand. */

/** A value inside JSON and the way to it: `choices[0].text`. */
export interface Leaf {
  readonly path: string;
  readonly value: string | number;
}

/** Texts that stand at one place in one or more events, in order. */
export interface TextPlace {
  readonly path: string;
  readonly texts: readonly string[];
}

/** Names under which services send generated text. */
const TEXT_NAME =
  /^(text|content|generated_text|text_output|output_text|output|outputs|response|answer|completion|delta|token|message|result|reply)$/i;
/** Names of strings that say something about a reply and are no part of it. */
const METADATA_NAME =
  /^(id|uuid|object|model|role|type|created|status|event|index|name|system_fingerprint|service_tier|logprobs|.*_(id|name|version|reason|at|type)|.*(Id|Reason))$/;
const REASONING_NAME = /^(reasoning(_content)?|thinking)$/i;
const FINISH_NAME = /^(finish|stop|done)_?reason$/i;
const INPUT_COUNT = /^(prompt|input|prefill)_?(tokens?|token_?count|eval_count)$|^tokens_evaluated$/i;
const OUTPUT_COUNT =
  /^(completion|output|generated|decode)_?(tokens?|token_?count)$|^(eval_count|tokens_predicted)$/i;

/** Every text and number in JSON, in order. */
export function leavesOf(data: unknown, path = ''): Leaf[] {
  if (typeof data === 'string' || typeof data === 'number') return [{ path, value: data }];
  if (Array.isArray(data)) return data.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, inner]) => leavesOf(inner, join(path, name)));
}

function join(path: string, name: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** The last name on the way: `text` of `choices[0].text`. */
function lastName(path: string): string {
  return /(?<![\p{L}\p{N}_$])([\p{L}\p{N}_$]+)(\[\d+\])*$/u.exec(path)?.[1] ?? '';
}

/** Places of text-like strings, the likeliest to be the answer first. */
export function textPlaces(events: readonly unknown[]): TextPlace[] {
  return stringPlaces(events)
    .filter(({ path }) => !METADATA_NAME.test(lastName(path)) && !REASONING_NAME.test(lastName(path)))
    .filter((place) => TEXT_NAME.test(lastName(place.path)) || !isConstant(place))
    .sort((a, b) => likelihood(b) - likelihood(a));
}

/** Places of a reasoning channel's text. */
export function reasoningPlaces(events: readonly unknown[]): TextPlace[] {
  return stringPlaces(events).filter(({ path }) => REASONING_NAME.test(lastName(path)));
}

/** Where a finish reason was, and the last one. */
export function finishReasonIn(events: readonly unknown[]): Leaf | undefined {
  return lastLeaf(events, (leaf) => FINISH_NAME.test(lastName(leaf.path)) && leaf.value !== '');
}

/** The last counts of prompt tokens and of generated tokens. */
export function countsIn(events: readonly unknown[]): { readonly input?: Leaf; readonly output?: Leaf } {
  const last = (name: RegExp) =>
    lastLeaf(events, ({ path, value }) => typeof value === 'number' && name.test(lastName(path)));
  const input = last(INPUT_COUNT);
  const output = last(OUTPUT_COUNT);
  return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
}

function lastLeaf(events: readonly unknown[], wanted: (leaf: Leaf) => boolean): Leaf | undefined {
  return events.flatMap((event) => leavesOf(event)).findLast(wanted);
}

function stringPlaces(events: readonly unknown[]): TextPlace[] {
  const places = new Map<string, string[]>();
  for (const { path, value } of events.flatMap((event) => leavesOf(event))) {
    if (typeof value === 'string' && value !== '') places.set(path, [...(places.get(path) ?? []), value]);
  }
  return [...places].map(([path, texts]) => ({ path, texts }));
}

/** The same words in every event are a label, not an answer. */
function isConstant({ texts }: TextPlace): boolean {
  return texts.length > 2 && texts.every((text) => text === texts[0]);
}

function likelihood({ path, texts }: TextPlace): number {
  const known = TEXT_NAME.test(lastName(path)) ? 1e6 : 0;
  return known + texts.length * 1000 + Math.min(999, texts.join('').length);
}
