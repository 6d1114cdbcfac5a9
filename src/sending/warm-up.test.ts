import { describe, expect, it } from 'vitest';
import { sampleConnection, sampleOptions, samplePlan } from '../../test/support/sample-source.ts';
import type { Failure } from '../contract/record.ts';
import { NO_WARMUP, requireAnswer } from './warm-up.ts';

describe('requireAnswer', () => {
  const failed = (failure: Partial<Failure>, server?: string) => ({
    failure: { kind: 'http-status', message: 'so it is', ...failure } as Failure,
    ...(server === undefined ? {} : { server }),
  });

  it('is content with one answer, and with no warm-up', () => {
    requireAnswer({ answered: 1, failures: [failed({}), failed({})], silent: 0 }, samplePlan());
    requireAnswer(NO_WARMUP, samplePlan());
    const empty = failed({ kind: 'bad-reply' });
    requireAnswer({ answered: 0, failures: [empty, failed({})], silent: 1 }, samplePlan());
  });

  it('ends the run where there is none: what was said, by whom, and a cure', () => {
    const plan = samplePlan({ connection: sampleConnection({ servers: ['http://me:secret@here:1/'] }) });
    const thrown = (...failures: ReturnType<typeof failed>[]) => {
      try {
        requireAnswer({ answered: 0, failures, silent: 0 }, plan);
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(thrown(failed({ kind: 'connect' }))).toMatchObject({
      code: 'TINFER-RUNTIME-001',
      message: 'the warm-up request failed: so it is',
      where: 'model, http://here:1/',
      cure: 'start the service, or correct --host-ip/--host-port/--url; --num-warmups 0 runs without a warm-up',
    });
    expect(thrown(failed({}, 'http://there/'), failed({ kind: 'timeout' }))).toMatchObject({
      message: 'each of the 2 warm-up requests failed: so it is',
      where: 'model, http://there/',
    });
  });

  it.each([
    [{ status: 401 }, '', 'give the key of the service with --api-key'],
    [{ status: 403 }, 'k', 'give another key with --api-key'],
    [{ status: 404 }, '', 'correct the address'],
    [{ status: 500 }, '', 'correct what the service complains of'],
    [{ kind: 'timeout' }, '', 'check whether the service is stuck'],
    [{ kind: 'model-bug' }, '', 'correct the class: --debug shows where'],
  ] as const)('cure of %j with the key %j: %s', (failure, apiKey, cure) => {
    const plan = samplePlan({ options: sampleOptions({ apiKey }) });
    expect(() => requireAnswer({ answered: 0, failures: [failed(failure)], silent: 0 }, plan)).toThrow(
      expect.objectContaining({ cure: expect.stringMatching(`^${cure}`) }),
    );
  });
});
