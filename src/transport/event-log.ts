import type { RequestOutput } from '../contract/output.ts';
import {
  EVENT_KINDS,
  type EventKind,
  type EventLog,
  isTokenCount,
  PAYLOAD_KINDS,
} from '../contract/record.ts';
import { SseSplitter } from './sse.ts';

const MOST_TOKENS = 65_535;
/** An event beside its arrival, in one number: tokens, kind, whether it shared its read. */
const TOKENS = 16;
const KIND = 2;
/** Numbers that the first event makes room for. */
const FIRST_ROOM = 32;
const NO_PAIRS = new Float64Array(0);

/**
 * Collects the events of one reply. They lie in one array, arrival and the rest in turn: with hundreds of streams every array
 * more is memory that the processor has to fetch for every event. It is a typed one, which the garbage collector does not move.
 */
export class EventRecorder {
  #pairs: Float64Array = NO_PAIRS;
  #used = 0;

  add(at: number, kind: EventKind, tokens: number, sharedRead: boolean): void {
    const used = this.#used;
    if (used === this.#pairs.length) this.#grow();
    const pairs = this.#pairs;
    pairs[used] = at;
    pairs[used + 1] =
      Math.min(tokens, MOST_TOKENS) * TOKENS + EVENT_KINDS.indexOf(kind) * KIND + (sharedRead ? 1 : 0);
    this.#used = used + 2;
  }

  get length(): number {
    return this.#used / 2;
  }

  toLog(): EventLog {
    const { length } = this;
    const log = {
      at: new Float64Array(length),
      kind: new Uint8Array(length),
      tokens: new Uint16Array(length),
      sharedRead: new Uint8Array(length),
    };
    for (let n = 0; n < length; n++) {
      const rest = this.#pairs[2 * n + 1]!;
      log.at[n] = this.#pairs[2 * n]!;
      log.tokens[n] = Math.floor(rest / TOKENS);
      log.kind[n] = (rest % TOKENS) >> 1;
      log.sharedRead[n] = rest % KIND;
    }
    return log;
  }

  #grow(): void {
    const larger = new Float64Array(Math.max(FIRST_ROOM, 2 * this.#pairs.length));
    larger.set(this.#pairs);
    this.#pairs = larger;
  }
}

/** Finds what an event brought by comparing the output before and after its parser ran. */
export class OutputWatcher {
  readonly #output: RequestOutput;
  #contentChanges = 0;
  #reasoningChanges = 0;
  #toolArguments = 0;
  #finishReason: string | undefined;
  #role: string | undefined;
  #inputTokens: number | undefined;
  #outputTokens: number | undefined;
  #payloads = 0;
  /** Tokens that a running usage count says the event brought that was looked at last; 0 = unknown. */
  tokens = 0;

  constructor(output: RequestOutput) {
    this.#output = output;
  }

  /** Kind of the event just parsed; `tokens` says what it brought. */
  look(): EventKind {
    const { contentChanges, reasoningChanges, finishReason, role, inputTokens, outputTokens } = this.#output;
    const toolArguments = this.#argumentsLength();
    const usageCame = inputTokens !== this.#inputTokens || outputTokens !== this.#outputTokens;
    const tokens = usageCame ? this.#tokensBrought(outputTokens) : 0;
    let kind: EventKind = 'other';
    if (contentChanges !== this.#contentChanges) kind = 'content';
    else if (reasoningChanges !== this.#reasoningChanges) kind = 'reasoning';
    else if (toolArguments > this.#toolArguments) kind = 'tool-call';
    else if (finishReason !== this.#finishReason) kind = 'finish';
    else if (role !== this.#role) kind = 'role';
    else if (usageCame) kind = 'usage';
    this.#contentChanges = contentChanges;
    this.#reasoningChanges = reasoningChanges;
    this.#toolArguments = toolArguments;
    this.#finishReason = finishReason;
    this.#role = role;
    this.#inputTokens = inputTokens;
    this.#outputTokens = outputTokens;
    const isPayload = PAYLOAD_KINDS.has(kind);
    this.tokens = isPayload ? tokens : 0;
    if (isPayload) this.#payloads += 1;
    return kind;
  }

  #argumentsLength(): number {
    let sum = 0;
    for (const call of this.#output.toolCalls) sum += call.arguments.length;
    return sum;
  }

  /** A count that first appears after other payload events covers those too, so it says nothing of this one. */
  #tokensBrought(outputTokens: number | undefined): number {
    if (outputTokens === undefined) return 0;
    if (this.#outputTokens === undefined && this.#payloads > 0) return 0;
    const brought = outputTokens - (this.#outputTokens ?? 0);
    // A class of the user's may set anything.
    return isTokenCount(brought) ? brought : 0;
  }
}

/** Placeholder that marks the text while its place is looked up. */
const MARK = 'ais-bench:mark:7f3a91';

/** Up to here V8 copies a piece of a string; a longer one would keep the whole read in memory. */
const COPIED_LENGTH = 12;

/** Data with one text left open, as the copies to make: a container and the containers in it. */
interface EventForm {
  readonly value: unknown;
  readonly inner: readonly { readonly key: string | number; readonly form: EventForm }[];
  /** Key of the open text, in the one container that holds it. */
  readonly open: string | number | undefined;
}

/**
 * What the events of one stream have in common. Most events are the one before with another piece of text in it. Once two of
 * them have shown where, the next ones are read without splitting and without JSON.parse: the parts before and after the text
 * are compared, the text is checked to be the inside of one JSON string, and the known data are copied with it in its place.
 * Everything else goes the long way, so the result is the same by construction.
 */
export class EventTemplate {
  readonly #before: string;
  readonly #after: string;
  readonly #form: EventForm;
  readonly type: string | undefined;

  private constructor(before: string, after: string, form: EventForm, type: string | undefined) {
    this.#before = before;
    this.#after = after;
    this.#form = form;
    this.type = type;
  }

  /** What two events of one stream, each the whole text of one, have in common but one JSON string; undefined: more or less. */
  static of(one: string, other: string): EventTemplate | undefined {
    const before = commonStart(one, other);
    const after = commonEnd(one, other, Math.min(one.length, other.length) - before);
    const start = one.slice(0, before);
    const end = one.slice(one.length - after);
    if (start.includes(MARK) || end.includes(MARK)) return undefined;
    const events = splitEvents(start + MARK + end);
    if (events.length !== 1) return undefined;
    const [{ data, type }] = events as [{ data: string; type: string | undefined }];
    const parsed = tryParse(data);
    const found = textWithMark(parsed);
    if (found === undefined) return undefined;
    // The two texts may begin or end alike: the open place is all of the string.
    const [head = '', tail = ''] = found.split(MARK);
    if (!start.endsWith(`"${head}`) || !end.startsWith(`${tail}"`) || !isPlain(head + tail)) return undefined;
    const form = readForm(parsed);
    if (form === undefined) return undefined;
    const fixed = (text: string) => Buffer.from(text, 'utf8').toString('utf8');
    return new EventTemplate(
      fixed(start.slice(0, start.length - head.length)),
      fixed(end.slice(tail.length)),
      form,
      type,
    );
  }

  /** The data of the event that is the text from `start` up to `end`; undefined where the template does not fit. */
  read(text: string, start: number, end: number): unknown {
    const from = start + this.#before.length;
    const to = end - this.#after.length;
    // A slice is compared faster than `startsWith` looks.
    if (from > to || text.slice(to, end) !== this.#after || text.slice(start, from) !== this.#before) {
      return undefined;
    }
    const middle = decodeInside(text.slice(from, to));
    return middle === undefined ? undefined : fillForm(this.#form, middle);
  }
}

/** Decodes the inside of a JSON string; undefined where it is not one. */
function decodeInside(inside: string): string | undefined {
  if (inside.length <= COPIED_LENGTH && isPlain(inside)) return inside;
  try {
    const text: unknown = JSON.parse(`"${inside}"`);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whether JSON writes the text as it is. */
function isPlain(text: string): boolean {
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n);
    if (code < 32 || code === 34 || code === 92) return false;
  }
  return true;
}

function fillForm({ value, inner, open }: EventForm, middle: string): unknown {
  if (Array.isArray(value)) {
    const copy = value.slice();
    if (open !== undefined) copy[open as number] = middle;
    for (let n = 0; n < inner.length; n++) copy[inner[n]!.key as number] = fillForm(inner[n]!.form, middle);
    return copy;
  }
  const copy: Record<string, unknown> = { ...(value as object) };
  if (open !== undefined) copy[open] = middle;
  for (let n = 0; n < inner.length; n++) copy[inner[n]!.key] = fillForm(inner[n]!.form, middle);
  return copy;
}

/** The form of parsed JSON; undefined where a key could not be assigned to. */
function readForm(value: unknown): EventForm | undefined {
  const inner: { key: string | number; form: EventForm }[] = [];
  let open: string | number | undefined;
  for (const [name, member] of Object.entries(value as object)) {
    if (name === '__proto__') return undefined;
    const key = Array.isArray(value) ? Number(name) : name;
    if (typeof member === 'string' && member.includes(MARK)) open = key;
    if (typeof member !== 'object' || member === null) continue;
    const form = readForm(member);
    if (form === undefined) return undefined;
    inner.push({ key, form });
  }
  return { value, inner, open };
}

/** Returns the one text in the data that holds the mark; undefined unless exactly one value does. */
function textWithMark(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && value.includes(MARK)) texts.push(value);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(data);
  return texts.length === 1 ? texts[0] : undefined;
}

function splitEvents(text: string): { data: string; type: string | undefined }[] {
  const events: { data: string; type: string | undefined }[] = [];
  const splitter = new SseSplitter({ onEvent: (data, type) => events.push({ data, type }) });
  // A byte-order mark counts at the start of a stream only.
  splitter.feed('\n');
  splitter.feed(text);
  return splitter.idle ? events : [];
}

function tryParse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function commonStart(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  let n = 0;
  while (n < length && one.charCodeAt(n) === other.charCodeAt(n)) n += 1;
  return n;
}

function commonEnd(one: string, other: string, limit: number): number {
  let n = 0;
  while (n < limit && one.charCodeAt(one.length - 1 - n) === other.charCodeAt(other.length - 1 - n)) n += 1;
  return n;
}

/** Events before learning starts: short streams end before a template pays. */
const LEARN_AFTER = 8;
const LEARN_ATTEMPTS = 4;

/** Learns what the events of one stream have in common but one text, and reads the next ones by that. */
export class AlikeEvents {
  #template: EventTemplate | undefined;
  #attempts = 0;
  #seen = 0;
  #last: string | undefined;

  /** The data of the event that is the text from `start` up to `end`; undefined where it is not like the ones before. */
  read(text: string, start: number, end: number): unknown {
    return this.#template?.read(text, start, end);
  }

  /** Two events in a row, each the whole text of one, show what the events of this stream have in common. */
  learn(text: string, start: number, end: number): void {
    this.#seen += 1;
    if (this.#template !== undefined || this.#attempts === LEARN_ATTEMPTS || this.#seen < LEARN_AFTER) return;
    const piece = text.slice(start, end);
    if (this.#last === undefined) {
      this.#last = piece;
      return;
    }
    this.#attempts += 1;
    this.#template = EventTemplate.of(this.#last, piece);
    this.#last = undefined;
  }
}
