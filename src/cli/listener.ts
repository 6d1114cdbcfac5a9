import { performance } from 'node:perf_hooks';
import type { FailedRecord } from '../record.ts';
import type { RunListener, TaskResult } from '../run/execute.ts';
import type { CourseFlags } from './course-flags.ts';
import type { RunLog } from './log.ts';
import { showProgress } from './progress.ts';

/** Tells a person how the run goes; with `--debug` each request that failed. */
export function listenerOf(log: RunLog, { debug = false }: CourseFlags): RunListener {
  let endProgress = () => {};
  let startedAt = 0;
  return {
    warned: (text) => log.warn(text),
    warmedUp: ({ warmupIsMeasured }, { sent, failures }) => {
      if (failures.length > 0)
        log.warn(`${failures.length} of ${sent} warm-up requests failed: ${failures[0]}`);
      else if (sent > 0 && warmupIsMeasured) {
        log.info('warm-up asked rows that are measured too: a prefix cache may know them');
      }
    },
    taskStarted: (_task, progress) => {
      startedAt = performance.now();
      // A line that is drawn again and again would be torn by what --debug tells.
      endProgress = debug ? () => {} : showProgress(progress, process.stderr);
    },
    taskEnded: (result) => {
      endProgress();
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      for (const loss of result.outcome.lost ?? []) log.warn(loss);
      log.info(
        `${result.task.model.abbr} × ${result.task.dataset.abbr}: ${describeEnd(result)} in ${seconds} s`,
      );
    },
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
  if (stopped === 'interrupted') return `interrupted after ${sent}${of} requests`;
  return `${sent} requests done`;
}
