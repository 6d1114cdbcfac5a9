import { AisBenchError } from '../errors.ts';
import type { Redactor } from '../store/redact.ts';

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
