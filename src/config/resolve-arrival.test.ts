import { describe, expect, it } from 'vitest';
import { scopedText } from '../contract/finding.ts';
import { arrivalFindings, parseSteps, resolveArrival } from './resolve-load.ts';
import { serviceModelSchema } from './schema.ts';

const entry = { values: {}, label: 'models.0', overridden: {}, where: (keys: any) => keys.join('.') };
const arrivalOf = (fields: object) => {
  const config = serviceModelSchema.parse({ attr: 'service', type: 'A', abbr: 'a', ...fields });
  return resolveArrival(config, entry);
};
const fixed = (perSecond: number) => ({ shape: 'fixed', perSecond });
const paced = (process: string, rates: object, burstiness?: number) => ({
  kind: 'paced',
  process,
  rates,
  ...(burstiness === undefined ? {} : { burstiness }),
});
const ramp = (shape: string, from?: number, to?: number) => ({
  ramp_up_strategy: shape,
  ramp_up_start_rps: from,
  ramp_up_end_rps: to,
});
const traffic = (own: object, request_rate = 0) => ({ request_rate, traffic_cfg: own });
const STEPS = { shape: 'steps', steps: [{ perSecond: 1, seconds: 2 }] };

describe('how requests arrive, by AISBench’s fields', () => {
  it.each([
    [{}, { kind: 'closed' }],
    [{ request_rate: 0.0009 }, { kind: 'closed' }],
    [{ request_rate: 0.001 }, paced('constant', fixed(0.001))],
    [{ request_rate: 0.09 }, paced('constant', fixed(0.09))],
    [{ request_rate: 0.1 }, paced('constant', fixed(0.1))],
    [
      { use_timestamp: true, request_rate: 9 },
      { kind: 'trace', absolute: false },
    ],
    [traffic({ burstiness: 1 }), { kind: 'closed' }],
    [traffic({ burstiness: 0 }, 5), paced('constant', fixed(5))],
    [traffic({ burstiness: null }, 5), paced('constant', fixed(5))],
    [traffic({ burstiness: '' }, 5), paced('constant', fixed(5))],
    [traffic({ burstiness: 1 }, 5), paced('poisson', fixed(5))],
    [traffic({ burstiness: 0.5 }, 5), paced('gamma', fixed(5), 0.5)],
    [traffic(ramp('linear', 2, 8), 5), paced('constant', { shape: 'linear', from: 2, to: 8 })],
    [traffic(ramp('exponential', 2, 8)), paced('constant', { shape: 'exponential', from: 2, to: 8 })],
    [
      traffic({ ...ramp('linear', 2, 8), burstiness: 3 }, 5),
      paced('gamma', { shape: 'linear', from: 2, to: 8 }, 3),
    ],
    [traffic(ramp('linear', 8, 2), 5), paced('constant', fixed(5))],
    [traffic(ramp('', 8, 2), 5), paced('constant', fixed(5))],
  ])('%j', (fields, arrival) => {
    expect(arrivalOf(fields)).toEqual(arrival);
  });
});

