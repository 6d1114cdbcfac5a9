import { between, hashText, pick, type Random, seededRandom } from '../basics/random.ts';
import type { Prompt, Tool } from './engine.ts';
import { type Body, isObject } from './fields.ts';

/**
 * The call that the simulated engine makes: a function drawn by seed, with arguments that fit its schema and are made up
 * from the question's words. Without `must` it calls after a user message, and answers a function's result in words.
 */
export function drawToolCall(
  prompt: Prompt,
  tools: readonly Tool[],
  must: boolean,
  seed: number,
): { readonly name: string; readonly text: string } | undefined {
  const last = prompt.kind === 'chat' ? prompt.messages.at(-1) : undefined;
  if (tools.length === 0 || (!must && last?.role !== 'user')) return undefined;
  const random = seededRandom(hashText('tool', seed));
  const { name, parameters } = pick(random, tools);
  const words = (last?.content ?? '').match(/\p{L}{4,}/gu) ?? [];
  return { name, text: JSON.stringify(sampleJson(asObject(parameters), { random, words })) };
}

/** Arguments are an object even where a schema does not name a type. */
function asObject(parameters: unknown): object {
  return { ...(parameters as object | undefined), type: 'object' };
}

/** Schemas nest deeper only where they refer to themselves; beyond this, what may be left out is. */
const MOST_DEPTH = 6;

export interface SampleSource {
  /** In [0, 1). */
  readonly random: Random;
  /** Words that a text may be made of. */
  readonly words: readonly string[];
}

/** Understands types, enumerations, limits, `anyOf` and its like, and references within the schema; no patterns. */
export function sampleJson(schema: unknown, draw: SampleSource, root: unknown = schema, depth = 0): unknown {
  if (!isObject(schema)) return sampleWord(draw, {});
  const { enum: allowed, const: constant, $ref: reference } = schema;
  if (constant !== undefined) return constant;
  if (Array.isArray(allowed) && allowed.length > 0) return pick(draw.random, allowed);
  const inner =
    typeof reference === 'string' ? resolveReference(reference, root) : pickAlternative(schema, draw);
  if (inner !== undefined) return sampleJson(inner, draw, root, depth + 1);
  switch (pickType(schema, draw)) {
    case 'object':
      return sampleObject(schema, draw, root, depth);
    case 'array':
      return sampleArray(schema, draw, root, depth);
    case 'integer':
      return sampleNumber(schema, draw, true);
    case 'number':
      return sampleNumber(schema, draw, false);
    case 'boolean':
      return draw.random() < 0.5;
    case 'null':
      return null;
    default:
      return sampleWord(draw, schema);
  }
}

/** BFCL's functions are written for Python and say `dict`, `float` and `tuple`. */
const PYTHON_TYPES: Readonly<Record<string, string>> = {
  dict: 'object',
  float: 'number',
  tuple: 'array',
  list: 'array',
  int: 'integer',
  bool: 'boolean',
};

function pickType(schema: Body, draw: SampleSource): string {
  const { type } = schema;
  const given = Array.isArray(type) ? pick(draw.random, type) : type;
  if (typeof given === 'string') return PYTHON_TYPES[given] ?? given;
  return isObject(schema['properties']) ? 'object' : schema['items'] === undefined ? 'string' : 'array';
}

function pickAlternative(schema: Body, draw: SampleSource): unknown {
  const { anyOf, oneOf: alternatives, allOf } = schema;
  if (Array.isArray(allOf) && allOf.length > 0) return Object.assign({}, ...allOf.filter(isObject));
  const list = [anyOf, alternatives].find((it) => Array.isArray(it) && it.length > 0);
  return Array.isArray(list) ? pick(draw.random, list) : undefined;
}

/** `#/$defs/Name`; undefined for a reference that leads nowhere. */
function resolveReference(reference: string, root: unknown): unknown {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  return steps.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), root) ?? {};
}

function sampleObject(schema: Body, draw: SampleSource, root: unknown, depth: number): object {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : Object.keys(properties);
  const entries = Object.entries(properties).filter(
    ([name]) => required.includes(name) || (depth < MOST_DEPTH && draw.random() < 0.5),
  );
  if (depth > 2 * MOST_DEPTH) return {};
  return Object.fromEntries(entries.map(([name, inner]) => [name, sampleJson(inner, draw, root, depth + 1)]));
}

function sampleArray(schema: Body, draw: SampleSource, root: unknown, depth: number): readonly unknown[] {
  const fixed = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
  const least = Math.max(readWhole(schema['minItems']) ?? 0, fixed.length);
  const most = Math.max(least, readWhole(schema['maxItems']) ?? least + 2);
  const length =
    depth > MOST_DEPTH ? least : Math.max(least, Math.min(most, 1 + Math.floor(draw.random() * 2)));
  return Array.from({ length: depth > 2 * MOST_DEPTH ? 0 : length }, (_, index) =>
    sampleJson(fixed[index] ?? schema['items'] ?? {}, draw, root, depth + 1),
  );
}

function sampleNumber(schema: Body, draw: SampleSource, isWhole: boolean): number {
  const step = readNumber(schema['multipleOf']) ?? (isWhole ? 1 : 0.5);
  const above = readNumber(schema['exclusiveMinimum']);
  const below = readNumber(schema['exclusiveMaximum']);
  const low = readNumber(schema['minimum']) ?? (above === undefined ? undefined : above + step);
  const high = readNumber(schema['maximum']) ?? (below === undefined ? undefined : below - step);
  const from = Math.ceil((low ?? (high === undefined ? 1 : high - 9 * step)) / step);
  const to = Math.max(from, Math.floor((high ?? (from + 9) * step) / step));
  return Number((between(draw.random, from, to) * step).toFixed(6));
}

/** A word, stretched or cut to the schema's limits. */
function sampleWord(draw: SampleSource, schema: Body): string {
  const least = readWhole(schema['minLength']) ?? 0;
  const most = Math.max(least, readWhole(schema['maxLength']) ?? 64);
  const found = draw.words.length === 0 ? 'sample' : pick(draw.random, draw.words);
  return found.repeat(Math.max(1, Math.ceil(least / found.length))).slice(0, most);
}

function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function readWhole(value: unknown): number | undefined {
  return Number.isInteger(value) ? (value as number) : undefined;
}
