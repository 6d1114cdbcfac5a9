import { bullets, escaped, section } from '../markdown.ts';
import { comparisonTables, gatesInWords } from './tables.ts';
import type { RunComparison } from './types.ts';

/** The comparisons as Markdown, for a pull request: what became of the gates on top. */
export function comparisonMarkdown(comparisons: readonly RunComparison[], shown?: number): string {
  const rules = comparisons.flatMap((one) => one.rules);
  const sections = [
    '# ais_bench compare',
    ...(rules.length === 0 ? [] : [`**${escaped(gatesInWords(rules))}**`]),
    ...comparisons.flatMap((one) => [...comparisonTables(one, shown).map(section), ...bullets(one.notes)]),
  ];
  return `${sections.join('\n\n')}\n`;
}
