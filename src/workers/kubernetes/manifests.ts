/** Agents, NATS and coordinator as objects of the Kubernetes API: plain data. */
import { agentsManifest, coordinatorManifests } from './jobs.ts';
import { natsManifests } from './nats.ts';
import type { ClusterOptions, Manifest } from './options.ts';

export type { Manifest };

export const PARTS = ['nats', 'agents', 'coordinator'] as const;

export type Part = (typeof PARTS)[number];

/** The objects of the parts, in the order in which they are to be made. */
export function manifests(options: ClusterOptions, parts: readonly Part[] = PARTS): Manifest[] {
  const { nats, run } = options;
  return [
    ...(parts.includes('nats') && 'own' in nats ? natsManifests(options, nats.own) : []),
    ...(parts.includes('agents') ? [agentsManifest(options)] : []),
    ...(parts.includes('coordinator') && run.length > 0 ? coordinatorManifests(options) : []),
  ];
}
