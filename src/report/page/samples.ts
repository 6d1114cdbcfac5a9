/** The answers behind a score, for reading one by one. */
import { requestKey, type Transcript } from '../../contract/record.ts';
import type { Judged, Judgement, Verdict } from '../../evaluate/types.ts';

/** One answer. Absent fields: the answer has no such thing. */
export interface PageSample {
  /** Row of the dataset, repetition and turn, counted from 0. */
  readonly index: number;
  readonly repetition?: number;
  readonly turn?: number;
  readonly verdict: Verdict;
  readonly credit?: number;
  /** What was taken for the answer, and by which rule. */
  readonly answer?: string;
  readonly rule?: string;
  /** Where it stands in the whole `content`. */
  readonly span?: readonly [start: number, end: number];
  /** Why, for a person. */
  readonly explanation?: string;
  readonly reference: string;
  /** Under the other rule set, where it came out differently. */
  readonly other?: { readonly verdict: Verdict; readonly answer?: string };
  readonly prompt: readonly { readonly role: string; readonly text: PageText }[];
  readonly content: PageText;
  readonly reasoning?: PageText;
  readonly toolCalls?: PageText;
  readonly finishReason?: string;
  readonly failure?: string;
  /** Its request among the task's, in the order of sending. */
  readonly request?: number;
}

/** What the page says of the samples before it reads them. */
export interface SamplesPart {
  /** Name of the attachment that holds the `Sample`s. */
  readonly attachment: string;
  readonly shown: number;
  /** Answers that were scored. */
  readonly of: number;
  /** Texts that are not there as a whole. */
  readonly cuts: number;
}

/** More than anybody reads, and a page that still opens at once. */
const MOST_SAMPLES = 20_000;
/** UTF-16 units of all texts: about 18 MB of page. */
const MOST_TEXT = 40_000_000;

interface SampleLimits {
  readonly samples?: number;
  readonly text?: number;
  /** Tasks of the page, which share the room for texts evenly. */
  readonly tasks?: number;
}

/** Joins judgements with the texts they are about. Of too many, every so-many-th is kept. */
export class PageSamples {
  readonly #chosen = new Map<string, Judged>();
  readonly #of: number;
  readonly #rows: ReadonlyMap<string, number>;
  readonly #texts: BoundedTexts;
  readonly #made: (() => PageSample)[] = [];

  /** `rows`: of the requests, by key. */
  constructor(
    judged: readonly Judged[],
    rows: ReadonlyMap<string, number>,
    { samples = MOST_SAMPLES, text = MOST_TEXT, tasks = 1 }: SampleLimits = {},
  ) {
    this.#of = judged.length;
    this.#rows = rows;
    this.#texts = new BoundedTexts(text / tasks);
    const shown = Math.min(judged.length, samples);
    for (let n = 0; n < shown; n++) {
      const one = judged[Math.floor((n * judged.length) / shown)]!;
      this.#chosen.set(requestKey(keyOf(one)), one);
    }
  }

  /** A transcript of the run; one that was not judged, or not chosen, is passed over. */
  add(transcript: Transcript): void {
    const { id, turn } = transcript.call;
    const key = requestKey(keyOf({ id, turn }));
    const judged = this.#chosen.get(key);
    if (judged === undefined) return;
    this.#chosen.delete(key);
    const { content, reasoningContent, toolCalls, finishReason, failure } = transcript;
    const text = (value: string) => this.#texts.add(value);
    const prompt = promptParts(transcript.prompt).map((part) => ({ ...part, text: text(part.text) }));
    const answer = text(content);
    const reasoning = reasoningContent === '' ? undefined : text(reasoningContent);
    const tools = toolCalls.length === 0 ? undefined : text(JSON.stringify(toolCalls, null, 2));
    const request = this.#rows.get(key);
    const kept = this.#texts;
    this.#made.push(() => ({
      ...judgementOf(judged),
      prompt: prompt.map((part) => ({ role: part.role, text: kept.get(part.text) })),
      content: kept.get(answer),
      ...(reasoning === undefined ? {} : { reasoning: kept.get(reasoning) }),
      ...(tools === undefined ? {} : { toolCalls: kept.get(tools) }),
      ...(finishReason === undefined ? {} : { finishReason }),
      ...(failure === undefined ? {} : { failure: `${failure.kind}: ${failure.message}` }),
      ...(request === undefined ? {} : { request }),
    }));
  }

  /** In the order of the dataset. */
  finish(attachment: string): { readonly part: SamplesPart; readonly samples: readonly PageSample[] } {
    const samples = this.#made
      .map((make) => make())
      .sort(
        (a, b) =>
          a.index - b.index || (a.repetition ?? 0) - (b.repetition ?? 0) || (a.turn ?? 0) - (b.turn ?? 0),
      );
    return {
      part: { attachment, shown: samples.length, of: this.#of, cuts: this.#texts.cuts },
      samples,
    };
  }
}

