import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { toolVersion } from '../../basics/version.ts';
import { EXIT } from '../../contract/errors.ts';
import { newWorkerFolder, removeLeftFolders } from '../../store/worker-folders.ts';
import { ChildChannel } from '../../workers/channel.ts';
import { HostClock } from '../../workers/clocks.ts';
import { Host } from '../../workers/host.ts';
import { connect, natsWire, refusal } from '../../workers/nats.ts';
import type { WorkerCommandFlags } from '../args/worker-flags.ts';
import { natsOptions } from '../nats-options.ts';
import { STOP_SIGNALS } from '../print/exit.ts';

/** `ais_bench worker`: sends for the runs of other machines, until it is interrupted. */
export async function worker(flags: WorkerCommandFlags): Promise<number> {
  const id = randomBytes(4).toString('hex');
  const name = flags.name ?? `${hostname()}-${id.slice(0, 4)}`;
  const info = (text: string) => process.stderr.write(`worker ${name}: ${text}\n`);
  removeLeftFolders();
  info('connects to the NATS server');
  const connection = await connect({
    ...natsOptions(flags),
    name: `ais_bench worker ${name}`,
    patienceMs: Number.POSITIVE_INFINITY,
  });
  const host = new Host({
    connection,
    wire: natsWire(connection),
    group: flags.group,
    self: {
      ...{ id, name, host: hostname(), version: toolVersion() },
      processes: flags.processes === 'auto' ? Math.max(1, availableParallelism() - 1) : flags.processes,
    },
    clock: new HostClock(flags.clockSkew),
    open: (process, silenceMs) => new ChildChannel(process, silenceMs),
    newFolder: newWorkerFolder,
    info,
  });
  info(`waits for runs as a worker of ${flags.group}`);
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of STOP_SIGNALS) process.once(signal, resolve);
  });
  // The connection comes back by itself, unless the server has started to refuse it.
  const why = await Promise.race([stopped, connection.nats.closed()]);
  if (why instanceof Error) throw refusal(why, '--nats');
  info('stops');
  await host.stop();
  await connection.close();
  // A worker that is sent away, as from a node that is drained, was not done: a cluster starts it again elsewhere.
  return why === 'SIGTERM' ? EXIT.interrupted : EXIT.ok;
}
