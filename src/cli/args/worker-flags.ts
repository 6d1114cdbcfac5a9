import { InvalidArgumentError } from 'commander';
import type { RunFlags } from '../../config/flags.ts';
import { type ManifestPart, type Mount, PARTS } from '../../workers/kubernetes.ts';
import { SUBJECT_NAME } from '../../workers/protocol.ts';
import { type Flag, numberIn, whole } from './flag.ts';

/** Flags about the NATS server. */
export interface NatsFlags {
  readonly nats?: string;
  readonly natsCa?: string;
  readonly natsCert?: string;
  readonly natsKey?: string;
  readonly natsCreds?: string;
  readonly natsNkey?: string;
}

/** Flags about the workers of a run, and how remote ones are reached. */
export interface RemoteFlags extends NatsFlags {
  /** Seconds. */
  readonly workerSilence?: number;
  /** Seconds. */
  readonly workerWait?: number;
}

/** `ais_bench worker` */
export interface WorkerCommandFlags extends NatsFlags {
  readonly group: string;
  readonly name?: string;
  readonly processes: number | 'auto';
  /** ms */
  readonly clockSkew?: number;
}

/** Files that this tool and the NATS server identify each other by. */
const NATS_FILE_FLAGS: readonly Flag[] = [
  { flags: '--nats-ca <file>', meaning: 'authority that signed the certificate of the NATS server' },
  { flags: '--nats-cert <file>', meaning: 'client certificate for the NATS server' },
  { flags: '--nats-key <file>', meaning: 'key of the client certificate' },
  { flags: '--nats-creds <file>', meaning: 'credentials for the NATS server: a JWT and its seed' },
  { flags: '--nats-nkey <file>', meaning: 'seed of an nkey for the NATS server' },
];

const NATS_FLAGS: readonly Flag[] = [
  {
    flags: '--nats <url>',
    meaning: 'NATS server, nats://host:4222 or tls://host:4222; several: with commas',
    env: 'AIS_BENCH_NATS',
  },
  ...NATS_FILE_FLAGS,
];

export const WORKERS_FLAG: Flag = {
  flags: '--workers <n|auto|group[:n]>',
  meaning: 'sending processes, or n remote workers of a group (ais_bench worker)',
  otherwise: 'auto in load tests, else 1',
  parse: parseWorkers,
  replaces: ['--load-workers', '--agents'],
};

export const WORKER_SILENCE_FLAG: Flag = {
  flags: '--worker-silence <seconds>',
  meaning: 'time without a sign of life after which a worker is lost',
  otherwise: '10',
  parse: numberIn(0.5, 3600, 'seconds'),
  replaces: ['--agent-silence'],
};

/** Flags of a run about remote workers. */
export const REMOTE_FLAGS: readonly Flag[] = [
  {
    flags: '--worker-wait <seconds>',
    meaning: 'time to wait for that many workers, and for the NATS server',
    otherwise: '60, and 0 for the NATS server',
    parse: numberIn(0, 86_400, 'seconds'),
    replaces: ['--agent-wait'],
  },
  ...NATS_FLAGS,
];

export const WORKER_FLAGS: readonly Flag[] = [
  {
    flags: '--group <name>',
    meaning: 'group that runs name with --workers',
    fallback: 'default',
    parse: groupName,
  },
  { flags: '--name <name>', meaning: 'name in reports', otherwise: 'the host, and a number' },
  {
    flags: '--processes <n>',
    meaning: 'largest number of sending processes; auto: the cores less one',
    fallback: 'auto',
    parse: processes,
    replaces: ['--workers'],
  },
  ...NATS_FLAGS,
  {
    flags: '--clock-skew <ms>',
    meaning: 'how wrong its clock is',
    parse: numberIn(-1e9, 1e9, 'milliseconds'),
    hidden: true,
  },
];

/** Reads the name of a group. */
function groupName(text: string): string {
  if (SUBJECT_NAME.test(text)) return text;
  throw new InvalidArgumentError('A name of a group has letters, digits, - and _ only.');
}

/** Reads a number of processes, or `auto`. */
function processes(text: string): number | 'auto' {
  return text === 'auto' ? text : whole(1, 256)(text);
}

/** Reads `4`, `auto`, `load` or `load:4`. */
function parseWorkers(text: string): NonNullable<RunFlags['workers']> {
  if (text === 'auto' || /^[-\d.]*$/.test(text)) return processes(text);
  const [, named = '', least = '1'] = /^(.*?)(?::([1-9]\d*))?$/.exec(text) ?? [];
  return { group: groupName(named), least: Number(least) };
}

