import type { Order, Report } from './messages.ts';

/** What is heard of a load worker. */
export interface LineHearing {
  report(report: Report): void;
  /** Once, and the last: it is gone, and why. */
  gone(why: string): void;
}

/** The way to one load worker, wherever it runs. */
export interface WorkerLine {
  /** What a person calls it: `load worker 3 of 4`. */
  readonly name: string;
  /** An order may take so long to reach it, ms. */
  readonly leadMs: number;
  /** Called once, before anything else. */
  listen(hearing: LineHearing): void;
  /** To one that is gone nothing is told. */
  tell(order: Order): void;
  kill(): void;
}
