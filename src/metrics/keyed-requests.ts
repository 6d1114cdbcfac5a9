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

  /** A request that was never sent is none. */
  add(record: RunRecord): void {
    if (record.times.sent === undefined) return;
    this.#table.add(record, record.outcome === 'ok' ? requestMetrics(record) : undefined);
    this.#keys.push(requestKey(record.call));
  }

  /** `slos` in ms. */
  byKey(slos?: Slos): ReadonlyMap<string, KeyedRequest> {
    const good = slos === undefined ? undefined : goodRows(this.#table, slos);
    return new Map(
      this.#keys.map((key, row) => [
        key,
        {
          done: this.#table.get(row, 'done'),
          cancelled: this.#table.get(row, 'outcome') === CANCELLED,
          ...(good === undefined ? {} : { isGood: good[row]! }),
        },
      ]),
    );
  }
}
