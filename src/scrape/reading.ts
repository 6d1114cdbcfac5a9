/** One reading of a server's metrics, in words that all backends share. */
import { defined } from '../basics/defined.ts';
import {
  BACKENDS,
  type Backend,
  type BackendName,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type MetricSource,
} from './backends.ts';

/** Counts at or below each bound, summed up as Prometheus has them. */
export interface HistogramReading {
  /** Ascending and finite. Times in ms. */
  readonly bounds: readonly number[];
  /** One more than the bounds: the last counts everything. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** All numbers of one scrape. */
export interface MetricsReading {
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
const WANTED = new Set(BACKENDS.flatMap(listNames));

function listNames({ gauges, counters, histograms, acceptedByPosition }: Backend): string[] {
  const plain = [...Object.values(gauges), ...Object.values(counters)].flatMap(({ names }) => names);
  const parts = Object.values(histograms).flatMap(({ names }) =>
    names.flatMap((name) => HISTOGRAM_PARTS.map((part) => name + part)),
  );
  return [...plain, ...parts, ...(acceptedByPosition === undefined ? [] : [acceptedByPosition])];
}

/** Reads the pages of one or several servers as one. Undefined where they are of no backend that we know. */
export function readMetrics(pages: readonly string[]): MetricsReading | undefined {
  const samples = pages.flatMap((page) => parsePrometheus(page, (name) => WANTED.has(name)));
  const backend = BACKENDS.find(({ mark }) => samples.some(({ name }) => mark.test(name)));
  if (backend === undefined) return undefined;
  const byName = new Map<string, MetricSample[]>();
  for (const sample of samples) byName.set(sample.name, [...(byName.get(sample.name) ?? []), sample]);
  return defined({
    backend: backend.name,
    gauges: mapSources(backend.gauges, (source) => readNumber(source, byName)),
    counters: mapSources(backend.counters, (source) => readNumber(source, byName)),
    acceptedByPosition: acceptedByPosition(backend, byName),
    histograms: mapSources(backend.histograms, (source) => readHistogram(source, byName)),
  });
}

type ByName = ReadonlyMap<string, readonly MetricSample[]>;

function mapSources<Key extends string, Value>(
  sources: Partial<Record<Key, MetricSource>>,
  read: (source: MetricSource) => Value | undefined,
): Partial<Record<Key, Value>> {
  const entries = Object.entries<MetricSource | undefined>(sources).map(([key, source]) => [
    key,
    source && read(source),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<
    Record<Key, Value>
  >;
}

function findSamples({ names, label }: MetricSource, byName: ByName, part = ''): readonly MetricSample[] {
  const name = names.find((one) => byName.has(one + part));
  const found = name === undefined ? [] : byName.get(name + part)!;
  return label === undefined ? found : found.filter(({ labels }) => labels[label[0]] === label[1]);
}

function readNumber(source: MetricSource, byName: ByName): number | undefined {
  const values = findSamples(source, byName).map(({ value }) => value);
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) return undefined;
  const sum = values.reduce((total, value) => total + value, 0) * (source.scale ?? 1);
  return source.combine === 'mean' ? sum / values.length : sum;
}

function readHistogram(source: MetricSource, byName: ByName): HistogramReading | undefined {
  const scale = source.scale ?? 1;
  const counts = new Map<number, number>();
  for (const { labels, value } of findSamples(source, byName, '_bucket')) {
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']) * scale;
    if (!Number.isNaN(bound)) counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  if (!counts.has(Infinity)) return undefined;
  const sum = findSamples(source, byName, '_sum').reduce((total, { value }) => total + value, 0) * scale;
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

/** One line of a metrics page. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\[\s\S])*)"\s*(,|(?=\}))/y;

/**
 * Parses the samples whose name is wanted, in order, from Prometheus' text format. Skips lines that are not samples.
 * Skips other names at once, so that a page of a thousand lines costs little.
 */
export function parsePrometheus(text: string, isWanted: (name: string) => boolean): MetricSample[] {
  const samples: MetricSample[] = [];
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end === -1) end = text.length;
    NAME.lastIndex = start;
    const name = text[start] === '#' ? undefined : NAME.exec(text)?.[0];
    if (name !== undefined && isWanted(name)) {
      const sample = readSample(text.slice(start, end), name);
      if (sample !== undefined) samples.push(sample);
    }
    start = end + 1;
  }
  return samples;
}

function readSample(line: string, name: string): MetricSample | undefined {
  const labels: Record<string, string> = {};
  let at = name.length;
  if (line[at] === '{') {
    at += 1;
    while (line[at] !== '}') {
      LABEL.lastIndex = at;
      const match = LABEL.exec(line);
      if (match === null) return undefined;
      labels[match[1]!] = unescapeLabel(match[2]!);
      at = LABEL.lastIndex;
    }
    at += 1;
  }
  // A time stamp may follow the value.
  const [text] = line.slice(at).trim().split(/\s+/);
  const value = parseNumber(text ?? '');
  return value === undefined || !/^\s/.test(line.slice(at)) ? undefined : { name, labels, value };
}

function parseNumber(text: string): number | undefined {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function unescapeLabel(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}
