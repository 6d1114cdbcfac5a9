import { type CallRef, requestKey } from '../contract/record.ts';

/**
 * Of a file that several sessions of a run appended to, what counts: of each case the requests of its last attempt, in the
 * file's order. A case sends its requests one after the other, so one that it has sent before begins a new attempt.
 * `read` is called twice: memory holds keys, never texts.
 */
export async function* lastAttempts<T extends { readonly call: CallRef }>(
  read: () => AsyncIterable<T>,
): AsyncGenerator<T> {
  const attempts = new Map<string, { readonly from: number; readonly keys: Set<string> }>();
  let n = 0;
  for await (const { call } of read()) {
    const key = requestKey(call);
    const attempt = attempts.get(call.id);
    if (attempt === undefined || attempt.keys.has(key))
      attempts.set(call.id, { from: n, keys: new Set([key]) });
    else attempt.keys.add(key);
    n += 1;
  }
  n = 0;
  for await (const item of read()) {
    if (n >= attempts.get(item.call.id)!.from) yield item;
    n += 1;
  }
}

/** The last attempts of the cases that the plan has; all of a file that one session alone wrote, where no `ids` are given. */
export async function* attemptsOf<T extends { readonly call: CallRef }>(
  read: () => AsyncIterable<T>,
  ids: ReadonlySet<string> | undefined,
): AsyncGenerator<T> {
  if (ids === undefined) yield* read();
  else for await (const item of lastAttempts(read)) if (ids.has(item.call.id)) yield item;
}
