import type { RunControl } from '../sending/control.ts';
import type { CaseOrder, Order } from './messages.ts';

/** The orders of a load worker, one after the other. Interrupts and cases are obeyed at once. */
export class Inbox {
  readonly #orders: Order[] = [];
  #heard: (() => void) | undefined;
  /** Hears of orders about cases; where nobody does they come too late, for a task that has ended. */
  onCase: ((order: CaseOrder) => void) | undefined;

  /** The command's end of the channel is gone when the command is: then there is nobody to report to. */
  constructor(control: RunControl) {
    process.on('message', (order: Order) => {
      if (order.type === 'drain') control.drain();
      else if (order.type === 'abort') control.abort();
      else if (isAboutCases(order)) this.onCase?.(order);
      else this.#put(order);
    });
    process.once('disconnect', () => {
      control.abort();
      this.#put({ type: 'end' });
    });
  }

  async next(): Promise<Order> {
    while (this.#orders.length === 0) await new Promise<void>((resolve) => (this.#heard = resolve));
    return this.#orders.shift()!;
  }

  #put(order: Order): void {
    this.#orders.push(order);
    this.#heard?.();
  }
}

function isAboutCases(order: Order): order is CaseOrder {
  return order.type === 'case' || order.type === 'slots' || order.type === 'over';
}
