import { plural } from '../basics/plural.ts';
import type { FailedRecord } from '../contract/record.ts';
import { type Drawing, drawLines, NO_DRAWING } from '../live/draw.ts';
import type { TaskBoard } from '../live/task-board.ts';
import type { RunListener, TaskResult } from '../sending/execute.ts';
import type { Task } from '../sending/prepare.ts';
import type { CourseFlags } from './course-flags.ts';
import type { RunLog } from './log.ts';
import type { RunPart } from './run-part.ts';

/** Without a terminal, how it goes is told so often. */
const TELL_EVERY_MS = 60_000;

/** Tells a person how these tasks go; with `--debug` each request that failed. */
export function listenerOf(
  log: RunLog,
  { debug = false }: CourseFlags,
  board: TaskBoard,
  part?: Pick<RunPart, 'begun' | 'ended'>,
): RunListener & { stop(): void } {
  const show = newShow(board, log, debug);
  return {
    warned: log.warn,
    warmedUp: ({ warmupIsMeasured }, { answered, failures }) => {
      const [first] = failures;
      if (first !== undefined) {
        const all = answered + failures.length;
        log.warn(`${failures.length} of ${plural(all, 'warm-up request')} failed: ${first.failure.message}`);
      } else if (answered > 0 && warmupIsMeasured) {
        log.info('warm-up asked rows that are measured too: a prefix cache may know them');
      }
    },
    taskStarted: (task, progress) => {
      board.begin(task, progress);
      part?.begun?.(task, progress);
      const place = board.placeOf(task);
      if (place !== '') log.info(`${nameOf(task)}: begins, ${place}`);
      show.begin();
    },
    taskEnded: (result) => {
      board.end(result.task);
      if (!board.isRunning) show.end();
      const seconds = (board.elapsed(result.task) / 1000).toFixed(1);
      for (const loss of result.outcome.lost ?? []) log.warn(loss);
      log.info(`${nameOf(result.task)}: ${describeEnd(result)} in ${seconds} s`);
    },
    // A task that broke off does not end.
    stop: show.end,
    ...(part?.ended === undefined ? {} : { requestEnded: (record) => part.ended!(record) }),
    ...(debug ? { requestFailed: (record) => log.info(describeFailure(record)) } : {}),
  };
}

/** What is shown while tasks run: on a terminal their table, else a line now and then. */
function newShow(board: TaskBoard, log: RunLog, debug: boolean): { begin(): void; end(): void } {
  let drawing: Drawing | undefined;
  const begin = (): Drawing => {
    // What is drawn again and again would drown in what --debug tells.
    if (process.stderr.isTTY && !debug) return drawLines(board.lines, process.stderr);
    const timer = setInterval(() => log.info(board.line()), TELL_EVERY_MS);
    return { ...NO_DRAWING, end: () => clearInterval(timer) };
  };
  return {
    begin: () => {
      drawing ??= begin();
      log.beside = drawing.aside;
    },
    end: () => {
      drawing?.end();
      drawing = undefined;
      log.beside = NO_DRAWING.aside;
    },
  };
}

function nameOf({ model, dataset }: Task): string {
  return `${model.abbr} × ${dataset.abbr}`;
}

function describeFailure({ call, attempt, failure }: FailedRecord): string {
  const { dataset, index, repetition, turn } = call;
  const place = `${dataset}, row ${index}, repetition ${repetition}${turn === undefined ? '' : `, turn ${turn + 1}`}`;
  const status = failure.status === undefined ? '' : ` ${failure.status}`;
  return `failed: ${place}, attempt ${attempt}: ${failure.kind}${status}: ${failure.message}`;
}

function describeEnd({ outcome: { planned, sent, stopped } }: TaskResult): string {
  const asked = planned === undefined ? plural(sent, 'request') : `${sent} of ${plural(planned, 'request')}`;
  if (stopped === 'gave-up') return `gave up after ${asked}: not one succeeded,`;
  if (stopped === 'over-saturated') return `stopped after ${asked}: the backlog grew without bound,`;
  if (stopped === 'enough-seen') return `stopped after ${asked}: enough missed the objectives,`;
  if (stopped === 'interrupted') return `interrupted after ${asked}`;
  return `${plural(sent, 'request')} done`;
}
