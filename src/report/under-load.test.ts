import { describe, expect, it } from 'vitest';
import type { ScoreUnderLoad } from '../evaluate/under-load.ts';
import type { AccuracyReport } from './accuracy.ts';
import { accuracyCsv } from './csv.ts';
import { markdownPage } from './markdown.ts';
import { renderTerminal } from './terminal.ts';
import { underLoadTables } from './under-load.ts';

const interval = { low: 60, high: 83.25, level: 0.95, method: 'Wilson, clustered' as const, clusters: 8 };
const slos = { ttft: 500, e2el: 2000 };

function report(underLoad?: ScoreUnderLoad): AccuracyReport {
  const counts = { correct: 30, wrong: 10, unextractable: 0, truncated: 0, failed: 0 };
  const card = { metric: 'accuracy', value: 75, n: 40, ...counts };
  return { model: 'm', dataset: 'd', card, ...(underLoad && { underLoad }) };
}

const FULL: ScoreUnderLoad = {
  n: 40,
  correctPerSecond: 3.25,
  steadyCorrectPerSecond: 4,
  atSlo: { slos, score: { value: 72.5, n: 36, interval }, met: { value: 90, n: 40 } },
};

const shown = (...reports: readonly AccuracyReport[]) =>
  renderTerminal(underLoadTables(reports), [], { color: false, width: 80 });

describe('quality under load', () => {
  it('has a line a number, and says what the objectives were', () => {
    const text = shown(report(FULL));
    expect(text).toMatch(/^d +correct answers\/s +m +3\.250 40$/m);
    expect(text).toMatch(/^d +correct answers\/s, steady +m +4 40$/m);
    expect(text).toMatch(/^d +accuracy at SLO +m +72\.50 36 60\.0\.\.83\.3$/m);
    expect(text).toMatch(/^d +met SLO +m +90\.00 40$/m);
    expect(text.replace(/\s+/g, ' ')).toContain('met ttft ≤ 500 ms, e2el ≤ 2000 ms from the schedule');
    expect(text).toContain('Interval: 95 %, Wilson, clustered');
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('is no part of a run that was no load test', () => {
    expect(underLoadTables([report()])).toEqual([]);
    expect(markdownPage({ title: 't', accuracy: [report()], performance: [] })).not.toContain('under load');
  });

  it('says why a value is missing', () => {
    const text = shown(report({ n: 40, atSlo: { slos, met: { value: 0, n: 40 }, reason: 'nobody did' } }));
    expect(text).toMatch(/^d +correct answers\/s +m +n\/a +40$/m);
    expect(text).toMatch(/^d +accuracy at SLO +m +n\/a +0$/m);
    expect(text).toContain('d: the load took no time');
    expect(text).toContain('d at SLO: nobody did');
  });

  it('stands in Markdown and CSV, unrounded there', () => {
    const page = markdownPage({ title: 't', accuracy: [report(FULL)], performance: [] });
    expect(page).toContain('## Quality under load');
    expect(page).toContain('| d | accuracy at SLO | m | 72.50 | 36 | 60.0..83.3 |');
    const csv = accuracyCsv([report(FULL)]);
    expect(csv).toMatch(/^d,m,correct answers\/s,3\.25,40,/m);
    expect(csv).toMatch(/^d,m,"correct answers\/s, steady",4,40,/m);
    expect(csv).toMatch(/^d,m,accuracy at SLO,72\.5,36,60,83\.25,/m);
    expect(csv).toMatch(/^d,m,met SLO,90,40,/m);
  });
});
