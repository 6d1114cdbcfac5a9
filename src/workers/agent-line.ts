import type { LineHearing, WorkerLine } from './line.ts';
import type { Order, Report } from './messages.ts';
import type { RemoteAgent } from './remote-agent.ts';

/** Whatever an order meets on its way, an agent that answers in time has it by then, ms. */
const LEAD_MS = 250;
/** As many trips: an order is sent again when its answer is lost. */
const LEAD_TRIPS = 6;

/** A load worker of an agent. */
export class AgentLine implements WorkerLine {
  readonly name: string;
  readonly #agent: RemoteAgent;
  readonly #worker: number;
  #gone: ((why: string) => void) | undefined;

  /** `worker`: counted from 0 over all agents. */
  constructor(agent: RemoteAgent, worker: number) {
    this.name = `load worker ${worker + 1} of ${nameOf(agent)}`;
    this.#agent = agent;
    this.#worker = worker;
  }

  get leadMs(): number {
    return LEAD_MS + LEAD_TRIPS * this.#agent.tripMs;
  }

  listen({ report, gone }: LineHearing): void {
    this.#gone = gone;
    this.#agent.listen(this.#worker, { report: (message) => report(message as Report), gone });
  }

  tell(order: Order): void {
    const there =
      order.type === 'open' ? { ...order, origin: this.#agent.instantThere(order.origin) } : order;
    this.#agent.tell(this.#worker, there);
  }

  /** Its agent ends it; here it is done with. */
  kill(): void {
    this.#gone?.('it did not end in time');
  }
}

/** As a person knows it. */
export function nameOf({ greeting: { name, host } }: RemoteAgent): string {
  return name.startsWith(host) ? `agent ${name}` : `agent ${name} (${host})`;
}
