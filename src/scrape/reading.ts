/** One look at a server's numbers, in words that all backends share. */
import {
  BACKENDS,
  type Backend,
  type BackendName,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type Source,
} from './backends.ts';
import { parsePrometheus, type Sample } from './prometheus.ts';

/** Counts at or below each bound, summed up as Prometheus has them. */
export interface HistogramReading {
  /** Ascending and finite. Times in ms. */
  readonly bounds: readonly number[];
  /** One more than the bounds: the last counts everything. */
  readonly counts: readonly number[];
  readonly sum: number;
}

export interface Reading {
  readonly backend: BackendName;
  /** Shares 0…1, the others counts. */
  readonly gauges: Partial<Record<GaugeName, number>>;
  /** Since the server started; times in ms. */
  readonly counters: Partial<Record<CounterName, number>>;
  /** Accepted draft tokens by their place in the draft, from 0. */
  readonly acceptedByPosition?: readonly number[];
  readonly histograms: Partial<Record<HistogramName, HistogramReading>>;
}

const HISTOGRAM_PARTS = ['_bucket', '_sum', '_count'];

/** Everything that a backend may say: the names that a scrape looks at. */
const WANTED = new Set(BACKENDS.flatMap(namesOf));

function namesOf({ gauges, counters, histograms, acceptedByPosition }: Backend): string[] {
  const plain = [...Object.values(gauges), ...Object.values(counters)].flatMap(({ names }) => names);
  const parts = Object.values(histograms).flatMap(({ names }) =>
    names.flatMap((name) => HISTOGRAM_PARTS.map((part) => name + part)),
  );
  return [...plain, ...parts, ...(acceptedByPosition === undefined ? [] : [acceptedByPosition])];
}

/** Reads the pages of one or several servers as one. Undefined where they are of no backend that we know. */
export function readMetrics(pages: readonly string[]): Reading | undefined {
  const samples = pages.flatMap((page) => parsePrometheus(page, (name) => WANTED.has(name)));
  const backend = BACKENDS.find(({ mark }) => samples.some(({ name }) => mark.test(name)));
  if (backend === undefined) return undefined;
  const byName = new Map<string, Sample[]>();
  for (const sample of samples) byName.set(sample.name, [...(byName.get(sample.name) ?? []), sample]);
  const positions = acceptedByPosition(backend, byName);
  return {
    backend: backend.name,
    gauges: mapped(backend.gauges, (source) => numberOf(source, byName)),
    counters: mapped(backend.counters, (source) => numberOf(source, byName)),
    ...(positions === undefined ? {} : { acceptedByPosition: positions }),
    histograms: mapped(backend.histograms, (source) => histogramOf(source, byName)),
  };
}

type ByName = ReadonlyMap<string, readonly Sample[]>;

function mapped<Key extends string, Value>(
  sources: Partial<Record<Key, Source>>,
  read: (source: Source) => Value | undefined,
): Partial<Record<Key, Value>> {
  const entries = Object.entries<Source | undefined>(sources).map(([key, source]) => [
    key,
    source && read(source),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<
    Record<Key, Value>
  >;
}

function samplesOf({ names, label }: Source, byName: ByName, part = ''): readonly Sample[] {
  const name = names.find((one) => byName.has(one + part));
  const found = name === undefined ? [] : byName.get(name + part)!;
  return label === undefined ? found : found.filter(({ labels }) => labels[label[0]] === label[1]);
}

function numberOf(source: Source, byName: ByName): number | undefined {
  const values = samplesOf(source, byName).map(({ value }) => value);
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) return undefined;
  const sum = values.reduce((total, value) => total + value, 0) * (source.scale ?? 1);
  return source.combine === 'mean' ? sum / values.length : sum;
}

function histogramOf(source: Source, byName: ByName): HistogramReading | undefined {
  const scale = source.scale ?? 1;
  const counts = new Map<number, number>();
  for (const { labels, value } of samplesOf(source, byName, '_bucket')) {
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']) * scale;
    if (!Number.isNaN(bound)) counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  if (!counts.has(Infinity)) return undefined;
  const sum = samplesOf(source, byName, '_sum').reduce((total, { value }) => total + value, 0) * scale;
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const bounds = sorted.slice(0, -1).map(([bound]) => bound);
  return { bounds, counts: sorted.map(([, count]) => count), sum };
}

function acceptedByPosition({ acceptedByPosition: name }: Backend, byName: ByName): number[] | undefined {
  const samples = name === undefined ? undefined : byName.get(name);
  if (samples === undefined) return undefined;
  const counts: number[] = [];
  for (const { labels, value } of samples) {
    const position = Number(labels['position']);
    if (Number.isInteger(position) && position >= 0 && position < 1024)
      counts[position] = (counts[position] ?? 0) + value;
  }
  return Array.from(counts, (count) => count ?? 0);
}
