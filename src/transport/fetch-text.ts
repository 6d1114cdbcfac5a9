import type { Failure } from '../contract/record.ts';
import { DeadlineError, failureOfError, failureOfStatus } from './failure.ts';
import type { HttpRequest, Transport } from './types.ts';

/** A small reply that is not measured: its text, or why there is none. */
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
        resolve(ok ? { text } : { failure: failureOfStatus(status ?? 0, text) });
      },
      onError: (error) => {
        clearTimeout(timer);
        resolve({ failure: failureOfError(error, status !== undefined) });
      },
    });
    const expired = new DeadlineError(`no answer within ${timeoutMs / 1000} s`);
    const timer = setTimeout(() => exchange.abort(expired), timeoutMs);
  });
}
