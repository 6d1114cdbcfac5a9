import { findingText } from '../../contract/finding.ts';
import { oneLine } from '../text.ts';
import type { RuleResult, RunComparison } from './types.ts';

/**
 * The gates as a JUnit XML file, as CI servers read it: a suite a run, a case a rule and task. A broken gate is a failure, one that
 * the requests are too few for is skipped, so that it is seen and stops nothing.
 */
export function junitXml(comparisons: readonly RunComparison[]): string {
  const suites = comparisons.map(({ before, after, rules }) => {
    const name = `${after.path} against ${before.path}`;
    const cases = rules.map(makeRun).join('');
    return `  <testsuite ${attributes({ name, ...countsOf(rules) })}>\n${cases}  </testsuite>\n`;
  });
  const all = comparisons.flatMap(({ rules }) => rules);
  const root = attributes({ name: 'ais_bench compare', ...countsOf(all) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${root}>\n${suites.join('')}</testsuites>\n`;
}

function countsOf(rules: readonly RuleResult[]): Record<string, string> {
  const count = (wanted: RuleResult['outcome']) => rules.filter(({ outcome }) => outcome === wanted).length;
  return {
    tests: String(rules.length),
    failures: String(count('broken')),
    errors: '0',
    skipped: String(count('unknown')),
  };
}

function makeRun({ rule, task, outcome, why }: RuleResult): string {
  const start = `    <testcase ${attributes({ classname: task, name: rule.text })}`;
  if (outcome === 'kept') return `${start}/>\n`;
  const inner = outcome === 'broken' ? 'failure' : 'skipped';
  return `${start}>\n      <${inner} ${attributes({ message: findingText(why) })}/>\n    </testcase>\n`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(' ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Control characters are no XML at all, and half a surrogate pair is no text. */
function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
}
