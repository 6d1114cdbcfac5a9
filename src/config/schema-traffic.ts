/** `traffic_cfg` of a service model: AISBench's four keys (§2.1, §5.3), and ours. */
import { z } from 'zod';
import { ARRIVALS } from '../load/arrival.ts';

const rateOrNothing = z.union([z.number().min(0), z.literal('')]).nullish();

export const trafficSchema = z.strictObject({
  burstiness: rateOrNothing.describe(
    'Shape of the gamma distribution of gaps: 0 or nothing even, 1 Poisson, below 1 burstier, above 1 smoother.',
  ),
  ramp_up_strategy: z
    .enum(['linear', 'exponential', ''])
    .nullish()
    .describe('How the rate goes from ramp_up_start_rps to ramp_up_end_rps over the requests.'),
  ramp_up_start_rps: rateOrNothing.describe('Rate of the first request, requests per second.'),
  ramp_up_end_rps: rateOrNothing.describe('Rate of the last request, requests per second.'),
  arrival: z
    .enum(ARRIVALS)
    .optional()
    .describe('Name of the schedule; without it what request_rate, burstiness and use_timestamp say (ours).'),
  steps: z
    .string()
    .min(1)
    .optional()
    .describe('Rates one after the other instead of request_rate, e.g. 10@30s,20@30s (ours).'),
  absolute_timestamps: z
    .boolean()
    .default(false)
    .describe('Whether timestamps count from the start of the load and not from the first of them (ours).'),
});

export type TrafficConfig = z.output<typeof trafficSchema>;
