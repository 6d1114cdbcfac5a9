import { expect, it } from 'vitest';
import { samplePlan } from '../../test/support/sample-source.ts';
import { listCode } from './protocol.ts';

it('names the version, and the shipped class or the hash of the user’s code', () => {
  const code = 'c0de'.repeat(16);
  const shipped = { module: 'ais-bench', export: 'VLLMCustomAPIChat', name: 'VLLMCustomAPIChat' };
  const models = [
    samplePlan({ abbr: 'one', modelClass: shipped }),
    samplePlan({ abbr: 'two', modelClass: { module: './models/own.ts', export: 'Own', name: 'Own', code } }),
  ];
  const [ships, own] = listCode({ models, datasets: [] });
  expect(ships).toMatchObject({
    ...{ abbr: 'one', className: 'VLLMCustomAPIChat' },
    hash: expect.stringMatching(/^ais_bench \S+ VLLMCustomAPIChat$/),
  });
  expect(own!.hash).toMatch(/^ais_bench \S+ [0-9a-f]{64}$/);
});
