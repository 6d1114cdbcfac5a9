import { InvalidArgumentError } from 'commander';
import { parseRule, type Rule } from '../report/compare/rules.ts';
import type { FlagSpec } from './flag-spec.ts';
import { REPORT_FLAGS, type ReportFlags } from './report-flags.ts';

export interface CompareFlags extends Pick<ReportFlags, 'goodput'> {
  readonly failIf: readonly Rule[];
  readonly markdown?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly full?: boolean;
}

export const COMPARE_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--fail-if <rule>',
    meaning:
      "exit with 4 when a number changed by more, and the change is significant, e.g. 'ttft.p99 > +5%' or 'accuracy < -1' (repeatable)",
    parse: ruleOf,
    fallback: [],
    repeatable: true,
  },
  ...REPORT_FLAGS.filter(({ flags }) => flags.startsWith('--goodput')),
  { flags: '--markdown <file>', meaning: 'write the comparison as Markdown, for a pull request' },
  { flags: '--html <file>', meaning: 'write the comparison as a page, one file that needs no network' },
  { flags: '--junit <file>', meaning: 'write the rules as test cases of a JUnit XML file, for a CI server' },
  { flags: '--full', meaning: 'print every verdict that changed' },
];

function ruleOf(text: string): Rule {
  try {
    return parseRule(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
