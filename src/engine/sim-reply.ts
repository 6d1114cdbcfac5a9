import { createHash } from 'node:crypto';
import { between, hashText, pick, type Random, seededRandom } from '../basics/random.ts';
import answerTables from './answers.json' with { type: 'json' };
import type { Candidate, ChatMessage, Prompt, ScoredToken, Tool } from './engine.ts';
import { type Body, isObject } from './exchange.ts';

/** What the simulated engine knows of the demo, by `fingerprint`. */
interface DemoAnswers {
  /** The maths problems, each with one plausible slip. */
  readonly worked: readonly { readonly question: string; readonly right: string; readonly wrong: string }[];
  /** The multiple-choice questions, with fingerprints of the options' texts. */
  readonly choices: readonly {
    readonly question: string;
    readonly right: string;
    readonly wrong: readonly string[];
  }[];
  /** The fingerprint of all user messages so far, and the right number. */
  readonly dialogues: readonly (readonly [said: string, right: number])[];
  /** Pictures, which the engine cannot see: the question's fingerprint, the right answer, and a plausible slip. */
  readonly shapes: readonly (readonly [question: string, right: string, wrong: string])[];
}

/** The demo's answers. */
export const DEMO_ANSWERS = answerTables as unknown as DemoAnswers;

/** Returns the first 12 hex digits of a hash of the letters and digits, so that blanks and quote marks do not matter. */
export function fingerprint(question: string): string {
  const bare = question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return createHash('sha256').update(bare).digest('hex').slice(0, 12);
}

/**
 * Returns the answer to each question, and to each dialogue by all its user messages. Decides once which answers are right:
 * of each table the `accuracy` share, as near as whole answers allow. The seed chooses which ones.
 */
export function answerBook(accuracy: number, seed: number): ReadonlyMap<string, string> {
  const worked = decide(DEMO_ANSWERS.worked, ({ question }) => question, accuracy, seed);
  const dialogues = decide(DEMO_ANSWERS.dialogues, ([said]) => said, accuracy, seed);
  const shapes = decide(DEMO_ANSWERS.shapes, ([question]) => question, accuracy, seed);
  return new Map([
    ...worked.map(([{ question, right, wrong }, isRight]) => [question, isRight ? right : wrong] as const),
    ...shapes.map(([[question, right, wrong], isRight]) => [question, isRight ? right : wrong] as const),
    ...dialogues.map(([[said, right], isRight]) => [said, String(isRight ? right : right + 1)] as const),
  ]);
}

/** Returns the fingerprint of the option that scores best for each question, by perplexity. */
export function choiceBook(accuracy: number, seed: number): ReadonlyMap<string, string> {
  const decided = decide(DEMO_ANSWERS.choices, ({ question }) => question, accuracy, seed);
  return new Map(
    decided.map(([{ question, right, wrong }, isRight]) => [
      question,
      isRight ? right : wrong[hashText(question, seed) % wrong.length]!,
    ]),
  );
}

function decide<T>(
  table: readonly T[],
  keyOf: (entry: T) => string,
  accuracy: number,
  seed: number,
): readonly (readonly [entry: T, isRight: boolean])[] {
  const ranked = table.toSorted((a, b) => hashText(keyOf(a), seed) - hashText(keyOf(b), seed));
  const right = Math.round(accuracy * ranked.length);
  return ranked.map((entry, rank) => [entry, rank < right] as const);
}

/** Pieces of a reply that is not in the answer book; drawn evenly, by seed. */
export interface ReplyLength {
  readonly min: number;
  readonly max: number;
}

/** Returns a prompt as one text; its pieces are the prompt tokens. */
export function promptText(prompt: Prompt): string {
  if (prompt.kind === 'text') return prompt.text;
  return `${prompt.messages.map(({ role, content }) => `${role}: ${content}\n`).join('')}assistant:`;
}

/**
 * Returns the answer to the last question of a prompt, undefined when the book has none. The question is a line of the
 * last user message, or all that the user said; in a plain prompt, a line after the last `Question:`.
 */
