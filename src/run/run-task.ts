import { isPaced, pacerFor } from '../load/pacer.ts';
import { runLoad } from '../load/scheduler.ts';
import type { RunRecord, Transcript } from '../record.ts';
import { ask } from './ask.ts';
import { type CallSource, callAt, callCount } from './calls.ts';
import type { RunControl, StopReason } from './control.ts';
import type { Service } from './target.ts';

/** A service that never answered this often from the start is not asked any further. */
const GIVE_UP_AFTER = 20;

/** Counters of the load that is running, for the progress line. */
export interface TaskProgress {
  readonly total: number;
  done: number;
  failed: number;
  inFlight: number;
  /** Tokens of the requests that are done. */
  outputTokens: number;
  /** On the run's clock, ms. */
  readonly startedAt: number;
}

export interface LoadOutcome {
  readonly planned: number;
  readonly sent: number;
  readonly stopped: StopReason | undefined;
}

export interface AnswerSink {
  record(record: RunRecord): void;
  transcript(transcript: Transcript): void;
}

/** Puts every call of a source through a service and hands each answer on as it comes. */
export async function runTask(
  source: CallSource,
  service: Service,
  sink: AnswerSink,
  control: RunControl,
  progress: TaskProgress,
): Promise<LoadOutcome> {
  const { model: plan } = source;
  const stop = control.newSwitch();
  let gaveUp = false;
  const send = async (n: number, scheduled: number): Promise<void> => {
    progress.inFlight += 1;
    const call = callAt(source, n);
    const target = service.pick(call.ref);
    const { record, transcript } = await ask(target, call, service.wire, {
      attempts: plan.attempts,
      scheduled,
    });
    target.release();
    sink.record(record);
    sink.transcript(transcript);
    countIn(progress, record);
    if (progress.failed === progress.done && progress.failed >= GIVE_UP_AFTER) {
      gaveUp = true;
      stop.stop();
    }
  };
  const planned = callCount(source);
  const sent = await runLoad(
    {
      pacer: pacerFor(planned, plan.ratePerSecond),
      paced: isPaced(plan.ratePerSecond),
      concurrency: plan.concurrency,
      clock: service.wire.clock,
      stop,
    },
    send,
  );
  const stopped = control.interrupted ? 'interrupted' : gaveUp && sent < planned ? 'gave-up' : undefined;
  return { planned, sent, stopped };
}

function countIn(progress: TaskProgress, record: RunRecord): void {
  progress.inFlight -= 1;
  progress.done += 1;
  if (record.outcome === 'failed') progress.failed += 1;
  else progress.outputTokens += record.outputTokens?.value ?? 0;
}

/** Sends `count` requests that are not part of the result; returns the failures' words. */
export async function warmUp(
  source: CallSource,
  service: Service,
  count: number,
  control: RunControl,
): Promise<readonly string[]> {
  const failures: string[] = [];
  const available = callCount(source);
  if (available === 0 || count === 0) return failures;
  const send = async (n: number, scheduled: number): Promise<void> => {
    const call = callAt(source, n % available);
    const target = service.pick(call.ref);
    const { record } = await ask(target, call, service.wire, { attempts: 1, scheduled });
    target.release();
    if (record.outcome === 'failed') failures.push(record.failure.message);
  };
  await runLoad(
    {
      pacer: pacerFor(count, 0),
      paced: false,
      concurrency: source.model.concurrency,
      clock: service.wire.clock,
      stop: control.newSwitch(),
    },
    send,
  );
  return failures;
}