/** Flags of `ais_bench k8s`; files of `NatsFlags` are paths in the mounts of the workers. */
export interface K8sFlags extends NatsFlags {
  readonly image?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly group?: string;
  readonly replicas: number;
  readonly processes?: number | 'auto';
  readonly cpu: string;
  readonly memory: string;
  readonly natsImage: string;
  readonly storage: string;
  readonly storageClass?: string;
  readonly results: string;
  readonly mount: readonly Mount[];
  readonly secret: readonly string[];
  readonly part: readonly ManifestPart[];
}

export const K8S_FLAGS: readonly Flag[] = [
  { flags: '--image <image>', meaning: 'image of the worker, built from the Containerfile; required' },
  {
    flags: '--name <name>',
    meaning: 'prefix of the names of all objects',
    fallback: 'ais-bench',
    parse: label(40),
  },
  {
    flags: '--namespace <name>',
    meaning: 'namespace of the objects',
    otherwise: 'that of kubectl',
    parse: label(63),
  },
  { flags: '--group <name>', meaning: 'group of the workers', otherwise: '--name', parse: groupName },
  {
    flags: '--replicas <n>',
    meaning: 'number of workers',
    fallback: 2,
    parse: whole(1, 1000),
    replaces: ['--agents'],
  },
  {
    flags: '--processes <n>',
    meaning: 'sending processes of each worker',
    otherwise: 'one per whole processor',
    parse: processes,
    replaces: ['--workers'],
  },
  { flags: '--cpu <quantity>', meaning: 'processors of each worker', fallback: '2', parse: quantity },
  { flags: '--memory <quantity>', meaning: 'memory of each worker', fallback: '2Gi', parse: quantity },
  {
    flags: '--nats <url>',
    meaning: 'existing NATS server: a URL, or secret:NAME with the URL under AIS_BENCH_NATS',
    otherwise: 'a new one',
  },
  { flags: '--nats-image <image>', meaning: 'image of the NATS server', fallback: 'nats:2.12-alpine' },
  { flags: '--storage <quantity>', meaning: 'volume of the NATS server', fallback: '10Gi', parse: quantity },
  { flags: '--storage-class <name>', meaning: 'class of the volumes', otherwise: "the cluster's" },
  { flags: '--results <quantity>', meaning: 'volume for the results', fallback: '10Gi', parse: quantity },
  ...NATS_FILE_FLAGS,
  {
    flags: '--mount <kind:name:path>',
    meaning: 'configmap, secret or pvc to mount in workers and coordinator (repeatable)',
    fallback: [],
    repeatable: true,
    parse: mount,
  },
  {
    flags: '--secret <name>',
    meaning: 'Secret with environment variables of workers and coordinator (repeatable)',
    fallback: [],
    repeatable: true,
    parse: objectName,
  },
  {
    flags: '--part <name>',
    meaning: `part to print, of ${PARTS.join(', ')} (repeatable)`,
    otherwise: 'all',
    fallback: [],
    repeatable: true,
    parse: part,
  },
];

const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const OBJECT_NAME = /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;
const QUANTITY = /^(\d+|\d*\.\d+)(m|k|[MGTPE]|[KMGTPE]i)?$/;

/** Reads a name that can be the prefix of a host name. */
function label(most: number): (text: string) => string {
  return (text) => {
    if (text.length <= most && LABEL.test(text)) return text;
    throw new InvalidArgumentError(
      `It is not up to ${most} small letters, digits and hyphens, a letter first and no hyphen last.`,
    );
  };
}

function objectName(text: string): string {
  if (text.length <= 253 && OBJECT_NAME.test(text)) return text;
  throw new InvalidArgumentError('It is not a name of an object: small letters, digits, hyphens and dots.');
}

function quantity(text: string): string {
  if (QUANTITY.test(text) && Number.parseFloat(text) > 0) return text;
  throw new InvalidArgumentError('It is not a Kubernetes quantity: write 2, 500m or 4Gi.');
}

/** Reads `configmap:my-models:/bench/configs/models`. */
function mount(text: string): Mount {
  const [, kind, name = '', path] = /^(configmap|secret|pvc):([^:]+):(\/[^:]*)$/.exec(text) ?? [];
  if (kind === undefined || path === undefined) {
    throw new InvalidArgumentError('It is not KIND:NAME:/PATH with configmap, secret or pvc as KIND.');
  }
  return { kind: kind as Mount['kind'], name: objectName(name), path };
}

function part(text: string): ManifestPart {
  const found = PARTS.find((one) => one === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`It is not one of ${PARTS.join(', ')}.`);
}
