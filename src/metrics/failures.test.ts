import { describe, expect, test } from 'vitest';
import { causeOf, FailureGroups } from './failures.ts';

const call = (index: number) => ({ id: `id${index}`, model: 'm', dataset: 'd', index, repetition: 0 });

test.each([
  ['connect ECONNREFUSED 127.0.0.1:8000', 'connect ECONNREFUSED 10.0.0.12:18001'],
  ['no reply within 30 s', 'no reply within 2.5 s'],
  [
    'request 1f0c9d8e-1111-4222-8333-123456789abc failed',
    'request 0a0b0c0d-aaaa-4bbb-8ccc-cba987654321 failed',
  ],
  ['fault at 0x7ffdeadbeef', 'fault at 0x12'],
  ['chatcmpl-9f8e7d6c5b was dropped', 'chatcmpl-aa11bb22cc was dropped'],
  ['line one\n  line 2', 'line one line 3'],
])('%j and %j are one cause', (one, other) => {
  expect(causeOf(one)).toBe(causeOf(other));
});

test('other words are another cause', () => {
  expect(causeOf('model qwen not found')).not.toBe(causeOf('model llama not found'));
});

describe('FailureGroups', () => {
  test('groups by kind, status and cause; the most frequent first; the first one is the example', () => {
    const groups = new FailureGroups();
    groups.add({ kind: 'timeout', message: 'after 30 s' }, call(0));
    groups.add({ kind: 'http-status', status: 500, message: 'busy 1', bodyExcerpt: '{}' }, call(1));
    groups.add({ kind: 'http-status', status: 500, message: 'busy 2' }, call(2));
    groups.add({ kind: 'http-status', status: 503, message: 'busy 3' }, call(3));
    expect(groups.groups()).toEqual([
      { kind: 'http-status', status: 500, message: 'busy 1', bodyExcerpt: '{}', count: 2, example: call(1) },
      { kind: 'timeout', message: 'after 30 s', count: 1, example: call(0) },
      { kind: 'http-status', status: 503, message: 'busy 3', count: 1, example: call(3) },
    ]);
    expect(groups.total).toBe(4);
    expect(groups.count('http-status')).toBe(3);
  });

  test('random messages cannot grow it without end, and none is lost', () => {
    const groups = new FailureGroups();
    for (let i = 0; i < 1000; i++) {
      const word = [...String(i)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
      groups.add({ kind: 'server-error', message: word }, call(i));
    }
    expect(groups.groups().length).toBe(201);
    expect(groups.groups()[0]).toMatchObject({ count: 800, message: expect.stringContaining('other') });
    expect(groups.groups().reduce((sum, { count }) => sum + count, 0)).toBe(1000);
  });
});
