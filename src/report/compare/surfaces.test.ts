/** What a comparison looks like on a terminal, in a pull request, to a CI server and in the page's data. */
import { describe, expect, it } from 'vitest';
import { comparisons } from '../../../test/support/compare-states.ts';
import { comparePage } from '../page/compare-page.ts';
import { renderTerminal } from '../terminal.ts';
import { displayWidth } from '../text.ts';
import { junitXml } from './junit.ts';
import { comparisonMarkdown, comparisonTables } from './tables.ts';

const [one] = comparisons;

describe('on a terminal', () => {
  it.each([80, 200])('fits into %d columns, with Chinese names too', (width) => {
    const text = renderTerminal(comparisonTables(one!), one!.findings, { color: false, width });
    for (const line of text.split('\n')) expect([displayWidth(line) <= width, line]).toEqual([true, line]);
  });

  it('says what could spoil it before any number', () => {
    const text = renderTerminal(comparisonTables(one!), [], { color: false, width: 200 });
    const order = [
      'B against A',
      'A is NOT STEADY',
      'B is NOT STEADY',
      'models.0.options.model',
      'ANOTHER PROMPT',
      'failed requests are counted',
      'Changed verdicts',
      'Score, ',
      'Performance',
      'Gates',
    ];
    const places = order.map((words) => [words, text.indexOf(words)] as const);
    for (const [words, place] of places) expect([words, place >= 0]).toEqual([words, true]);
    expect(places.map(([, place]) => place)).toEqual(places.map(([, place]) => place).sort((a, b) => a - b));
    expect(text).toMatch(/0 correct wrong/);
    expect(text).toMatch(/TPOT mean, ms .*worse/);
    expect(text).toMatch(/1 broken, 1 too few to know|1 broken, 2 too few to know/);
  });
});

describe('elsewhere', () => {
  it('is Markdown whose cells hold what they hold', () => {
    const page = comparisonMarkdown(comparisons);
    expect(page.startsWith('# ais_bench compare\n\n**4 gates: 1 broken')).toBe(true);
    const table = page.split('\n').filter((line) => line.startsWith('| '));
    for (const line of table) expect(line.replaceAll('\\|', '').match(/\|/g)!.length).toBeGreaterThan(3);
    expect(page).not.toContain('<b>');
  });

  it('is XML of which every gate is a case', () => {
    const xml = junitXml(comparisons);
    expect(xml).toContain('tests="4" failures="1"');
    expect(xml.match(/<testcase /g)).toHaveLength(4);
    expect(xml).toContain('name="tpot.mean &gt; +5%"');
    expect(xml.match(/<failure /g)).toHaveLength(1);
    const broken = { ...one!, rules: [{ ...one!.rules[0]!, task: '\u0000"<\ud800\uffff&' }] };
    expect(junitXml([broken])).toContain('classname="&quot;&lt;\ufffd\ufffd&amp;"');
  });

  it('is the data of a page, with an interval only where there is one', () => {
    const [part] = comparePage(comparisons, '1').comparisons;
    expect(part!.gates!.outcomes).toHaveLength(4);
    const [task] = part!.tasks;
    expect(task!.flips!.rows).toHaveLength(2);
    expect(task!.curves.map(({ name }) => name)).toEqual(['TTFT', 'TPOT', 'E2EL']);
    const number = (id: string) => task!.numbers.find((own) => own.id === id)!;
    expect(number('tpot.mean')).toMatchObject({ verdict: 'worse', isPoints: false });
    expect(number('tpot.mean').low).toBeGreaterThan(5);
    expect(number('ttft.p99')).not.toHaveProperty('high');
    expect(number('ttft.p99').needed).toMatchObject({ isBound: true });
  });
});
