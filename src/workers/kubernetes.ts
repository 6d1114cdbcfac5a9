/** Workers, NATS and coordinator as objects of the Kubernetes API: plain data. */

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

interface OwnNats {
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
function labelsOf({ name }: ClusterOptions, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'ais-bench',
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/component': component,
  };
}

/** Returns name, namespace and labels of a part. */
function metadataOf(options: ClusterOptions, component: string): Manifest['metadata'] {
  const { name, namespace } = options;
  return {
    name: `${name}-${component}`,
    ...(namespace === undefined ? {} : { namespace }),
    labels: labelsOf(options, component),
  };
}

/** No privileges: neither root, nor more than it started with. The user is `node` in the image of the worker. */
const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
};

const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** A claim of a volume that one node writes. */
function claimSpec({ storageClass }: ClusterOptions, storage: string): Record<string, unknown> {
  return {
    accessModes: ['ReadWriteOnce'],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage } },
  };
}

/** Where a command works, and looks for `configs/` and `datasets/`. */
const WORK = '/bench';
const RESULTS = '/results';

/** How long the coordinator waits for NATS and workers. */
const WAIT_SECONDS = 900;

/** A worker is restarted this often on average before Kubernetes gives the Job up. */
const RESTARTS = 10;

export const PARTS = ['nats', 'workers', 'coordinator'] as const;

export type ManifestPart = (typeof PARTS)[number];

/** Returns the objects of the parts, in the order in which they are to be made. */
export function manifests(options: ClusterOptions, parts: readonly ManifestPart[] = PARTS): Manifest[] {
  const { nats, run } = options;
  return [
    ...(parts.includes('nats') && 'own' in nats ? natsManifests(options, nats.own) : []),
    ...(parts.includes('workers') ? [workersManifest(options)] : []),
    ...(parts.includes('coordinator') && run.length > 0 ? coordinatorManifests(options) : []),
  ];
}

/** Returns the workers: a Job whose index is their name, so that one which is restarted is the same one. */
function workersManifest(options: ClusterOptions): Manifest {
  const { replicas, group, processes, cpu, memory, natsFlags } = options;
  const metadata = metadataOf(options, 'workers');
  const labels = labelsOf(options, 'workers');
  const index = { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {
      completionMode: 'Indexed',
      completions: replicas,
      parallelism: replicas,
      backoffLimit: RESTARTS * replicas,
      template: {
        metadata: { labels },
        spec: {
          ...pod(options),
          restartPolicy: 'OnFailure',
          // One network card each, where there are nodes enough.
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: labels },
            },
          ],
          containers: [
            container(options, {
              name: 'worker',
              args: [
                'worker',
                ...['--group', group],
                ...['--name', 'worker-$(WORKER_INDEX)'],
                ...['--processes', String(processes)],
                ...natsFlags,
              ],
              env: [{ name: 'WORKER_INDEX', valueFrom: { fieldRef: index } }],
              // As much as it may use at most: whole processors can then be its own.
              resources: { requests: { cpu, memory }, limits: { cpu, memory } },
            }),
          ],
        },
      },
    },
  };
}

/** Returns the command itself, once, and a volume for what it writes. */
function coordinatorManifests(options: ClusterOptions): Manifest[] {
  const { replicas, group, natsFlags, run, results } = options;
  const metadata = metadataOf(options, 'coordinator');
  // Nodes may have to fetch the image first.
  const workers = ['--workers', `${group}:${replicas}`, '--worker-wait', String(WAIT_SECONDS)];
  const ours = [...workers, '--work-dir', RESULTS, ...natsFlags];
  const spec = pod(options);
  const { volumeMounts, ...rest } = container(options, {
    name: 'coordinator',
    // `$(NAME)` would be a variable to Kubernetes.
    args: [...run.map((word) => word.replaceAll('$(', '$$$$(')), ...ours],
    env: [],
    resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '4Gi' } },
  });
  return [
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: claimSpec(options, results) },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: {
        // A run that failed is continued with --reuse: it is not started again.
        backoffLimit: 0,
        template: {
          metadata: { labels: labelsOf(options, 'coordinator') },
          spec: {
            ...spec,
            restartPolicy: 'Never',
            containers: [
              { ...rest, volumeMounts: [...volumeMounts, { name: 'results', mountPath: RESULTS }] },
            ],
            volumes: [
              ...spec.volumes,
              { name: 'results', persistentVolumeClaim: { claimName: metadata.name } },
            ],
          },
        },
      },
    },
  ];
}

