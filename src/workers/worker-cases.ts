import type { WorkerLine } from './line.ts';
import type { Order, Report } from './messages.ts';
import type { CaseTaker } from './queue-supply.ts';
import type { TakeCases } from './session.ts';

/** The cases that a load worker of an agent takes from the queue of its task. */
export class WorkerCases {
  readonly #line: Pick<WorkerLine, 'tell'>;
  readonly #take: TakeCases;
  #taker: CaseTaker | undefined;

  constructor(line: Pick<WorkerLine, 'tell'>, take: TakeCases) {
    this.#line = line;
    this.#take = take;
  }

  /** A task whose cases are taken one by one begins with its order. */
  obey(order: Order): void {
    if (order.type !== 'open' || order.pull === undefined) return;
    this.#taker = this.#take(order.task, (n) => this.#line.tell({ type: 'case', n }));
  }

  /** Whether it is about cases: then it is for nobody else. */
  hear(report: Report): boolean {
    if (report.type === 'want') this.#taker?.want(report.cases);
    else if (report.type === 'answered') this.#taker?.answered(report.answer);
    else return false;
    return true;
  }

  /** Before the end of a task is told its answers are on the server, and what was not answered goes to others. */
  async settled({ type }: Report): Promise<void> {
    if (type === 'sent' || type === 'broken') await this.release();
  }

  async release(): Promise<void> {
    const taker = this.#taker;
    this.#taker = undefined;
    await taker?.release();
  }
}
