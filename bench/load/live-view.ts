/** All that a run with a terminal and `--live` does beside its load, and what it costs. */
import { EventEmitter } from 'node:events';
import { get } from 'node:http';
import type { RunRecord } from '../../src/contract/record.ts';
import { LiveFeed, serveLive } from '../../src/live/live-server.ts';
import { drawLines } from '../../src/live/progress-table.ts';
import { TaskBoard } from '../../src/live/task-board.ts';
import { LiveFigures } from '../../src/metrics/live.ts';
import { ONE_PASS } from '../../src/sending/load-plan.ts';
import type { Task } from '../../src/sending/prepare.ts';
import type { TaskProgress } from '../../src/sending/run-task.ts';

const SCREEN = { width: 199, height: 48 };
const AGAIN = 50;

export class LiveView {
  readonly progress: TaskProgress;
  readonly #board: TaskBoard;
  readonly #feed: LiveFeed;
  readonly #close: () => void;
  readonly #records: RunRecord[] = [];
  #draws = 0;
  #ticks = 0;

  private constructor(progress: TaskProgress, board: TaskBoard, feed: LiveFeed, close: () => void) {
    this.progress = progress;
    this.#board = board;
    this.#feed = feed;
    this.#close = close;
  }

  /** A terminal of 200 × 50, and a page that one reader watches. */
  static async open(streams: number, total: number, startedAt: number): Promise<LiveView> {
    const counts = { done: 0, failed: 0, inFlight: 0, outputTokens: 0 };
    const progress: TaskProgress = { ...counts, total, startedAt, live: new LiveFigures() };
    const task = taskOf(streams, total);
    const board = new TaskBoard([task], { load: ONE_PASS.settings, mode: 'perf' });
    board.begin(task, progress);
    const feed = new LiveFeed(() => {
      view.#ticks += 1;
      return board.watched();
    });
    const screen = Object.assign(new EventEmitter(), {
      isTTY: true,
      columns: 200,
      rows: 50,
      write: () => true,
    });
    const view: LiveView = new LiveView(progress, board, feed, () => {
      drawing.end();
      server.close();
    });
    const server = await serveLive('<p>page</p>', feed, 0);
    get(`${server.url}events`, (reply) => reply.resume()).on('error', () => {});
    const drawing = drawLines(
      (size) => {
        view.#draws += 1;
        return board.lines(size);
      },
      screen as unknown as NodeJS.WriteStream,
    );
    return view;
  }

  /** As `recordTask` does. */
  add(record: RunRecord): void {
    this.progress.live!.add(record);
    this.#records.push(record);
  }

  close(): void {
    this.#close();
  }

  /** CPU of all that it did, done again many times over: one call is too short to be measured. Milliseconds. */
  costMs(): number {
    const [draws, ticks] = [this.#draws, this.#ticks];
    const adding = cpuMs(() => {
      const live = new LiveFigures();
      for (const record of this.#records) live.add(record);
    });
    const drawing = cpuMs(() => this.#board.lines(SCREEN));
    const telling = cpuMs(() => JSON.stringify(this.#feed.tick()));
    return adding + draws * drawing + ticks * telling;
  }
}

/** Of one call, milliseconds. */
function cpuMs(act: () => unknown): number {
  const before = process.cpuUsage();
  for (let n = 0; n < AGAIN; n++) act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / AGAIN;
}

/** As far as a board looks at a task. */
function taskOf(streams: number, total: number): Task {
  const model = { abbr: 'bench', concurrency: streams, arrival: { kind: 'closed' } };
  const rows = Array.from({ length: total }, () => ({}));
  return {
    model,
    dataset: { abbr: 'load' },
    source: { model, rows, shape: { countRequests: () => 1 } },
  } as unknown as Task;
}
