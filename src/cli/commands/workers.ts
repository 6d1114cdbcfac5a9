/** Workers of other machines: `ais_bench worker` is one, `ais_bench k8s` describes them. */
import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { stringify } from 'yaml';
import { defined } from '../../basics/defined.ts';
import { toolVersion } from '../../basics/version.ts';
import { flagName } from '../../config/flags.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { newWorkerFolder, removeLeftFolders } from '../../store/growing-files.ts';
import { ChildChannel } from '../../workers/channel.ts';
import { HostClock } from '../../workers/clocks.ts';
import { Host } from '../../workers/host.ts';
import {
  type ClusterOptions,
  type Manifest,
  manifests,
  type NatsChoice,
  PARTS,
} from '../../workers/kubernetes.ts';
import { connect, natsWire, refusal } from '../../workers/nats.ts';
import type { K8sFlags, WorkerCommandFlags } from '../args/worker-flags.ts';
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

/** `ais_bench k8s --image IMAGE [-- ARGUMENTS OF THE RUN]`: workers, NATS and coordinator for `kubectl apply -f -`. */
export function k8s(run: readonly string[], flags: K8sFlags): number {
  const options = clusterOptions(run, flags);
  const objects = manifests(options, flags.part.length === 0 ? PARTS : flags.part);
  process.stdout.write(`${introduction(options)}${objects.map(document).join('')}`);
  return EXIT.ok;
}

function document(object: Manifest): string {
  // Numbers and words that YAML 1.1 reads otherwise are quoted: kubectl reads that.
  return `---\n${stringify(object, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 })}`;
}

function clusterOptions(run: readonly string[], flags: K8sFlags): ClusterOptions {
  const { image, name, namespace, group = name, replicas, cpu, memory, results, storageClass } = flags;
  const { processes = wholeProcessors(cpu) } = flags;
  if (image === undefined) {
    throw new AisBenchError('TMAN-CMD-001', 'no image of the worker', {
      where: '--image',
      cure: 'build one from the Containerfile, push it where the cluster finds it, and name it',
    });
  }
  refuseKeys(run);
  return {
    image,
    name,
    group,
    replicas,
    processes,
    cpu,
    memory,
    nats: natsChoice(flags),
    mounts: flags.mount,
    secrets: flags.secret,
    natsFlags: NATS_FILES.flatMap((name) => {
      const file = flags[name];
      return file === undefined ? [] : [flagName(name), file];
    }),
    run,
    results,
    ...defined({ namespace, storageClass }),
  };
}

const NATS_FILES = ['natsCa', 'natsCert', 'natsKey', 'natsCreds', 'natsNkey'] as const;

/** `2500m` → 2; at least 1. */
function wholeProcessors(cpu: string): number {
  const amount = Number.parseFloat(cpu);
  return Math.max(1, Math.floor(cpu.endsWith('m') ? amount / 1000 : amount));
}

function natsChoice({ nats, natsImage, storage }: K8sFlags): NatsChoice {
  if (nats === undefined) return { own: { image: natsImage, storage } };
  const secret = /^secret:(.+)$/.exec(nats)?.[1];
  if (secret !== undefined) return { secret };
  if (nats.includes('@')) {
    throw new AisBenchError('TMAN-CMD-002', 'a manifest is no place for a password', {
      where: '--nats',
      cure: 'put the URL into a Secret under the key AIS_BENCH_NATS, and write --nats secret:NAME',
    });
  }
  return { url: nats };
}

function refuseKeys(run: readonly string[]): void {
  if (!run.some((word) => word === '--api-key' || word.startsWith('--api-key='))) return;
  throw new AisBenchError('TMAN-CMD-002', 'a manifest is no place for a key', {
    where: '--api-key',
    cure: "put it into a Secret, and write --secret NAME -- … --header 'Authorization: Bearer {env:KEY}'",
  });
}

/** Returns comments that say how to use the objects. */
function introduction({ name, namespace, run, nats, group, replicas }: ClusterOptions): string {
  const kubectl = `kubectl${namespace === undefined ? '' : ` -n ${namespace}`}`;
  const fromHere = [
    ...('own' in nats ? [`${kubectl} port-forward service/${name}-nats 4222`] : []),
    `ais_bench … --workers ${group}:${replicas} --nats ${'own' in nats ? 'nats://127.0.0.1:4222' : 'URL'}`,
  ];
  const lines = [
    'Workers of ais_bench and what they need. Apply it: pipe it into',
    `  ${kubectl} apply -f -`,
    ...(run.length === 0
      ? ['Then run on them from here:', ...fromHere.map((line) => `  ${line}`)]
      : ['Then watch the run:', `  ${kubectl} logs -f job/${name}-coordinator`]),
    'When all is done, take it away, its volumes too:',
    `  ${kubectl} delete all,configmap,pvc -l app.kubernetes.io/instance=${name}`,
  ];
  return lines.map((line) => `# ${line}\n`).join('');
}
