import type { PageSample, PageText } from '../../../src/report/page/samples.ts';

/** Parts of a text, one of which may be what was taken for the answer. */
export interface TextPart {
  readonly text: string;
  /** The extracted span. */
  readonly marked?: boolean;
  /** So many characters were left out here. */
  readonly leftOut?: number;
}

/** A kept text in parts, `span` (in the whole text) marked. Of a span that was left out with the middle, nothing is marked. */
export function partsOf(text: PageText, span?: readonly [number, number]): TextPart[] {
  if (typeof text === 'string') return marked(text, 0, span);
  const [head, leftOut, tail] = text;
  return [...marked(head, 0, span), { text: '', leftOut }, ...marked(tail, head.length + leftOut, span)];
}

/** `offset`: where the text begins in the whole one. */
function marked(text: string, offset: number, span: readonly [number, number] | undefined): TextPart[] {
  const from = Math.max(0, (span?.[0] ?? 0) - offset);
  const to = Math.min(text.length, (span?.[1] ?? 0) - offset);
  if (span === undefined || to <= from) return text === '' ? [] : [{ text }];
  const parts = [
    { text: text.slice(0, from) },
    { text: text.slice(from, to), marked: true },
    { text: text.slice(to) },
  ];
  return parts.filter((part) => part.text !== '');
}

function plain(text: PageText | undefined): string {
  if (text === undefined) return '';
  return typeof text === 'string' ? text : `${text[0]}\n${text[2]}`;
}

/** Every text of a sample in lower case, once: what a search looks through. */
function searchable({
  prompt,
  content,
  reasoning,
  answer,
  reference,
  explanation,
  failure,
  index,
}: PageSample): string {
  const texts = [
    `#${index}`,
    ...prompt.map(({ text }) => plain(text)),
    plain(reasoning),
    plain(content),
    answer ?? '',
    reference,
    explanation ?? '',
    failure ?? '',
  ];
  return texts.join('\n').toLowerCase();
}

const texts = new WeakMap<PageSample, string>();

/** The samples with one of these verdicts (all of them for an empty set) that hold every word of `query`. */
export function findSamples(
  samples: readonly PageSample[],
  verdicts: ReadonlySet<string>,
  query: string,
): readonly PageSample[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (verdicts.size === 0 && words.length === 0) return samples;
  return samples.filter((sample) => {
    if (verdicts.size > 0 && !verdicts.has(sample.verdict)) return false;
    if (words.length === 0) return true;
    const text = texts.get(sample) ?? searchable(sample);
    texts.set(sample, text);
    return words.every((word) => text.includes(word));
  });
}
