import { type Finding, finding, findingText } from '../contract/finding.ts';
import type { Task } from '../sending/prepare.ts';
import type { Warmup } from '../sending/warm-up.ts';

/** Names of datasets in a finding, before the rest is counted. */
const NAMES_SHOWN = 3;

/** Returns what is worth knowing before the tasks run; what holds for several is one finding with their names. */
export function taskFindings(tasks: readonly Task[]): Finding[] {
  const findings = tasks.flatMap((task) => task.findings);
  const first = new Map(findings.toReversed().map((one) => [findingText(one), one]));
  return [...new Set(findings.map((one) => findingText(one)))].map((text) => {
    const alike = findings.filter((one) => findingText(one) === text);
    const names = [...new Set(alike.map(({ scope }) => scope.dataset ?? scope.model))];
    const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
    return { ...first.get(text)!, scope: { dataset: `${names.slice(0, NAMES_SHOWN).join(', ')}${more}` } };
  });
}

/** Returns what a person should know of the warm-up of a task. */
export function warmupFindings({ warmupIsMeasured }: Task, { answered, failures }: Warmup): Finding[] {
  const [first] = failures;
  if (first !== undefined) {
    const requests = answered + failures.length;
    return [finding('WARMUP-FAILED', { failed: failures.length, requests, why: first.failure.message })];
  }
  return answered > 0 && warmupIsMeasured ? [finding('WARMUP-MEASURED', {})] : [];
}
