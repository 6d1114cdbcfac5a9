import type { RunControl } from '../../run/control.ts';
import type { Order } from './messages.ts';

/** The orders of a load worker, one after the other. Interrupts are obeyed at once. */
export class Inbox {
  readonly #orders: Order[] = [];
  #heard: (() => void) | undefined;

  /** The command's end of the channel is gone when the command is: then there is nobody to report to. */
  constructor(control: RunControl) {
    process.on('message', (order: Order) => {
      if (order.type === 'drain') control.drain();
      else if (order.type === 'abort') control.abort();
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
