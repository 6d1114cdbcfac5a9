import type { BaseAPIModel, ExchangeRequest } from '../contract/base-api-model.ts';
import { messageOf } from '../contract/errors.ts';
import type { Failure } from '../contract/record.ts';
import { GRACE_MS, whenAborted } from './deadlines.ts';
import { CancelledError, failureFromError, modelBug } from './failure.ts';
import type { Wire } from './reception.ts';
import type { StreamReply } from './stream-reply.ts';

/** The end of an exchange: when, and why it failed. */
export interface ExchangeEnd {
  readonly done: number;
  readonly failure?: Failure;
}

/**
 * Carries out a request over a protocol of the class's own: its messages go to `reply`, stamped as they come. Deadlines and the end of
 * the run abort the class's signal; a class that does not settle soon after is cut off.
 */
export function runExchange(
  model: BaseAPIModel,
  request: ExchangeRequest,
  reply: StreamReply,
  sent: number,
  { deadlines, signal, clock }: Wire,
): Promise<ExchangeEnd> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    let reason: Error | undefined;
    let grace: NodeJS.Timeout | undefined;
    let began = false;
    let over = false;
    const end = (failure?: Failure) => {
      if (over) return;
      over = true;
      clearTimeout(grace);
      watch.stop();
      forget();
      resolve({ done: clock(), ...(failure === undefined ? {} : { failure }) });
    };
    const abort = (why: Error) => {
      if (over || reason !== undefined) return;
      reason = why;
      grace = setTimeout(() => end(failureFromError(why, began)), GRACE_MS);
      controller.abort(why);
    };
    const watch = deadlines.watch(sent, request.stream, abort);
    const cancel = () => abort(new CancelledError('the run was stopped'));
    const forget = whenAborted(signal, cancel);
    const message = (data: unknown) => {
      const at = clock();
      if (over) return;
      began = true;
      watch.progress(at);
      reply.takeMessage(data, at);
    };
    if (signal.aborted) cancel();
    const run = async () => model.exchange!(request, { signal: controller.signal, message });
    run().then(
      () => end(reason && failureFromError(reason, began)),
      (thrown) => end(reason === undefined ? readRejection(thrown, began) : failureFromError(reason, began)),
    );
  });
}

/** Bugs of the class, as JavaScript throws them. */
const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Codes that Node, undici and OpenSSL give to what happens to a connection; bugs have `ERR_INVALID_…` and the like. */
const OF_CONNECTIONS =
  /^(E[A-Z]+|EAI_.*|UND_ERR_.*|ERR_(TLS|SSL|HTTP2|SOCKET|STREAM_PREMATURE).*|.*(CERT|SIGNATURE|ISSUER).*)$/;

/** Returns the failure for what an exchange was rejected with. */
function readRejection(thrown: unknown, began: boolean): Failure {
  const error = connectionError(thrown);
  if (error !== undefined) return failureFromError(error, began);
  const status = (thrown as { code?: unknown } | undefined)?.code;
  if (typeof status === 'number') return readStatus(status, thrown, began);
  if (BUGS.some((bug) => thrown instanceof bug)) return modelBug(thrown, 'exchange');
  return { kind: 'server-error', message: messageOf(thrown) };
}

/** Returns the error of a connection that was thrown, or that caused what was: `fetch failed` says nothing by itself. */
function connectionError(thrown: unknown): Error | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; depth++) {
    const { code } = error as { code?: unknown };
    const inner = error instanceof AggregateError ? connectionError(error.errors[0]) : undefined;
    if (inner !== undefined || (typeof code === 'string' && OF_CONNECTIONS.test(code))) return inner ?? error;
    error = error.cause;
  }
  return undefined;
}

/** Status codes of gRPC. */
const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;

function readStatus(status: number, thrown: unknown, began: boolean): Failure {
  const message = messageOf(thrown);
  if (status === DEADLINE_EXCEEDED) return { kind: 'timeout', message };
  if (status === UNAVAILABLE) return { kind: began ? 'truncated' : 'connect', message };
  return { kind: 'server-error', message };
}