describe('how requests arrive, by name', () => {
  it.each([
    [traffic({ arrival: 'closed', burstiness: 1 }, 5), { kind: 'closed' }],
    [traffic({ arrival: 'constant', burstiness: 2 }, 5), paced('constant', fixed(5))],
    [traffic({ arrival: 'poisson', burstiness: 2 }, 5), paced('poisson', fixed(5))],
    [traffic({ arrival: 'poisson-exact' }, 5), paced('poisson-exact', fixed(5))],
    [traffic({ arrival: 'gamma', burstiness: 1 }, 5), paced('gamma', fixed(5), 1)],
    [traffic({ arrival: 'trace' }), { kind: 'trace', absolute: false }],
    [traffic({ arrival: 'trace', absolute_timestamps: true }), { kind: 'trace', absolute: true }],
    [{ use_timestamp: true, ...traffic({ arrival: 'poisson' }, 5) }, paced('poisson', fixed(5))],
    [
      { use_timestamp: true, ...traffic({ arrival: 'aisbench' }, 5) },
      { kind: 'trace', absolute: true },
    ],
    [traffic({ arrival: 'aisbench' }, 0.01), paced('aisbench', fixed(0.01))],
    [traffic({ arrival: 'aisbench', burstiness: 0 }, 5), paced('aisbench', fixed(5), 0)],
    [traffic({ arrival: 'aisbench', ...ramp('linear', 2, 8) }), { kind: 'closed' }],
    [traffic({ steps: '1@2s' }, 5), paced('constant', STEPS)],
    [traffic({ steps: '1@2s', arrival: 'poisson' }), paced('poisson', STEPS)],
  ])('%j', (fields, arrival) => {
    expect(arrivalOf(fields)).toEqual(arrival);
  });

  it.each([
    [traffic({ arrival: 'poisson' }), 'traffic_cfg.arrival: poisson needs a rate'],
    [traffic({ arrival: 'gamma' }, 5), 'traffic_cfg.arrival: gamma needs a burstiness above 0'],
    [traffic({ arrival: 'poisson-exact', steps: '1@2s' }), 'poisson-exact has one rate'],
    [traffic({ arrival: 'aisbench', steps: '1@2s' }), 'AISBench has no steps'],
    [traffic(ramp('linear', 2), 5), 'traffic_cfg.ramp_up_end_rps: a ramp needs both of its rates'],
    [traffic(ramp('linear', 0, 0), 5), 'traffic_cfg.ramp_up_end_rps: a ramp to 0 never ends'],
    [traffic({ steps: '1@' }), 'traffic_cfg.steps: "1@" is no step'],
  ])('%j is refused', (fields, message) => {
    expect(() => arrivalOf(fields)).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', message: expect.stringContaining(message) }),
    );
  });
});

describe('steps', () => {
  it('are rates with times', () => {
    expect(parseSteps('10@30s, 0@500ms,2.5@2m,1@1h,7@4')).toEqual([
      { perSecond: 10, seconds: 30 },
      { perSecond: 0, seconds: 0.5 },
      { perSecond: 2.5, seconds: 120 },
      { perSecond: 1, seconds: 3600 },
      { perSecond: 7, seconds: 4 },
    ]);
  });

  it.each(['', '10', '10@0s', '-1@3s', '10@3x', '10@3s,', '0@9s'])('"%s" are none', (text) => {
    expect(() => parseSteps(text)).toThrow();
  });
});

it.each(['constant', 'poisson'])('any rate is one where the arrival is named: %s', (arrival) => {
  expect(arrivalOf(traffic({ arrival }, 0.0001))).toEqual(paced(arrival, fixed(0.0001)));
  expect(() => arrivalOf(traffic({ arrival }, 0))).toThrow('needs a rate');
});

describe('findings', () => {
  it.each([
    [
      { request_rate: 0.0005 },
      [
        'request_rate 0.0005 is below 0.001, so requests are not paced, as in AISBench; with --arrival constant or poisson they are',
      ],
    ],
    [
      { request_rate: 0.03 },
      [
        "request_rate 0.03: one request every 33.3 s, as AISBench's code has it; its guide says that a rate below 0.1 sends all at once",
      ],
    ],
    [{ request_rate: 0.1 }, []],
    [traffic({ arrival: 'constant' }, 0.05), []],
    [traffic({ steps: '1@2s' }, 0.05), []],
    [traffic({ arrival: 'aisbench' }, 0.05), []],
    [traffic(ramp('linear', 8, 2), 5), ['the ramp from 8 to 2 falls, so there is none']],
    [traffic(ramp('linear', 2, 8), 5), []],
  ])('on %j: %j', (values, notes) => {
    expect(arrivalFindings(values).map((one) => scopedText(one))).toEqual(notes);
  });

  it.each([
    [{ burstiness: 2 }, 0, ['burstiness 2 has no effect: there is no rate']],
    [{ burstiness: 0 }, 0, []],
    [{ burstiness: 1 }, 0, []],
    [{ burstiness: 2 }, 5, []],
    [{ burstiness: 2, steps: '1@1s' }, 0, []],
    [{ burstiness: 2, arrival: 'poisson' }, 5, ['burstiness 2 has no effect on poisson arrivals']],
    [{ burstiness: 2, arrival: 'gamma' }, 5, []],
  ])('%j at %i requests/s', (own, rate, notes) => {
    expect(arrivalFindings(traffic(own, rate)).map((one) => scopedText(one))).toEqual(notes);
  });
});