/** Returns what pods of this tool have in common. */
function pod({ mounts }: ClusterOptions) {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: POD_SECURITY,
    volumes: [
      { name: 'work', emptyDir: {} },
      { name: 'tmp', emptyDir: {} },
      ...mounts.map((mount, at) => ({ name: volumeName(at), ...volumeSource(mount) })),
    ],
  };
}

function volumeName(at: number): string {
  return `mount-${at + 1}`;
}

function volumeSource({ kind, name }: Mount): Record<string, unknown> {
  if (kind === 'configmap') return { configMap: { name } };
  if (kind === 'secret') return { secret: { secretName: name } };
  return { persistentVolumeClaim: { claimName: name, readOnly: true } };
}

interface ContainerParts {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: readonly Record<string, unknown>[];
  readonly resources: Record<string, unknown>;
}

function container(options: ClusterOptions, { name, args, env, resources }: ContainerParts) {
  const { image, mounts, secrets } = options;
  return {
    name,
    image,
    args,
    workingDir: WORK,
    env: [natsVariable(options), ...env],
    ...(secrets.length === 0 ? {} : { envFrom: secrets.map((secret) => ({ secretRef: { name: secret } })) }),
    resources,
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [
      { name: 'work', mountPath: WORK },
      { name: 'tmp', mountPath: '/tmp' },
      ...mounts.map(({ path }, at) => ({ name: volumeName(at), mountPath: path, readOnly: true })),
    ],
  };
}

function natsVariable(options: ClusterOptions): Record<string, unknown> {
  const { nats } = options;
  const name = 'AIS_BENCH_NATS';
  if ('secret' in nats) return { name, valueFrom: { secretKeyRef: { name: nats.secret, key: name } } };
  return { name, value: 'url' in nats ? nats.url : natsUrl(options) };
}

const CLIENTS = 4222;
const MONITOR = 8222;

/** Mount path of the volume, where JetStream keeps its files. */
const STORE = '/data';

/** `health` and metrics of the server are seen inside the cluster only: the Service does not name their port. */
const CONFIG = `port: ${CLIENTS}
http: ${MONITOR}
jetstream {
  store_dir: ${JSON.stringify(STORE)}
}
`;

/** A NATS server whose JetStream lies on a volume: it outlives the server's pod. */
function natsManifests(options: ClusterOptions, own: OwnNats): Manifest[] {
  const metadata = metadataOf(options, 'nats');
  const labels = labelsOf(options, 'nats');
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'nats.conf': CONFIG } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'nats', port: CLIENTS, targetPort: 'nats' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        replicas: 1,
        serviceName: metadata.name,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: natsPod(metadata.name, own.image) },
        volumeClaimTemplates: [
          { metadata: { name: 'store', labels }, spec: claimSpec(options, own.storage) },
        ],
      },
    },
  ];
}

/** Address of that server for the rest of the cluster. */
function natsUrl({ name, namespace }: ClusterOptions): string {
  return `nats://${name}-nats${namespace === undefined ? '' : `.${namespace}`}:${CLIENTS}`;
}

function natsPod(configMap: string, image: string): Record<string, unknown> {
  const health = (query: string) => ({ httpGet: { path: `/healthz${query}`, port: 'monitor' } });
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: POD_SECURITY,
    // Time for what was published to be on disk.
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: 'nats',
        image,
        args: ['--config', '/etc/nats/nats.conf'],
        ports: [
          { name: 'nats', containerPort: CLIENTS },
          { name: 'monitor', containerPort: MONITOR },
        ],
        // A large store takes a while to be read again.
        startupProbe: { ...health(''), periodSeconds: 2, failureThreshold: 150 },
        readinessProbe: { ...health('?js-enabled-only=true'), periodSeconds: 5 },
        livenessProbe: { ...health('?js-server-only=true'), periodSeconds: 10, failureThreshold: 6 },
        resources: { requests: { cpu: '500m', memory: '256Mi' }, limits: { memory: '1Gi' } },
        securityContext: CONTAINER_SECURITY,
        volumeMounts: [
          { name: 'config', mountPath: '/etc/nats', readOnly: true },
          { name: 'store', mountPath: STORE },
        ],
      },
    ],
    volumes: [{ name: 'config', configMap: { name: configMap } }],
  };
}
