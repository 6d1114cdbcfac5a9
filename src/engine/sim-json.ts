/** A value that fits a JSON Schema, drawn by seed: what the simulated engine calls functions with. */
import { between, pick, type Random } from '../basics/random.ts';
import { type Body, isObject } from './fields.ts';

/** Schemas nest deeper only where they refer to themselves; beyond this, what may be left out is. */
const MOST_DEPTH = 6;

export interface Draw {
  /** In [0, 1). */
  readonly random: Random;
  /** Words that a text may be made of. */
  readonly words: readonly string[];
}

/** Understands types, enumerations, limits, `anyOf` and its like, and references within the schema; no patterns. */
export function sampleJson(schema: unknown, draw: Draw, root: unknown = schema, depth = 0): unknown {
  if (!isObject(schema)) return word(draw, {});
  const { enum: allowed, const: constant, $ref: reference } = schema;
  if (constant !== undefined) return constant;
  if (Array.isArray(allowed) && allowed.length > 0) return pick(draw.random, allowed);
  const inner = typeof reference === 'string' ? resolve(reference, root) : oneOf(schema, draw);
  if (inner !== undefined) return sampleJson(inner, draw, root, depth + 1);
  switch (typeOf(schema, draw)) {
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
      return word(draw, schema);
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

function typeOf(schema: Body, draw: Draw): string {
  const { type } = schema;
  const given = Array.isArray(type) ? pick(draw.random, type) : type;
  if (typeof given === 'string') return PYTHON_TYPES[given] ?? given;
  return isObject(schema['properties']) ? 'object' : schema['items'] === undefined ? 'string' : 'array';
}

function oneOf(schema: Body, draw: Draw): unknown {
  const { anyOf, oneOf: alternatives, allOf } = schema;
  if (Array.isArray(allOf) && allOf.length > 0) return Object.assign({}, ...allOf.filter(isObject));
  const list = [anyOf, alternatives].find((it) => Array.isArray(it) && it.length > 0);
  return Array.isArray(list) ? pick(draw.random, list) : undefined;
}

/** `#/$defs/Name`; undefined for a reference that leads nowhere. */
function resolve(reference: string, root: unknown): unknown {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  return steps.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), root) ?? {};
}

function sampleObject(schema: Body, draw: Draw, root: unknown, depth: number): object {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : Object.keys(properties);
  const entries = Object.entries(properties).filter(
    ([name]) => required.includes(name) || (depth < MOST_DEPTH && draw.random() < 0.5),
  );
  if (depth > 2 * MOST_DEPTH) return {};
  return Object.fromEntries(entries.map(([name, inner]) => [name, sampleJson(inner, draw, root, depth + 1)]));
}

function sampleArray(schema: Body, draw: Draw, root: unknown, depth: number): readonly unknown[] {
  const fixed = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
  const least = Math.max(whole(schema['minItems']) ?? 0, fixed.length);
  const most = Math.max(least, whole(schema['maxItems']) ?? least + 2);
  const length =
    depth > MOST_DEPTH ? least : Math.max(least, Math.min(most, 1 + Math.floor(draw.random() * 2)));
  return Array.from({ length: depth > 2 * MOST_DEPTH ? 0 : length }, (_, index) =>
    sampleJson(fixed[index] ?? schema['items'] ?? {}, draw, root, depth + 1),
  );
}

function sampleNumber(schema: Body, draw: Draw, isWhole: boolean): number {
  const step = number(schema['multipleOf']) ?? (isWhole ? 1 : 0.5);
  const above = number(schema['exclusiveMinimum']);
  const below = number(schema['exclusiveMaximum']);
  const low = number(schema['minimum']) ?? (above === undefined ? undefined : above + step);
  const high = number(schema['maximum']) ?? (below === undefined ? undefined : below - step);
  const from = Math.ceil((low ?? (high === undefined ? 1 : high - 9 * step)) / step);
  const to = Math.max(from, Math.floor((high ?? (from + 9) * step) / step));
  return Number((between(draw.random, from, to) * step).toFixed(6));
}

/** A word, stretched or cut to the schema's limits. */
function word(draw: Draw, schema: Body): string {
  const least = whole(schema['minLength']) ?? 0;
  const most = Math.max(least, whole(schema['maxLength']) ?? 64);
  const found = draw.words.length === 0 ? 'sample' : pick(draw.random, draw.words);
  return found.repeat(Math.max(1, Math.ceil(least / found.length))).slice(0, most);
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function whole(value: unknown): number | undefined {
  return Number.isInteger(value) ? (value as number) : undefined;
}
