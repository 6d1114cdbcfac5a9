import { InvalidArgumentError } from 'commander';
import { type ManifestPart, PARTS } from '../../workers/kubernetes/manifests.ts';
import type { Mount } from '../../workers/kubernetes/options.ts';
import type { Flag } from './flag.ts';
import { whole } from './values.ts';
import { groupName, NATS_FILE_FLAGS, type NatsFlags, processes } from './worker-flags.ts';

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
