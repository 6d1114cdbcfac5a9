import { bullets, escaped, section } from '../markdown.ts';
import { say } from '../words.ts';
import { comparisonTables, gatesInWords } from './tables.ts';
import type { RunComparison } from './types.ts';

/** The comparisons as Markdown, for a pull request: the outcome of the gates on top. */
export function comparisonMarkdown(comparisons: readonly RunComparison[], shown?: number): string {
  const rules = comparisons.flatMap((one) => one.rules);
  const sections = [
    '# ais_bench compare',
    ...(rules.length === 0 ? [] : [`**${escaped(say(gatesInWords(rules)))}**`]),
    ...comparisons.flatMap((one) => [...comparisonTables(one, shown).map(section), ...bullets(one.findings)]),
  ];
  return `${sections.join('\n\n')}\n`;
}