/** Without what `requestKey` does not look at. */
function keyOf({ id, turn }: { readonly id: string; readonly turn?: number | undefined }) {
  return { id, model: '', dataset: '', index: 0, repetition: 0, ...(turn === undefined ? {} : { turn }) };
}

function judgementOf(judged: Judged): Omit<PageSample, 'prompt' | 'content'> {
  const { index, repetition, turn, verdict, credit, extraction, explanation, reference } = judged;
  const other = otherOf(judged);
  return {
    index,
    ...(repetition === 0 ? {} : { repetition }),
    ...(turn === undefined ? {} : { turn }),
    verdict,
    ...(credit === undefined ? {} : { credit }),
    ...(extraction === undefined
      ? {}
      : { answer: extraction.answer, rule: extraction.rule, span: extraction.span }),
    ...(explanation === undefined ? {} : { explanation }),
    reference,
    ...(other === undefined ? {} : { other }),
  };
}

function otherOf({ rules, fixed, compat }: Judged): PageSample['other'] | undefined {
  const [own, other] = rules === 'fixed' ? [fixed, compat] : [compat, fixed];
  if (sameOutcome(own, other)) return undefined;
  const answer = other.extraction?.answer;
  return { verdict: other.verdict, ...(answer === undefined ? {} : { answer }) };
}

function sameOutcome(one: Judgement, other: Judgement): boolean {
  return one.verdict === other.verdict && one.extraction?.answer === other.extraction?.answer;
}

interface PromptPart {
  readonly role: string;
  readonly text: string;
}

/** An address that is a whole file says nothing to a reader. */
const LONGEST_ADDRESS = 200;

/** What was asked, as a person reads it: one part a message; images and the like by their address. Any JSON is taken. */
function promptParts(prompt: unknown): PromptPart[] {
  if (!Array.isArray(prompt)) return [{ role: '', text: textOf(prompt) }];
  return prompt.map((message: unknown) => {
    const { role, content, prompt: text } = (message ?? {}) as Record<string, unknown>;
    return { role: typeof role === 'string' ? role : '', text: textOf(content ?? text ?? message) };
  });
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(partOf).join('\n');
  return content === undefined || content === null ? '' : JSON.stringify(content, null, 2);
}

function partOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const { type, text } = (part ?? {}) as Record<string, unknown>;
  if (typeof text === 'string') return text;
  const address = JSON.stringify(part) ?? '';
  const short = address.length > LONGEST_ADDRESS ? `${address.slice(0, LONGEST_ADDRESS)}…` : address;
  return `[${typeof type === 'string' ? type : 'part'}] ${short}`;
}

/** A text, or of a long one its beginning, how many characters were left out, and its end. */
export type PageText = string | readonly [head: string, leftOut: number, tail: string];

/** No text is kept longer than this, in UTF-16 units. */
const LONGEST = 2 ** 20;
const SHORTEST = 512;

/** Keeps texts of bounded size together: when they outgrow it, the longest are cut in the middle, all at the same length. */
export class BoundedTexts {
  readonly #limit: number;
  readonly #texts: PageText[] = [];
  #longest = LONGEST;
  #size = 0;

  /** `limit` in UTF-16 units; many texts of a few hundred are kept whatever it is. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number under which the text is kept. */
  add(text: string): number {
    const kept = cut(text, this.#longest);
    this.#size += sizeOf(kept);
    const number = this.#texts.push(kept) - 1;
    while (this.#size > this.#limit && this.#longest > SHORTEST) this.#shorten();
    return number;
  }

  get(number: number): PageText {
    return this.#texts[number]!;
  }

  /** How many texts were cut. */
  get cuts(): number {
    return this.#texts.filter((text) => typeof text !== 'string').length;
  }

  #shorten(): void {
    this.#longest = Math.floor(this.#longest / Math.SQRT2);
    this.#size = 0;
    for (const [n, text] of this.#texts.entries()) {
      const kept = cut(text, this.#longest);
      this.#texts[n] = kept;
      this.#size += sizeOf(kept);
    }
  }
}

function sizeOf(text: PageText): number {
  return typeof text === 'string' ? text.length : text[0].length + text[2].length;
}

/** An answer's end says more than its middle: a third of what is kept. */
function cut(text: PageText, longest: number): PageText {
  const size = sizeOf(text);
  if (size <= longest) return text;
  const [head, leftOut, tail] = typeof text === 'string' ? [text, 0, text] : text;
  const forTail = Math.floor(longest / 3);
  const kept: PageText = [
    whole(head.slice(0, longest - forTail)),
    leftOut,
    wholeEnd(tail.slice(Math.max(0, tail.length - forTail))),
  ];
  return [kept[0], leftOut + size - kept[0].length - kept[2].length, kept[2]];
}

/** Without half of a surrogate pair at its end. */
function whole(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}

function wholeEnd(text: string): string {
  return /^[\uDC00-\uDFFF]/.test(text) ? text.slice(1) : text;
}
