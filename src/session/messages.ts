import { plural } from '../basics/plural.ts';
import { findingText } from '../contract/finding.ts';
import type { Task } from '../sending/prepare.ts';
import type { Warmup } from '../sending/warm-up.ts';

/** Names of datasets in a note, before the rest is counted. */
const NAMES_SHOWN = 3;

/** Returns what is worth knowing before the tasks run; what holds for several is said once, with their names. */
export function taskNotes(tasks: readonly Task[]): string[] {
  const findings = tasks.flatMap((task) => task.findings);
  const texts = new Set(findings.map((one) => findingText(one)));
  return [...texts].map((text) => {
    const alike = findings.filter((one) => findingText(one) === text);
    const names = [...new Set(alike.map(({ scope }) => scope.dataset ?? scope.model))];
    const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
    return `${names.slice(0, NAMES_SHOWN).join(', ')}${more}: ${text}`;
  });
}

/** Returns what a person should know of the warm-up of a task. */
export function messagesOnWarmup(
  { warmupIsMeasured }: Task,
  { answered, failures }: Warmup,
): { readonly level: 'info' | 'warn'; readonly text: string }[] {
  const [first] = failures;
  if (first !== undefined) {
    const requests = plural(answered + failures.length, 'warm-up request');
    return [{ level: 'warn', text: `${failures.length} of ${requests} failed: ${first.failure.message}` }];
  }
  if (answered === 0 || !warmupIsMeasured) return [];
  return [
    { level: 'info', text: 'warm-up sent samples that are measured too: a prefix cache may know them' },
  ];
}
