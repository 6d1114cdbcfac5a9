import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finding } from '../../contract/finding.ts';
import { isFindingRule, judgeFindings, numberOf, parseFindingRule, parseRule } from './rules.ts';

describe('a rule on a finding', () => {
  const rule = parseFindingRule(' finding:retried ')!;

  it('is read with its code, in any case, and nothing else is', () => {
    expect(rule).toEqual({ text: 'finding:retried', code: 'RETRIED' });
    expect(parseRule('finding:RETRIED')).toEqual({ text: 'finding:RETRIED', code: 'RETRIED' });
    expect(parseFindingRule('ttft > 5%')).toBeUndefined();
  });

  it('is refused where there is no such code, with the nearest', () => {
    expect(() => parseRule('finding:RETRYED')).toThrow(
      'there is no finding "RETRYED": did you mean RETRIED?',
    );
    expect(() => parseRule('finding:?')).toThrow('docs/findings.md lists them');
  });

  it('is broken where a run has the finding', () => {
    const retried = finding('RETRIED', { count: 2 });
    const broken = judgeFindings(rule, [finding('BUFFERED', {}), retried]);
    expect(broken).toMatchObject({
      outcome: 'broken',
      why: { code: 'GATE-FINDING', params: { found: [retried] } },
    });
    expect(judgeFindings(rule, [])).toMatchObject({ outcome: 'kept', why: { code: 'GATE-NO-FINDING' } });
  });
});

describe('parseRule', () => {
  it.each([
    ['ttft.p99 > +5%', { metric: 'ttft', stat: 'p99', op: '>', amount: 5, unit: '%' }],
    ['accuracy < -1', { metric: 'accuracy', op: '<', amount: -1, unit: 'points' }],
    ['TTFT>0%', { metric: 'ttft', stat: 'mean', op: '>', amount: 0, unit: '%' }],
    ['itl.median >= 2 ms', { metric: 'itl', stat: 'p50', op: '>', amount: 2, unit: 'ms' }],
    ['e2el.p99.9 > +0.5 s', { metric: 'e2el', stat: 'p99.9', op: '>', amount: 500, unit: 'ms' }],
    ['throughput < -3 %', { metric: 'throughput', op: '<', amount: -3, unit: '%' }],
    ['output_throughput<-20 tok/s', { metric: 'output_throughput', op: '<', amount: -20, unit: 'tok/s' }],
    ['failed > 0.5 pp', { metric: 'failed', op: '>', amount: 0.5, unit: 'points' }],
  ])('reads %s', (text, expected) => {
    expect(parseRule(text)).toEqual({ text, ...expected });
  });

  it.each([
    ['ttft.p99', /does not read like/],
    ['tfft.p99 > 5%', /no number "tfft": it is one of ttft/],
    ['ttft.p100 > 5%', /no statistic "p100"/],
    ['ttft.p0 > 5%', /no statistic "p0"/],
    ['accuracy.p50 < -1', /one number a run: leave out .p50/],
    ['accuracy < -1%', /in points, without a unit/],
    ['ttft.p99 > 5 tok/s', /in % or ms, not in tok\/s/],
    ['ttft.p99 > -5%', /no change at all would break it: write > \+5/],
    ['accuracy < 1', /no change at all would break it: write < -1/],
    ['', /does not read like/],
  ])('refuses %s', (text, message) => {
    expect(() => parseRule(text)).toThrow(message);
  });

  it('reads back whatever is written in its grammar, with spaces or without', () => {
    const latency = fc.record({
      metric: fc.constantFrom('ttft', 'ttfat', 'tpot', 'itl', 'e2el'),
      stat: fc.oneof(
        fc.constant('mean'),
        fc.integer({ min: 1, max: 99 }).map((p) => `p${p}`),
      ),
      unit: fc.constantFrom('%', 'ms'),
    });
    const rate = fc.record({
      metric: fc.constantFrom('throughput', 'goodput'),
      unit: fc.constantFrom('%', 'req/s'),
    });
    const share = fc.record({
      metric: fc.constantFrom('accuracy', 'failed', 'goodput_share'),
      unit: fc.constant('points'),
    });
    const size = fc.integer({ min: 0, max: 100_000 }).map((n) => n / 100);
    fc.assert(
      fc.property(
        fc.oneof(latency, rate, share),
        fc.constantFrom('>', '<'),
        size,
        fc.constantFrom('', ' ', '  '),
        (parts, op, amount, space) => {
          const number = `${op === '>' ? '+' : '-'}${amount}`;
          const text = [numberOf(parts as never), op, `${number}${space}${parts.unit}`].join(space);
          const { text: _text, ...rule } = parseRule(text);
          expect(rule).toEqual({ ...parts, op, amount: Number(number) });
        },
      ),
    );
  });

  it('refuses anything else with an Error that says so, never with another exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `ttft.p99 > ${text}`),
        ),
        (text) => {
          try {
            const rule = parseRule(text);
            expect(isFindingRule(rule) ? rule.code : rule.amount).not.toBeNaN();
          } catch (error) {
            expect((error as Error).constructor).toBe(Error);
            expect((error as Error).message).not.toBe('');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
