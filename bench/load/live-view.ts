/** All that a run with a terminal and `--live` does beside its load, and how long it takes. */
import { EventEmitter } from 'node:events';
import { get } from 'node:http';
import { drawLines } from '../../src/live/draw.ts';
import { LiveFeed } from '../../src/live/live-feed.ts';
import { serveLive } from '../../src/live/live-server.ts';
import { TaskBoard } from '../../src/live/task-board.ts';
import { LiveFigures } from '../../src/metrics/live.ts';
import type { RunRecord } from '../../src/record.ts';
import { ONE_PASS } from '../../src/run/load-plan.ts';
import type { Task } from '../../src/run/prepare.ts';
import type { TaskProgress } from '../../src/run/run-task.ts';

export class LiveView {
  readonly progress: TaskProgress;
  readonly #close: () => void;
  spentMs = 0;

  private constructor(progress: TaskProgress, open: (view: LiveView) => () => void) {
    this.progress = progress;
    this.#close = open(this);
  }

  /** A terminal of 200 × 50, and a page that one reader watches. */
  static async open(streams: number, total: number, startedAt: number): Promise<LiveView> {
    const counts = { done: 0, failed: 0, inFlight: 0, outputTokens: 0 };
    const progress: TaskProgress = { ...counts, total, startedAt, live: new LiveFigures() };
    const task = taskOf(streams, total);
    const board = new TaskBoard([task], { load: ONE_PASS.settings, mode: 'perf' });
    board.begin(task, progress);
    let view: LiveView | undefined;
    const timed = <T>(act: () => T): T => (view === undefined ? act() : view.#timed(act));
    const feed = new LiveFeed(() => timed(() => board.watched()));
    const server = await serveLive('<p>page</p>', feed, 0);
    get(`${server.url}events`, (reply) => reply.resume()).on('error', () => {});
    const screen = Object.assign(new EventEmitter(), {
      isTTY: true,
      columns: 200,
      rows: 50,
      write: () => true,
    });
    view = new LiveView(progress, () => {
      const drawing = drawLines(
        (size) => timed(() => board.lines(size)),
        screen as unknown as NodeJS.WriteStream,
      );
      return () => {
        drawing.end();
        server.close();
      };
    });
    return view;
  }

  /** As `recordTask` does. */
  add(record: RunRecord): void {
    this.#timed(() => this.progress.live!.add(record));
  }

  close(): void {
    this.#close();
  }

  #timed<T>(act: () => T): T {
    const before = process.cpuUsage();
    try {
      return act();
    } finally {
      const { user, system } = process.cpuUsage(before);
      this.spentMs += (user + system) / 1000;
    }
  }
}

/** As far as a board looks at a task. */
function taskOf(streams: number, total: number): Task {
  const model = { abbr: 'bench', concurrency: streams, arrival: { kind: 'closed' } };
  const rows = Array.from({ length: total }, () => ({}));
  return {
    model,
    dataset: { abbr: 'load' },
    source: { model, rows, shape: { requestsOf: () => 1 } },
  } as unknown as Task;
}