export function lookUp(prompt: Prompt, book: ReadonlyMap<string, string>): string | undefined {
  const said = prompt.kind === 'text' ? [prompt.text] : userMessages(prompt.messages);
  const asked = lastBlock(said.at(-1) ?? '');
  const lines = asked.split('\n').filter((line) => line.trim() !== '');
  for (const candidate of [...lines.slice(0, 8), asked, said.join('\n')]) {
    const answer = book.get(fingerprint(candidate));
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function userMessages(messages: readonly ChatMessage[]): readonly string[] {
  return messages.filter(({ role }) => role === 'user').map(({ content }) => content);
}

/** Returns the text after the last `Question:`, or all of it. */
function lastBlock(text: string): string {
  const at = text.lastIndexOf('Question:');
  return at < 0 ? text : text.slice(at + 'Question:'.length);
}

/** Plain sentences for a question that the book does not know. */
export function fillerReply(seed: number, length: ReplyLength): string {
  const wanted = between(seededRandom(seed), length.min, length.max);
  const parts = ['This is a simulated reply.'];
  let pieces = countPieces(parts[0]!);
  for (const sentence of fillerSentences(seed)) {
    pieces += countPieces(sentence);
    if (pieces > wanted) break;
    parts.push(sentence);
  }
  return parts.join('');
}

/** The seed of one reply: the engine's, the request's and the prompt's together. */
export function replySeed(text: string, engineSeed: number, requestSeed: number | undefined): number {
  return hashText(text, engineSeed ^ Math.imul(requestSeed ?? 0, 0x9e3779b1));
}

/** The pieces of a reply, followed by endless pieces of filler. */
export class PieceSource {
  readonly #more: Iterator<string, never>;
  #pieces: string[];
  #next = 0;

  constructor(text: string, fillerSeed: number) {
    this.#pieces = splitPieces(text);
    this.#more = fillerSentences(fillerSeed);
  }

  /** True when the reply's own pieces have been taken. */
  get used(): boolean {
    return this.#next >= this.#pieces.length;
  }

  take(): string {
    if (this.used) {
      this.#pieces = splitPieces(this.#more.next().value);
      this.#next = 0;
    }
    return this.#pieces[this.#next++]!;
  }
}

/**
 * The simulated engine's tokens. A piece is one of: up to eight letters of a word with the space before
 * them, one digit, one punctuation mark or symbol with the space before it, a run of line breaks, or a run of other
 * blanks. The pieces of a text, joined, are the text, whatever it holds.
 */
const PIECE = / ?\p{L}[\p{L}\p{M}]{0,7}|\p{N}|[\r\n]+| ?[^\s\p{L}\p{N}]|[^\S\r\n]+/gu;

/** Splits a text into pieces. */
export function splitPieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** The number of pieces, or `atMost` as soon as there are that many. */
export function countPieces(text: string, atMost = Number.POSITIVE_INFINITY): number {
  const scanner = new RegExp(PIECE);
  let count = 0;
  while (count < atMost && scanner.test(text)) count++;
  return count;
}

const ADJECTIVES = 'quiet narrow early patient broad careful distant simple steady bright'.split(' ');
const NOUNS =
  'river garden letter teacher window market bridge forest captain lantern village harbour story'.split(' ');
const VERBS = 'follows answers crosses remembers describes carries watches measures finds shapes'.split(' ');
const PLACES = ['near', 'behind', 'above', 'beyond', 'beside', 'before'];

/** Yields plain sentences without end, the same for the same seed. Each begins with a space. */
function* fillerSentences(seed: number): Generator<string, never> {
  const random = seededRandom(seed);
  const one = (words: readonly string[]) => pick(random, words);
  for (;;) {
    const sentence = ` The ${one(ADJECTIVES)} ${one(NOUNS)} ${one(VERBS)} the ${one(NOUNS)}`;
    yield random() < 0.5
      ? `${sentence}.`
      : `${sentence} ${one(PLACES)} the ${one(ADJECTIVES)} ${one(NOUNS)}.`;
  }
}

/** The size of a usual vocabulary: ids are made up from hashes. */
const VOCABULARY = 49_152;

/** Pieces before a place that its probabilities depend on. */
const CONTEXT = 4;

function pieceId(piece: string): number {
  return hashText(piece) % VOCABULARY;
}

/** Log probabilities of the pieces of an option: of the one that is answered with, and of any other. */
const CHOSEN = -0.02;
const OTHER = -7;

/**
 * Scores a text. `choices`: the option that a question is answered with, both by fingerprint. Probabilities are made up: the same text after the
 * same beginning always gets the same, and only where the answer table knows the question do they mean something.
 */
export function scoreText(
  text: string,
  continuation: string,
  choices: ReadonlyMap<string, string>,
  seed: number,
  best: number,
): readonly ScoredToken[] {
  const pieces = [...splitPieces(text), ...splitPieces(continuation)];
  const claim = findClaim(text, choices);
  let at = 0;
  return pieces.map((piece, index) => {
    const id = pieceId(piece);
    at += piece.length;
    if (index === 0) return { id, text: piece, score: undefined };
    const context = pieces.slice(Math.max(0, index - CONTEXT), index).join('');
    const isClaim = claim !== undefined && at > claim.from && at <= text.length;
    const logprob = isClaim ? claim.logprob : inventLogprob(hashText(context + piece, seed));
    return { id, text: piece, score: scorePiece(piece, logprob, hashText(context, seed), best) };
  });
}

/** Where the text claims an answer to a question of the table, and how likely each piece of the claim is. */
function findClaim(
  text: string,
  choices: ReadonlyMap<string, string>,
): { readonly from: number; readonly logprob: number } | undefined {
  const block = lastBlock(text);
  const [whole = '', question = '', option = ''] = /^\s*(\S[^\n]*)\n.*Answer:\s*(.+)$/s.exec(block) ?? [];
  const chosen = choices.get(fingerprint(question));
  if (whole === '' || chosen === undefined) return undefined;
  return { from: text.length - option.length, logprob: fingerprint(option) === chosen ? CHOSEN : OTHER };
}

/** From about -0.01 to -9, most of them near the upper end, as in a text that a model knows how to go on with. */
function inventLogprob(hash: number): number {
  return roundMillionth(-0.01 - 9 * (hash / 2 ** 32) ** 3);
}

function scorePiece(text: string, logprob: number, contextSeed: number, best: number): ScoredToken['score'] {
  const own = { id: pieceId(text), text, logprob };
  const left = 1 - Math.exp(logprob);
  // The other pieces of a place share what is left, half of it the first, half of the rest the next, and so on.
  const isLikeliest = left / 2 <= 1 - left;
  const rank = isLikeliest ? 1 : 1 + Math.max(1, Math.floor(Math.log2(left / (1 - left))));
  const others = best === 0 ? [] : alternatives(text, left, contextSeed);
  return { logprob, rank, best: (isLikeliest ? [own, ...others] : others).slice(0, best) };
}

function alternatives(text: string, left: number, seed: number): readonly Candidate[] {
  const words = splitPieces(fillerSentences(seed).next().value).filter((piece) => piece !== text);
  return [...new Set(words)].map((word, index) => ({
    id: pieceId(word),
    text: word,
    logprob: roundMillionth(Math.log(left) - Math.LN2 * (index + 1)),
  }));
}

function roundMillionth(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

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

/** What JSON values are drawn from. */
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
