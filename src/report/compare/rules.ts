/** `--fail-if`: what change of a number between two runs is too much, and which findings a run may not have. */
import { nearest } from '../../basics/nearest.ts';
import { FINDINGS, type Finding, type FindingCode, finding, isFindingCode } from '../../contract/finding.ts';

/** Latencies have a statistic behind a point; the unit in which a change of the number may be given, beside `%`. */
const METRICS = {
  ttft: 'ms',
  ttfat: 'ms',
  tpot: 'ms',
  itl: 'ms',
  e2el: 'ms',
  throughput: 'req/s',
  output_throughput: 'tok/s',
  goodput: 'req/s',
  goodput_share: 'points',
  failed: 'points',
  accuracy: 'points',
} as const satisfies Record<string, Unit>;
type Unit = 'ms' | 'req/s' | 'tok/s' | 'points';
type Metric = keyof typeof METRICS;

/** A change of a number that is too much. */
export interface NumberRule {
  /** As it was given. */
  readonly text: string;
  readonly metric: Metric;
  /** `mean` or `p99`, of a latency. */
  readonly stat?: string;
  readonly op: '>' | '<';
  /** Not negative with `>`, not positive with `<`: no change at all breaks no rule. */
  readonly amount: number;
  /** `%`: of the first run's number; else in its own unit. */
  readonly unit: '%' | Unit;
}

/** A finding that no run may have. */
export interface FindingRule {
  /** As it was given. */
  readonly text: string;
  readonly code: FindingCode;
}

/** `unknown`: too few requests to tell. */
export type RuleOutcome = 'broken' | 'kept' | 'unknown';

export type Rule = NumberRule | FindingRule;

/** Whether a rule is about a finding. */
export function isFindingRule(rule: Rule): rule is FindingRule {
  return 'code' in rule;
}

/** Holds the findings of a run against a rule: broken where one of them has its code. */
export function judgeFindings(
  { code }: FindingRule,
  findings: readonly Finding[],
): { readonly outcome: RuleOutcome; readonly why: Finding } {
  const found = findings.filter((one) => one.code === code);
  return found.length === 0
    ? { outcome: 'kept', why: finding('GATE-NO-FINDING', {}) }
    : { outcome: 'broken', why: finding('GATE-FINDING', { found }) };
}

/** Names the number of a comparison that a rule looks at: `ttft.p99`, `accuracy`. */
export function numberOf({ metric, stat }: Pick<NumberRule, 'metric' | 'stat'>): string {
  return stat === undefined ? metric : `${metric}.${stat}`;
}

const FORM = /^\s*([a-z0-9_]+)(?:\.([a-z0-9.]+))?\s*(<=?|>=?)\s*([+-]?\d+(?:\.\d+)?)\s*(\S.*?)?\s*$/i;

/** Words for units, as people write them; a second is so many milliseconds. */
const UNITS: Readonly<Record<string, readonly [unit: Unit, times: number]>> = {
  ms: ['ms', 1],
  s: ['ms', 1000],
  'req/s': ['req/s', 1],
  'tok/s': ['tok/s', 1],
  'token/s': ['tok/s', 1],
  points: ['points', 1],
  point: ['points', 1],
  pp: ['points', 1],
};

/**
 * Reads `ttft.p99 > +5%`, `accuracy < -1`, `e2el.mean > 200 ms`: metric[.statistic], `>` or `<`, a change, and its unit; or
 * `finding:CODE`. Throws an Error that says what is wrong.
 */
export function parseRule(text: string): Rule {
  return parseFindingRule(text) ?? parseNumberRule(text);
}

/** Reads `finding:CODE`; undefined of any other rule. Throws an Error where there is no such code. */
export function parseFindingRule(text: string): FindingRule | undefined {
  const [, given] = /^\s*finding:\s*(\S+)\s*$/i.exec(text) ?? [];
  if (given === undefined) return undefined;
  const code = given.toUpperCase();
  if (isFindingCode(code)) return { text: text.trim(), code };
  const close = nearest(code, Object.keys(FINDINGS));
  const hint = close === undefined ? 'docs/findings.md lists them' : `did you mean ${close}?`;
  throw new Error(`there is no finding ${JSON.stringify(given)}: ${hint}`);
}

function parseNumberRule(text: string): NumberRule {
  const [, name, statistic, sign, number, unitText] = FORM.exec(text) ?? [];
  if (name === undefined) throw new Error("it does not read like 'ttft.p99 > +5%' or 'accuracy < -1'");
  const metric = metricOf(name);
  const stat = statOf(metric, statistic);
  const op = sign!.startsWith('>') ? '>' : '<';
  const [unit, times] = unitOf(metric, unitText);
  const amount = Number(number) * times;
  if (op === '>' ? amount < 0 : amount > 0)
    throw new Error(
      `no change at all would break it: write ${op} ${op === '>' ? '+' : '-'}${Math.abs(Number(number))}`,
    );
  return { text: text.trim(), metric, ...(stat === undefined ? {} : { stat }), op, amount, unit };
}

function metricOf(name: string): Metric {
  const metric = Object.keys(METRICS).find((known) => known === name.toLowerCase());
  if (metric !== undefined) return metric as Metric;
  throw new Error(
    `there is no number ${JSON.stringify(name)}: it is one of ${Object.keys(METRICS).join(', ')}`,
  );
}

function statOf(metric: Metric, given: string | undefined): string | undefined {
  const text = given?.toLowerCase();
  if (METRICS[metric] !== 'ms') {
    if (text === undefined) return undefined;
    throw new Error(`${metric} is one number a run: leave out .${text}`);
  }
  if (text === undefined || text === 'mean' || text === 'avg' || text === 'average') return 'mean';
  const percentile = text === 'median' ? 50 : Number(/^p(\d+(?:\.\d+)?)$/.exec(text)?.[1]);
  if (percentile > 0 && percentile < 100) return `p${percentile}`;
  throw new Error(
    `there is no statistic ${JSON.stringify(given)}: write mean, median or a percentile such as p99`,
  );
}

function unitOf(
  metric: Metric,
  given: string | undefined,
): readonly [unit: NumberRule['unit'], times: number] {
  const own = METRICS[metric];
  if (given === undefined) return [own, 1];
  if (given === '%') {
    if (own !== 'points') return ['%', 1];
    throw new Error(`${metric} is itself in percent: give the change in points, without a unit`);
  }
  const [unit, times] = UNITS[given.toLowerCase()] ?? [];
  if (unit === own) return [unit, times!];
  throw new Error(
    `a change of ${metric} is given in ${own === 'points' ? 'points' : `% or ${own}`}, not in ${given}`,
  );
}
