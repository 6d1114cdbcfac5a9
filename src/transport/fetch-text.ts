import type { Failure } from '../contract/record.ts';
import { DeadlineError, failureFromError, failureFromStatus } from './failure.ts';
import type { HttpRequest, Transport } from './types.ts';

/** Fetches a small reply that is not measured; returns its text, or the failure. */
export function fetchText(
  transport: Transport,
  request: HttpRequest,
  timeoutMs: number,
): Promise<{ text: string } | { failure: Failure }> {
  return new Promise((resolve) => {
    let status: number | undefined;
    const body: Uint8Array[] = [];
    const exchange = transport.send(request, {
      onHeaders: (code) => {
        status = code;
      },
      onData: (bytes) => body.push(bytes),
      onEnd: () => {
        clearTimeout(timer);
        const text = Buffer.concat(body).toString('utf8');
        const ok = status !== undefined && status >= 200 && status < 300;
        resolve(ok ? { text } : { failure: failureFromStatus(status ?? 0, text) });
      },
      onError: (error) => {
        clearTimeout(timer);
        resolve({ failure: failureFromError(error, status !== undefined) });
      },
    });
    const expired = new DeadlineError(`no answer within ${timeoutMs / 1000} s`);
    const timer = setTimeout(() => exchange.abort(expired), timeoutMs);
  });
}
