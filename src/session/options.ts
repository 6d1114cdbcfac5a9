import type { Plan } from '../config/plan.ts';
import type { Finding } from '../contract/finding.ts';
import type { RunRecord } from '../contract/record.ts';
import type { DialectName } from '../metrics/dialects/types.ts';
import type { Slos } from '../metrics/goodput.ts';
import type { Ceiling } from '../sending/ceiling.ts';
import type { StopReason } from '../sending/control.ts';
import type { TaskResult } from '../sending/execute.ts';
import type { Task } from '../sending/prepare.ts';
import type { TaskProgress } from '../sending/run-task.ts';
import type { WorkerGroupOptions } from '../workers/remote-pool.ts';

/** What a run reports while it goes. Listeners run between requests: they must be quick, and must not throw. */
export type RunEvent =
  /** The run has its folder and knows what it sends. The run waits for a promise that a listener returns to this event. */
  | {
      readonly type: 'opened';
      /** Name of the run's folder, and its path. */
      readonly name: string;
      readonly folder: string;
      readonly plan: Plan;
      /** What is still to be sent, in order; empty where a mode sends nothing. */
      readonly tasks: readonly Task[];
    }
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'finding'; readonly finding: Finding }
  /** `progress` is kept up to date until the task ends. */
  | { readonly type: 'task-started'; readonly task: Task; readonly progress: TaskProgress }
  /** A request that this process sent has ended for good; workers report theirs through `progress`. */
  | { readonly type: 'request-ended'; readonly record: RunRecord }
  | { readonly type: 'task-ended'; readonly result: TaskResult }
  /** Everything is sent: results are computed and written from here on. */
  | { readonly type: 'sent' };

/** What numbers a report holds beside the usual ones. */
export interface ReportOptions {
  /** Objectives of goodput, ms. */
  readonly slos?: Slos | undefined;
  /** Another tool's counting, shown beside ours. */
  readonly dialect?: DialectName | undefined;
  /** The smallest objective that a search holds this load against, ms: lag is judged by it. */
  readonly smallestObjective?: number | undefined;
  /** Show acceptance of speculative decoding, from the service's own metrics. */
  readonly specDecode?: boolean | undefined;
}

/** Where the processes come from that send; how many of this machine is `load.workers` of the plan. */
export interface WorkerOptions {
  /** ms of silence after which a worker is lost; 10,000 unless given. */
  readonly silenceMs?: number | undefined;
  /** Workers of other machines, over NATS. */
  readonly remote?: WorkerGroupOptions | undefined;
  /** How NATS is reached: fetches what the remote workers of a run that is continued answered last. */
  readonly nats?: WorkerGroupOptions['nats'] | undefined;
  /** What reaches NATS and may be written nowhere. */
  readonly secrets?: readonly string[] | undefined;
}

/** Options of `run`. Nothing here changes what is sent: that is the plan. */
export interface RunOptions extends ReportOptions {
  /** Folder below which the run's folder is made; `workDir` of the plan unless given. */
  readonly folder?: string | undefined;
  /** Name of the run's folder; the time at which it begins unless given. */
  readonly name?: string | undefined;
  /** Continue, or report again, a run that is there: its name, or true for the newest. */
  readonly reuse?: string | true | undefined;
  /** Gives up what is in flight; the run then resolves with what it has. The reason may be a `StopReason`. */
  readonly signal?: AbortSignal | undefined;
  /** Sends nothing more, and lets what is in flight finish. */
  readonly drain?: AbortSignal | undefined;
  readonly on?: ((event: RunEvent) => void | Promise<void>) | undefined;
  /** Read the service's own metrics during load tests: true, false, or the URL of its metrics page. */
  readonly scrapeMetrics?: string | boolean | undefined;
  /** What this machine was measured to send; loads near it are warned of. */
  readonly ceiling?: Ceiling | undefined;
  readonly workers?: WorkerOptions | undefined;
  /** The arguments of the command that begins the run: kept in the folder as a command that can be typed, secrets masked. */
  readonly command?: readonly string[] | undefined;
}

const STOP_REASONS: ReadonlySet<unknown> = new Set<StopReason>(['over-saturated', 'enough-seen', 'gave-up']);

/** Returns why a signal was aborted; `interrupted` where its reason is none of ours. */
export function stopReason(signal: AbortSignal): StopReason {
  return STOP_REASONS.has(signal.reason) ? (signal.reason as StopReason) : 'interrupted';
}
