/** A process that sends, played: it obeys orders at once, and fails as the test says. */
import type { Channel, ChannelListener } from '../../src/workers/channel.ts';
import type { Counters, Order, ReportOf } from '../../src/workers/protocol.ts';

interface FakeChannelOptions {
  /** It dies before it is ready. */
  readonly dies?: boolean;
  /** It does not react to any order. */
  readonly hangs?: boolean;
}

const LIVE = { ttft: [], itl: [], lag: [], failures: [], health: [] } as unknown as ReportOf<'sent'>['live'];

export class FakeChannel implements Channel {
  readonly name: string;
  readonly leadMs = 0;
  readonly orders: Order[] = [];
  killed = false;
  readonly #options: FakeChannelOptions;
  #listener: ChannelListener | undefined;

  constructor(name: string, options: FakeChannelOptions = {}) {
    this.name = name;
    this.#options = options;
  }

  listen(listener: ChannelListener): void {
    this.#listener = listener;
  }

  send(order: Order): void {
    this.orders.push(order);
    const { dies, hangs } = this.#options;
    if (hangs) return;
    queueMicrotask(() => {
      if (order.type === 'assign' && dies) this.lose('killed');
      else if (order.type === 'assign') this.#listener?.report({ type: 'ready' });
      else if (order.type === 'open') this.#listener?.report({ type: 'opened' });
      else if (order.type === 'finish' || order.type === 'drain') this.end(0);
      else if (order.type === 'stop') this.lose('exit code 0');
    });
  }

  kill(): void {
    this.killed = true;
  }

  /** Ends its part of a task. */
  end(done: number, stopped?: 'gave-up', begunAt = 0): void {
    const outcome = { sent: done, stopped };
    this.#listener?.report({ type: 'sent', counters: counters(done), live: LIVE, outcome, begunAt });
  }

  progress(done: number): void {
    this.#listener?.report({ type: 'progress', counters: counters(done), live: LIVE });
  }

  lose(why: string): void {
    this.#listener?.gone(why);
  }

  /** Types of the orders after the assignment. */
  get orderTypes(): string[] {
    return this.orders.slice(1).map(({ type }) => type);
  }
}

function counters(done: number): Counters {
  return { done, failed: 0, inFlight: 0, outputTokens: 0 };
}
