import {
  type ClusterOptions,
  CONTAINER_SECURITY,
  claimSpec,
  labelsOf,
  type Manifest,
  metadataOf,
  type OwnNats,
  POD_SECURITY,
} from './options.ts';

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
export function natsManifests(options: ClusterOptions, own: OwnNats): Manifest[] {
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
        template: { metadata: { labels }, spec: pod(metadata.name, own.image) },
        volumeClaimTemplates: [
          { metadata: { name: 'store', labels }, spec: claimSpec(options, own.storage) },
        ],
      },
    },
  ];
}

/** Address of that server for the rest of the cluster. */
export function natsUrl({ name, namespace }: ClusterOptions): string {
  return `nats://${name}-nats${namespace === undefined ? '' : `.${namespace}`}:${CLIENTS}`;
}

function pod(configMap: string, image: string): Record<string, unknown> {
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
