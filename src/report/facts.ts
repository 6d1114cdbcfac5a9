import { plural } from '../basics/plural.ts';
import type { PeakMemory } from '../contract/base-model.ts';
import { findingText } from '../contract/finding.ts';
import type { CachedTokens } from '../metrics/cached-tokens.ts';
import type { CensoredLatency } from '../metrics/censored.ts';
import type { Goodput } from '../metrics/goodput.ts';
import type { Load } from '../metrics/load.ts';
import type { ReasoningTokens } from '../metrics/reasoning-tokens.ts';
import type { Stats } from '../metrics/stats.ts';
import type { SteadyState } from '../metrics/steady.ts';
import type { Summary } from '../metrics/types.ts';
import { compactNumber } from './numbers.ts';
import { NO_VALUE } from './table.ts';

/** Lines below the common table: the steady window, goodput, where tokens were counted, how the load went, what failed. */
export function commonFacts(summary: Summary): string[] {
  const { tokens, lengths, load, retried, steady, goodput, censored, batches } = summary;
  const lines = [...steadyLine(steady), ...(goodput === undefined ? [] : [goodputLine(goodput)])];
  lines.push(`Token counts: input ${tokens.input.label}; output ${tokens.output.label}`);
  if (tokens.cached !== undefined) lines.push(cachedLine(tokens.cached));
  if (tokens.reasoning !== undefined) lines.push(reasoningLine(tokens.reasoning));
  if (lengths !== undefined && lengths.wanted > 0)
    lines.push(`Answers of the exact length that was asked: ${lengths.exact} of ${lengths.wanted}`);
  if (load.loop === 'open') lines.push(loadLine(load));
  if (batches !== undefined) {
    const { count, meanSize, latency } = batches;
    lines.push(
      `Batches: ${count} of ${compactNumber(meanSize)} prompts on average; latency ${spread(latency)}`,
    );
  }
  if (censored.failed > 0) lines.push(censoredLine(censored));
  if (retried.count > 0) {
    const parts = [`E2EL ${spread(retried.e2el)}`, `TTFT ${spread(retried.ttft)}`];
    lines.push(`Retried requests, from their first attempt: ${retried.count}; ${parts.join('; ')}`);
  }
  return lines;
}

function cachedLine({ tokens, share, answers }: CachedTokens): string {
  const percent = (100 * share).toFixed(1);
  return `Prefix cache of the service: ${tokens} input tokens (${percent} %) in ${answers} answers`;
}

function reasoningLine({ tokens, output, answers, told }: ReasoningTokens): string {
  const by = told === answers ? 'the server' : told === 0 ? 'their events' : `the server in ${told} of them`;
  const percent = ((100 * tokens) / output).toFixed(1);
  return `Reasoning: ${tokens} of the ${output} output tokens (${percent} %) of ${answers} answers, by ${by}`;
}

export function memoryLine({ rssBytes, deviceBytes }: PeakMemory = {}): string[] {
  const parts = [
    ...(rssBytes === undefined ? [] : [`${gibibytes(rssBytes)} GiB resident`]),
    ...(deviceBytes === undefined ? [] : [`${gibibytes(deviceBytes)} GiB on its devices`]),
  ];
  return parts.length === 0 ? [] : [`Memory of the model at its peak: ${parts.join(', ')}`];
}

function gibibytes(bytes: number): string {
  return compactNumber(bytes / 2 ** 30);
}

function steadyLine({ steady, window }: SteadyState): string[] {
  if (!steady || window === undefined) return [];
  const { from, to, requests, ttft, e2el } = window;
  const range = [from, to].map((time) => (time / 1000).toFixed(1)).join('..');
  const times = [
    ['TTFT', ttft],
    ['E2EL', e2el],
  ] as const;
  const shown = times
    .filter(([, stats]) => stats !== undefined)
    .map(
      ([name, stats]) => `${name} P50 ${compactNumber(stats!.median)}, P99 ${compactNumber(stats!.p99)} ms`,
    );
  const counted = `${plural(requests, 'request')} due inside, throughputs of what ended inside`;
  return [`Steady: ${range} s of the run, ${[counted, ...shown].join('; ')}`];
}

function goodputLine({ slos, good, of, share, interval, reason }: Goodput): string {
  const limits = Object.entries(slos).map(([name, limit]) => `${name} ≤ ${limit} ms`);
  const asked = `${limits.join(', ')} from the schedule`;
  if (share === undefined) return `Goodput (${asked}): ${findingText(reason!)}`;
  const percent = (value = Number.NaN) => Number((100 * value).toFixed(1));
  const range = `95 %: ${percent(interval?.low)}..${percent(interval?.high)}`;
  return `Goodput (${asked}): ${good} of ${plural(of, 'request')}, ${percent(share)} % (${range})`;
}

function loadLine({ askedRate, scheduledRate, achievedRate, lag, late }: Load): string {
  const rate = (value: number | undefined) => (value === undefined ? NO_VALUE : compactNumber(value));
  const rates = `asked ${rate(askedRate)}, scheduled ${rate(scheduledRate)}, achieved ${rate(achievedRate)} req/s`;
  if (lag === undefined) return `Load: ${rates}`;
  const { mean, p50, p99, max } = lag;
  const figures = [mean, p50, p99, max].map(compactNumber);
  return `Load: ${rates}; lag mean ${figures[0]}, P50 ${figures[1]}, P99 ${figures[2]}, max ${figures[3]} ms; ${late} late`;
}

function censoredLine({ n, failed, median, p90, p99 }: CensoredLatency): string {
  const value = (at: number | undefined) => (at === undefined ? 'failed' : `${compactNumber(at)} ms`);
  return `With failures in, E2EL from the schedule: P50 ${value(median)}, P90 ${value(p90)}, P99 ${value(p99)} (${failed} of ${n} failed)`;
}

function spread(stats: Stats | undefined): string {
  if (stats === undefined) return NO_VALUE;
  return `median ${compactNumber(stats.median)}, max ${compactNumber(stats.max)} ms`;
}
