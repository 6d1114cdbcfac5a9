import { describe, expect, it } from 'vitest';
import { configDifferences } from './compare-runs.ts';

const plan = (model: object, beside: object = {}) => ({
  nonce: String(Math.random()),
  models: [{ abbr: 'm', class: 'C', origins: { a: 'x' }, ...model }],
  datasets: [{ abbr: 'd', config: { infer_cfg: { t: 'q' }, eval_cfg: { e: 1 } } }],
  ...beside,
});

describe('configDifferences', () => {
  it('shows what is part of the requests first', () => {
    const before = plan({ concurrency: 4, options: { model: 'a', generationKwargs: { temperature: 0 } } });
    const after = plan({ concurrency: 8, options: { model: 'b', generationKwargs: { temperature: 1 } } });
    expect(configDifferences(before, after)).toEqual([
      { key: 'models.0.options.model', before: 'a', after: 'b', inRequest: true },
      { key: 'models.0.options.generationKwargs.temperature', before: '0', after: '1', inRequest: true },
      { key: 'models.0.concurrency', before: '4', after: '8', inRequest: false },
    ]);
  });

  it('shows that the code of a class has changed', () => {
    expect(configDifferences(plan({ code: 'a1' }), plan({ code: 'b2' }))).toEqual([
      { key: 'models.0.code', before: 'a1', after: 'b2', inRequest: true },
    ]);
  });

  it('leaves out what no two runs share, and a server that is told twice', () => {
    const at = (url: string) =>
      plan({ origins: { url }, options: { url }, connection: { servers: [url] } }, { workDir: url });
    expect(configDifferences(at('a'), at('b')).map(({ key }) => key)).toEqual(['models.0.options.url']);
  });

  it('says what only one of them has, and finds models of several by name', () => {
    const several = (first: number, second: number) => ({
      models: [
        { abbr: 'x', attempts: first },
        { abbr: 'y', attempts: second },
      ],
    });
    expect(configDifferences(several(1, 2), several(1, 3))).toEqual([
      { key: 'models.y.attempts', before: '2', after: '3', inRequest: false },
    ]);
    expect(configDifferences({ a: { b: 1 } }, {})).toEqual([{ key: 'a.b', before: '1', inRequest: false }]);
    expect(configDifferences(undefined, null)).toEqual([]);
  });

  it('counts a template among what is sent', () => {
    const before = {
      datasets: [{ abbr: 'd', config: { infer_cfg: { template: 'a' }, eval_cfg: { x: 1 } } }],
    };
    const after = { datasets: [{ abbr: 'd', config: { infer_cfg: { template: 'b' }, eval_cfg: { x: 2 } } }] };
    expect(configDifferences(before, after).map(({ key, inRequest }) => [key, inRequest])).toEqual([
      ['datasets.0.config.infer_cfg.template', true],
      ['datasets.0.config.eval_cfg.x', false],
    ]);
  });
});
