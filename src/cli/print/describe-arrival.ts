import { plural } from '../../basics/plural.ts';
import type { LoadSettings, ModelPlan } from '../../config/plan.ts';
import type { PacedArrival } from '../../load/arrival.ts';

/** When requests leave, in words that follow `8 in flight`: `, 20 requests/s (poisson, seed 0), for 30 s`. */
export function describeArrival({ arrival }: ModelPlan, load: LoadSettings, unit: string): string {
  const { durationMs, pressure, cycle, cases } = load;
  const what = pressure ? 'new clients' : unit;
  const parts = [
    arrival.kind === 'trace' ? 'at their timestamps' : '',
    arrival.kind === 'paced' ? describeRate(arrival, what, load.seed) : '',
    pressure ? 'pressure' : '',
    durationMs === undefined ? '' : `for ${durationMs / 1000} s`,
    cases === undefined ? '' : plural(cases, 'case'),
    cycle && !pressure ? 'over the data again and again' : '',
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => `, ${part}`)
    .join('');
}

function describeRate({ process, burstiness, rates }: PacedArrival, what: string, seed: number): string {
  const rate =
    rates.shape === 'fixed'
      ? `${rates.perSecond} ${what}/s`
      : rates.shape === 'steps'
        ? `${rates.steps.map(({ perSecond, seconds }) => `${perSecond} ${what}/s for ${seconds} s`).join(', then ')}`
        : `${rates.from} to ${rates.to} ${what}/s (${rates.shape} ramp)`;
  if (process === 'constant') return rate;
  const shape = burstiness === undefined ? '' : `, burstiness ${burstiness}`;
  return `${rate} (${process}${shape}, seed ${seed})`;
}
