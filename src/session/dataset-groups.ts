import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadContext } from '../cli/places.ts';
import type { Plan } from '../config/plan.ts';

interface ShippedGroup {
  readonly name: string;
  readonly subsets: readonly string[];
}

/**
 * The groups of datasets that a run's summary tells: its summarizer's, or where it names none those that ship, as far as all of
 * their datasets are in the run.
 */
export async function groupsOf({
  summarizer,
  datasets,
}: Pick<Plan, 'summarizer' | 'datasets'>): Promise<readonly unknown[]> {
  if (summarizer?.summary_groups !== undefined) return summarizer.summary_groups;
  const asked = new Set(datasets.map(({ abbr }) => abbr));
  return (await shippedGroups()).filter(({ subsets }) => subsets.every((abbr) => asked.has(abbr)));
}

async function shippedGroups(): Promise<readonly ShippedGroup[]> {
  const file = join(loadContext.shipped, 'summarizers', 'groups.js');
  const { summary_groups } = (await import(pathToFileURL(file).href)) as {
    summary_groups: readonly ShippedGroup[];
  };
  return summary_groups;
}
