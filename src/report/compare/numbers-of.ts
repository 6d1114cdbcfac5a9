/** The numbers of two measured runs side by side. */
import { type Finding, finding } from '../../contract/finding.ts';
import {
  type Estimate,
  meanEstimate,
  percentileEstimate,
  pooledEstimate,
  pooledMean,
  rateEstimate,
  shareEstimate,
} from '../../metrics/estimates.ts';
import type { SampledLatency } from '../../metrics/request-sample.ts';
import { CANCELLED, FAILED, RETRIED } from '../../metrics/request-table.ts';
import { phrase } from '../phrase.ts';
import type { Text } from '../words.ts';
import { differenceOf, type Scale } from './difference.ts';
import type { Measured, NumberChange } from './types.ts';

/** Percentiles that are always compared. */
export const USUAL_PERCENTILES: readonly number[] = [50, 90, 95, 99];

const LATENCIES = ['ttft', 'ttfat', 'tpot', 'itl', 'e2el'] as const;
type Latency = (typeof LATENCIES)[number];

interface NumberKind {
  readonly id: string;
  readonly label: Text;
  readonly unit: string;
  readonly moreIsBetter: boolean;
  readonly scale: Scale;
}

/** Every number that both runs have, latencies first; `percentiles` in ascending order. */
export function numbersOf(before: Measured, after: Measured, percentiles: readonly number[]): NumberChange[] {
  const found = changesOf(before, after, percentiles);
  const silent = [before, after].find(({ requests, failed }) => requests > 0 && failed === requests);
  if (silent === undefined) return found;
  const reason = nothingAnswered(silent === before ? 'first' : 'second', silent);
  return found.map((number) => (number.difference === undefined ? { ...number, reason } : number));
}

/** Why hardly anything is known: the verdict has the failures' own words. */
function nothingAnswered(run: 'first' | 'second', { requests, validity }: Measured): Finding {
  const [worst] = validity?.verdict === 'LOAD NOT DELIVERED' ? validity.findings : [];
  return finding('NOTHING-TO-COMPARE', { run, why: worst ?? finding('ALL-FAILED', { sent: requests }) });
}

function changesOf(before: Measured, after: Measured, percentiles: readonly number[]): NumberChange[] {
  return [
    ...LATENCIES.flatMap((name) => latencyChanges(name, before, after, percentiles)),
    rateChange('throughput', phrase('Request throughput'), 'req/s', before, after, () => () => 1),
    rateChange('output_throughput', phrase('Output throughput'), 'tok/s', before, after, tokensOf),
    ...goodputChanges(before, after),
    failedChange(before, after),
  ].filter((one) => one !== undefined);
}

function latencyChanges(
  name: Latency,
  before: Measured,
  after: Measured,
  percentiles: readonly number[],
): NumberChange[] {
  if (name === 'ttfat' && isFirstToken(before) && isFirstToken(after)) return [];
  const [one, other] = [latencyEstimates(name, before), latencyEstimates(name, after)];
  if (one === undefined && other === undefined) return [];
  return ['mean', ...percentiles.map((p) => `p${p}`)].map((stat) =>
    changeOf(
      {
        id: `${name}.${stat}`,
        label:
          stat === 'mean'
            ? phrase('{latency} mean', { latency: name.toUpperCase() })
            : `${name.toUpperCase()} ${stat.toUpperCase()}`,
        unit: 'ms',
        moreIsBetter: false,
        scale: 'ratio',
      },
      one?.(stat),
      other?.(stat),
    ),
  );
}

/** Nothing was reasoned: the first token of an answer is the first one. */
function isFirstToken({ sample: { table } }: Measured): boolean {
  for (let row = 0; row < table.length; row++) {
    if (!Object.is(table.get(row, 'ttft'), table.get(row, 'ttfat'))) return false;
  }
  return true;
}

