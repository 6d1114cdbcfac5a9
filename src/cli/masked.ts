import { type Redactor, redactor } from '../store/redact.ts';

/** Of every plan that this process has read: what breaks outside of all runs is masked by each. */
const known = new Set<Redactor>();

/** Masks these secrets, too, in what this process says when it ends by an error. */
export function maskToo(secrets: Iterable<string>): void {
  known.add(redactor(secrets));
}

/** Takes every secret that this process has read out of a text. */
export function maskKnown(text: string): string {
  return [...known].reduce((clean, redact) => redact(clean), text);
}
