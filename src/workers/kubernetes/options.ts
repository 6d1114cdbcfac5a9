/** What a deployment consists of. */
export interface ClusterOptions {
  /** Image of the worker, e.g. one built from the Containerfile. */
  readonly image: string;
  /** Begins the name of every object, and is their label. */
  readonly name: string;
  /** Namespace of the objects; absent: the one that `kubectl` is set to. */
  readonly namespace?: string;
  readonly group: string;
  /** Number of workers. */
  readonly replicas: number;
  /** Processes of each worker that send. */
  readonly processes: number | 'auto';
  /** Kubernetes quantities, of each worker. */
  readonly cpu: string;
  readonly memory: string;
  readonly nats: NatsChoice;
  /** Volumes that workers and coordinator see. */
  readonly mounts: readonly Mount[];
  /** Names of Secrets whose keys are their environment variables. */
  readonly secrets: readonly string[];
  /** Their credentials for NATS: flags and their files, which are in `mounts`. */
  readonly natsFlags: readonly string[];
  /** Arguments of `ais_bench` for the coordinator; none: there is no coordinator in the cluster. */
  readonly run: readonly string[];
  /** Quantity: room for the results of the coordinator. */
  readonly results: string;
  /** Of the volumes; absent: the cluster's own choice. */
  readonly storageClass?: string;
}

/** A server of its own, one at an address, or one whose address a Secret holds under `AIS_BENCH_NATS`. */
export type NatsChoice = { readonly own: OwnNats } | { readonly url: string } | { readonly secret: string };

export interface OwnNats {
  readonly image: string;
  /** Quantity: room for JetStream. */
  readonly storage: string;
}

/** A volume that exists in the cluster, and where its files are seen. */
export interface Mount {
  readonly kind: 'configmap' | 'secret' | 'pvc';
  readonly name: string;
  readonly path: string;
}

/** An object of the Kubernetes API. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** Returns the labels of a part: they name the deployment and the part. */
export function labelsOf({ name }: ClusterOptions, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'ais-bench',
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/component': component,
  };
}

/** Returns name, namespace and labels of a part. */
export function metadataOf(options: ClusterOptions, component: string): Manifest['metadata'] {
  const { name, namespace } = options;
  return {
    name: `${name}-${component}`,
    ...(namespace === undefined ? {} : { namespace }),
    labels: labelsOf(options, component),
  };
}

/** No privileges: neither root, nor more than it started with. The user is `node` in the image of the worker. */
export const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
};

export const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** A claim of a volume that one node writes. */
export function claimSpec({ storageClass }: ClusterOptions, storage: string): Record<string, unknown> {
  return {
    accessModes: ['ReadWriteOnce'],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage } },
  };
}
