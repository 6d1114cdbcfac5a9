import { describe, expect, it } from 'vitest';
import { finding } from '../../contract/finding.ts';
import type { Difference } from './difference.ts';
import { judgeRules } from './judge-rules.ts';
import { parseRule } from './rules.ts';
import type { NumberChange } from './types.ts';

const number = (own: Partial<NumberChange>): NumberChange => ({
  ...{ id: 'ttft.mean', label: 'TTFT mean', unit: 'ms', moreIsBetter: false },
  ...own,
});

/** A change of so many percent, its interval and p, where `n` requests would show one of 5 %. */
const change = (
  percent: number,
  low: number,
  high: number,
  p: number,
  n: number,
  isBound = false,
): Difference => ({
  ...{ scale: 'ratio', before: 100, after: 100 + percent, n: [500, 400] },
  ...{ change: percent, low, high, p, needed: () => ({ n, isBound }) },
});

const verdictOn = (own: Partial<NumberChange>) => {
  const task = { numbers: [number(own)], after: { findings: [] } };
  const [[result]] = judgeRules([parseRule('ttft > +5%')], [[{ name: 'm × d', task }]]) as any;
  return [result.outcome, result.why.code, result.why.params];
};

describe('a rule on a number says why it came out so', () => {
  it.each([
    ['broken', 'GATE-BROKEN', change(20, 10, 30, 0.001, 100), {}],
    ['kept', 'GATE-KEPT-BY-INTERVAL', change(0, -2, 2, 0.9, 100), {}],
    ['kept', 'GATE-KEPT-BY-SIZE', change(1, -4, 6, 0.6, 100), {}],
    [
      'unknown',
      'GATE-WITHIN-CHANCE',
      change(8, -4, 20, 0.2, 3741),
      { n: ['500', '400'], needed: 3741, bound: 0 },
    ],
    [
      'unknown',
      'GATE-TOO-FEW',
      change(1, -9, 11, 0.8, 900, true),
      { n: ['500', '400'], needed: 900, bound: 1 },
    ],
  ] as const)('%s: %s', (outcome, code, difference, params) => {
    expect(verdictOn({ difference })).toEqual([outcome, code, params]);
  });

  it('also where there is no number', () => {
    const reason = finding('NUMBER-ZERO', {});
    expect(verdictOn({ reason })).toEqual(['unknown', 'NUMBER-ZERO', {}]);
    expect(verdictOn({})).toEqual(['unknown', 'NO-SUCH-NUMBER', {}]);
  });
});
