import type { FailedRecord } from '../record.ts';
import type { RunListener, TaskResult } from '../run/execute.ts';
import type { Task } from '../run/prepare.ts';
import type { CourseFlags } from './course-flags.ts';
import type { RunLog } from './log.ts';
import { type Drawing, drawLines } from './progress.ts';
import type { RunPart } from './run-part.ts';
import { TaskBoard } from './task-board.ts';

const NO_DRAWING: Drawing = { aside: (say) => say(), end: () => {} };

/** Tells a person how these tasks go; with `--debug` each request that failed. */
export function listenerOf(
  log: RunLog,
  { debug = false }: CourseFlags,
  tasks: readonly Task[],
  part?: Pick<RunPart, 'begun' | 'ended'>,
): RunListener & { stop(): void } {
  const board = new TaskBoard(tasks);
  let drawing = NO_DRAWING;
  return {
    warned: (text) => drawing.aside(() => log.warn(text)),
    warmedUp: ({ warmupIsMeasured }, { sent, failures }) => {
      if (failures.length > 0)
        log.warn(`${failures.length} of ${sent} warm-up requests failed: ${failures[0]}`);
      else if (sent > 0 && warmupIsMeasured) {
        log.info('warm-up asked rows that are measured too: a prefix cache may know them');
      }
    },
    taskStarted: (task, progress) => {
      board.begin(task, progress);
      part?.begun?.(task, progress);
      const place = board.placeOf(task);
      if (place !== '') log.info(`${task.model.abbr} × ${task.dataset.abbr}: begins, ${place}`);
      // What is drawn again and again would be torn by what --debug tells.
      drawing.end();
      drawing = debug ? NO_DRAWING : drawLines(board.lines, process.stderr);
    },
    taskEnded: (result) => {
      board.end(result.task);
      drawing.end();
      drawing = NO_DRAWING;
      const seconds = (board.elapsed(result.task) / 1000).toFixed(1);
      for (const loss of result.outcome.lost ?? []) log.warn(loss);
      log.info(
        `${result.task.model.abbr} × ${result.task.dataset.abbr}: ${describeEnd(result)} in ${seconds} s`,
      );
    },
    // A task that broke off does not end.
    stop: () => {
      drawing.end();
      drawing = NO_DRAWING;
    },
    ...(part?.ended === undefined ? {} : { requestEnded: (record) => part.ended!(record) }),
    ...(debug ? { requestFailed: (record) => log.info(describeFailure(record)) } : {}),
  };
}

function describeFailure({ call, attempt, failure }: FailedRecord): string {
  const { dataset, index, repetition, turn } = call;
  const place = `${dataset}, row ${index}, repetition ${repetition}${turn === undefined ? '' : `, turn ${turn + 1}`}`;
  const status = failure.status === undefined ? '' : ` ${failure.status}`;
  return `failed: ${place}, attempt ${attempt}: ${failure.kind}${status}: ${failure.message}`;
}

function describeEnd({ outcome: { planned, sent, stopped } }: TaskResult): string {
  const of = planned === undefined ? '' : ` of ${planned}`;
  if (stopped === 'gave-up') return `gave up after ${sent}${of} requests: not one succeeded,`;
  if (stopped === 'over-saturated')
    return `stopped after ${sent}${of} requests: the backlog grew without bound,`;
  if (stopped === 'enough-seen') return `stopped after ${sent}${of} requests: enough missed the objectives,`;
  if (stopped === 'interrupted') return `interrupted after ${sent}${of} requests`;
  return `${sent} requests done`;
}