/** Estimates by the name of a statistic; undefined where no request has a value. */
function latencyEstimates(name: Latency, run: Measured): ((stat: string) => Estimate) | undefined {
  if (name === 'itl') return gapEstimates(run);
  const timed = run.sample.latencies(name satisfies SampledLatency);
  if (timed.values.length === 0) return undefined;
  const sorted = timed.values.slice().sort();
  return (stat) =>
    stat === 'mean' ? meanEstimate(timed) : percentileEstimate(timed, sorted, Number(stat.slice(1)));
}

function gapEstimates({
  sample,
  gaps: { percentiles, counts },
}: Measured): ((stat: string) => Estimate) | undefined {
  const [first] = counts.shares;
  if (first === undefined || first.keys.length === 0 || sample.table.streams.mostly !== undefined)
    return undefined;
  return (stat) => {
    if (stat === 'mean') return pooledMean(first.keys, first.counts, counts.sums);
    const p = Number(stat.slice(1));
    return pooledEstimate(counts.shares[percentiles.indexOf(p)]!, sample.gaps, p);
  };
}

function rateChange(
  id: string,
  label: Text,
  unit: string,
  before: Measured,
  after: Measured,
  amountIn: (run: Measured) => ((row: number) => number) | undefined,
): NumberChange {
  const estimateOf = (run: Measured) => {
    const [amount, span] = [amountIn(run), run.sample.span()];
    return amount && span && rateEstimate(run.sample.ends(amount), span.from, span.to);
  };
  const kind = { id, label, unit, moreIsBetter: true, scale: 'ratio' as const };
  return changeOf(kind, estimateOf(before), estimateOf(after));
}

/** Undefined where an answer has no count: a sum without it would be another number. */
function tokensOf({ sample: { table } }: Measured): ((row: number) => number) | undefined {
  for (let row = 0; row < table.length; row++) {
    if (table.get(row, 'outcome') <= RETRIED && Number.isNaN(table.get(row, 'output'))) return undefined;
  }
  return (row) => table.get(row, 'output');
}

function goodputChanges(before: Measured, after: Measured): (NumberChange | undefined)[] {
  if (before.good === undefined && after.good === undefined) return [];
  const isGood = (run: Measured) => run.good && ((row: number) => (run.good![row] ? 1 : 0));
  const shareOf = (run: Measured) =>
    run.good &&
    shareEstimate(
      run.sample.shares(
        (row) => run.good![row]!,
        (row) => run.sample.table.get(row, 'outcome') !== CANCELLED,
      ),
    );
  return [
    rateChange('goodput', 'Goodput', 'req/s', before, after, isGood),
    changeOf(
      { id: 'goodput_share', label: phrase('Good requests'), unit: '%', moreIsBetter: true, scale: 'points' },
      shareOf(before),
      shareOf(after),
    ),
  ];
}

function failedChange(before: Measured, after: Measured): NumberChange {
  const shareOf = ({ sample }: Measured) => {
    const outcome = (row: number) => sample.table.get(row, 'outcome');
    return shareEstimate(
      sample.shares(
        (row) => outcome(row) === FAILED,
        (row) => outcome(row) !== CANCELLED,
      ),
    );
  };
  return changeOf(
    { id: 'failed', label: phrase('Failed requests'), unit: '%', moreIsBetter: false, scale: 'points' },
    shareOf(before),
    shareOf(after),
  );
}

function changeOf(
  { scale, ...kind }: NumberKind,
  before: Estimate | undefined,
  after: Estimate | undefined,
): NumberChange {
  if (before === undefined || after === undefined) {
    const run = before === undefined ? (after === undefined ? 'either' : 'first') : 'second';
    return { ...kind, reason: finding('NUMBER-UNKNOWN', { run }) };
  }
  const difference = differenceOf(before, after, scale);
  return difference === undefined ? { ...kind, reason: finding('NUMBER-ZERO', {}) } : { ...kind, difference };
}
