import { type RunRecord, requestKey } from '../contract/record.ts';
import { goodRows, type Slos } from './goodput.ts';
import { requestMetrics } from './request.ts';
import { CANCELLED, RequestTable } from './request-table.ts';

/** What a load made of one request. */
export interface KeyedRequest {
  /** When the reply, or what was last seen of it, ended: ms from the start of the run. */
  readonly done: number;
  /** The user ended it; it says nothing of the service. */
  readonly cancelled: boolean;
  /** It was answered and met every objective; absent where none was given or no request has one of the times. */
  readonly isGood?: boolean;
}

/** The requests of a load by their keys (`requestKey`), for what is known of their answers elsewhere. */
export class KeyedRequests {
  readonly #table = new RequestTable();
  readonly #keys: string[] = [];
  /** Rows of the requests of a dialogue, by its id. */
  readonly #dialogues = new Map<string, number[]>();

  /** A request that was never sent is none. */
  add(record: RunRecord): void {
    if (record.times.sent === undefined) return;
    this.#table.add(record, record.outcome === 'ok' ? requestMetrics(record) : undefined);
    const { id, turn } = record.call;
    if (turn !== undefined) this.#dialogues.set(id, [...(this.#dialogues.get(id) ?? []), this.#keys.length]);
    this.#keys.push(requestKey(record.call));
  }

  /** A dialogue is there by its id too: it ends with its last request, and meets what all of them meet. `slos` in ms. */
  byKey(slos?: Slos): ReadonlyMap<string, KeyedRequest> {
    const good = slos === undefined ? undefined : goodRows(this.#table, slos);
    const keyed = (rows: readonly number[]): KeyedRequest => ({
      done: rows.reduce((last, row) => Math.max(last, this.#table.get(row, 'done')), 0),
      cancelled: rows.some((row) => this.#table.get(row, 'outcome') === CANCELLED),
      ...(good === undefined ? {} : { isGood: rows.every((row) => good[row]) }),
    });
    return new Map([
      ...[...this.#dialogues].map(([id, rows]) => [id, keyed(rows)] as const),
      ...this.#keys.map((key, row) => [key, keyed([row])] as const),
    ]);
  }
}
