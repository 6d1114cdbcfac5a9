/** Parsed flags about workers: an absent flag is undefined. */
import type { ManifestPart, Mount } from '../../workers/kubernetes.ts';

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
