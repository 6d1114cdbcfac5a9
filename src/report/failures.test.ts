import { expect, it } from 'vitest';
import type { Failure } from '../contract/record.ts';
import { failureTable } from './breakdowns.ts';

const example = { id: 'c', model: 'm', dataset: 'd', index: 0, repetition: 0 };
const footnotes = (...failures: readonly Failure[]) =>
  failureTable(
    'Failures',
    failures.map((failure) => ({ ...failure, count: 1, example })),
  ).footnotes;

it.each([
  [{ kind: 'http-status', status: 401, message: 'HTTP 401' }, /HTTP 401.*--api-key/],
  [{ kind: 'http-status', status: 404, message: 'HTTP 404' }, /HTTP 404.*--url.*--model/],
  [{ kind: 'http-status', status: 429, message: 'HTTP 429' }, /HTTP 429.*--batch-size/],
  [{ kind: 'http-status', status: 302, message: 'HTTP 302' }, /HTTP 302.*--url/],
  [{ kind: 'connect', message: 'refused' }, /connect.*--host-port/],
  [{ kind: 'timeout', message: 'late' }, /timeout.*--timeout-total/],
  [{ kind: 'bad-reply', message: 'the reply is no event stream' }, /bad-reply.*stream: false/],
] as const)('%j has a cure', (failure, cure) => {
  expect(footnotes(failure)).toEqual([expect.stringMatching(cure)]);
});

it('says a cure once, and none where only the service can do something', () => {
  const late = { kind: 'timeout', message: 'late' } as const;
  expect(footnotes(late, { ...late, message: 'later' })).toHaveLength(1);
  expect(footnotes({ kind: 'http-status', status: 500, message: 'HTTP 500' })).toEqual([]);
  expect(
    footnotes({ kind: 'bad-reply', message: 'not JSON' }, { kind: 'cancelled', message: 'stopped' }),
  ).toEqual([]);
});
