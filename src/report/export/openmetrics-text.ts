/** Metric families as OpenMetrics text (version 1.0); Prometheus' older text format reads the same lines. */

export type Labels = Readonly<Record<string, string>>;

interface FamilySample {
  /** Behind the family's name: `_total`, `_sum`, `_count` or nothing. */
  readonly suffix: '' | '_total' | '_sum' | '_count';
  readonly labels: Labels;
  readonly value: number;
}

export interface MetricFamily {
  /** Ends with the unit where there is one; without `_total`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'summary';
  /** Base unit: seconds, tokens, … */
  readonly unit?: string;
  readonly help: string;
  readonly samples: readonly FamilySample[];
}

/** Families without a sample are left out. Ends with `# EOF`. */
export function openMetricsText(families: readonly MetricFamily[]): string {
  return `${families
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join('')}# EOF\n`;
}

function familyText({ name, type, unit, help, samples }: MetricFamily): string {
  const head = [
    `# HELP ${name} ${escaped(help)}`,
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
  ];
  const lines = samples.map(
    ({ suffix, labels, value }) => `${name}${suffix}${labelText(labels)} ${numberText(value)}`,
  );
  return `${[...head, ...lines].join('\n')}\n`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** The value of a `quantile` label, 0 to 1: whole numbers have a `.0`, as the format wants it. */
export function quantileLabel(quantile: number): string {
  return Number.isInteger(quantile) ? quantile.toFixed(1) : String(quantile);
}
