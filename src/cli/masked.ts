import { AisBenchError } from '../contract/errors.ts';
import { type Redactor, redactor } from '../store/redact.ts';

/** Of every run of this process: what breaks outside of all of them is masked by each. */
const known = new Set<Redactor>();

/** A redactor that also masks what this process says when it dies of an error that nobody catches. */
export function redactorOf(secrets: Iterable<string>): Redactor {
  const redact = redactor(secrets);
  known.add(redact);
  return redact;
}

/** Takes every secret that this process has read out of a text. */
export function maskKnown(text: string): string {
  return [...known].reduce((clean, redact) => redact(clean), text);
}

/** An error as it may be shown: a server can quote a key back, a URL can hold one. */
export function masked(error: unknown, redact: Redactor): unknown {
  if (error instanceof AisBenchError) {
    const { code, message, where, cure } = error;
    return new AisBenchError(code, redact(message), {
      ...(where === undefined ? {} : { where: redact(where) }),
      cure: redact(cure),
    });
  }
  if (!(error instanceof Error)) return error;
  const clean = new Error(redact(error.message));
  clean.stack = redact(error.stack ?? error.message);
  return clean;
}
