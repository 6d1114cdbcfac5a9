import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { toolVersion } from '../../basics/version.ts';
import { EXIT } from '../../contract/errors.ts';
import { Agent } from '../../workers/agent.ts';
import { ChildLine } from '../../workers/child-line.ts';
import { connect, refusal } from '../../workers/connect.ts';
import { HostClock } from '../../workers/host-clock.ts';
import type { Order, Report } from '../../workers/messages.ts';
import type { Hearing, HostedWorker, ReportKind, TakeCases } from '../../workers/session.ts';
import { natsWire } from '../../workers/wire.ts';
import { WorkerCases } from '../../workers/worker-cases.ts';
import { newAgentFolder, removeLeftFolders } from '../agent-folders.ts';
import type { AgentCommandFlags } from '../args/agent-flags.ts';
import { natsOptions } from '../nats-options.ts';
import { STOP_SIGNALS } from '../print/run-view.ts';

/** How long a worker may take to end, ms. */
const PATIENCE_MS = 3000;

/** `ais_bench agent`: sends for the runs of others, until it is interrupted. */
export async function agent(flags: AgentCommandFlags): Promise<number> {
  const id = randomBytes(4).toString('hex');
  const name = flags.name ?? `${hostname()}-${id.slice(0, 4)}`;
  const say = (text: string) => process.stderr.write(`agent ${name}: ${text}\n`);
  removeLeftFolders();
  say('reaches for the NATS server');
  const connection = await connect({
    ...natsOptions(flags, `ais_bench agent ${name}`),
    patienceMs: Number.POSITIVE_INFINITY,
  });
  const worker = new Agent({
    connection,
    wire: natsWire(connection),
    group: flags.group,
    self: {
      ...{ id, name, host: hostname(), version: toolVersion() },
      workers: flags.workers === 'auto' ? Math.max(1, availableParallelism() - 1) : flags.workers,
    },
    clock: new HostClock(flags.clockSkew),
    launch,
    newFolder: newAgentFolder,
    say,
  });
  say(`waits for work as one of ${flags.group}`);
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of STOP_SIGNALS) process.once(signal, resolve);
  });
  // It comes back by itself, unless the server has begun to refuse it.
  const why = await Promise.race([stopped, connection.nats.closed()]);
  if (why instanceof Error) throw refusal(why, '--nats');
  say('stops');
  await worker.stop();
  await connection.close();
  // Who is sent away, as from a node that is emptied, was not done: a cluster starts it again elsewhere.
  return why === 'SIGTERM' ? EXIT.interrupted : EXIT.ok;
}

/** A load worker as every run has them, which writes on this host. */
function launch(
  worker: number,
  folder: string,
  { report, gone }: Hearing,
  takeCases: TakeCases,
): HostedWorker {
  const line = new ChildLine(`load worker ${worker + 1}`);
  const cases = new WorkerCases(line, takeCases);
  const closed = new Promise<void>((resolve) => {
    line.listen({
      report: (message) => {
        if (!cases.hear(message)) void cases.settled(message).then(() => report(message, kindOf(message)));
      },
      gone: (why) => {
        void cases.release();
        gone(why);
        resolve();
      },
    });
  });
  return {
    tell: (order) => {
      cases.obey(order as Order);
      const refusal = refusalOf(order as Order);
      if (refusal === undefined) return line.tell(ofThisHost(order as Order, folder));
      report({ type: 'broken', ...refusal } satisfies Report, 'word');
      line.tell({ type: 'end' });
    },
    end: async () => {
      line.tell({ type: 'abort' });
      line.tell({ type: 'end' });
      const timer = setTimeout(() => line.kill(), PATIENCE_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function kindOf({ type }: Report): ReportKind {
  if (type === 'progress') return 'news';
  return type === 'sent' ? 'result' : 'word';
}

function ofThisHost(order: Order, folder: string): Order {
  return order.type === 'plan' ? { ...order, folder } : order;
}

/** Flags are data, but for one that names a program to start. */
function refusalOf(order: Order): Omit<Extract<Report, { type: 'broken' }>, 'type'> | undefined {
  if (order.type !== 'plan') return undefined;
  const { python, set } = order.flags;
  if (python === undefined && !set.some((text) => /^[^=]*\bpython\s*=/.test(text))) return undefined;
  const message = 'it starts no Python that a run names';
  const cure = 'leave --python out, and name the interpreter in a config of the agents';
  return { why: message, error: { code: 'AGENT-PARAM-001', message, where: '--python', cure } };
}
