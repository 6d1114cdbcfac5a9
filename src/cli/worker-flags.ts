import { InvalidArgumentError } from 'commander';
import type { RunFlags } from '../config/flags.ts';
import { SUBJECT_NAME } from '../workers/protocol.ts';
import type { FlagSpec } from './flag-spec.ts';
import { numberIn, whole } from './parse-number.ts';

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
export const NATS_FILE_FLAGS: readonly FlagSpec[] = [
  { flags: '--nats-ca <file>', meaning: 'authority that signed the certificate of the NATS server' },
  { flags: '--nats-cert <file>', meaning: 'certificate for the NATS server' },
  { flags: '--nats-key <file>', meaning: 'key of that certificate' },
  { flags: '--nats-creds <file>', meaning: 'credentials for the NATS server: a JWT and its seed' },
  { flags: '--nats-nkey <file>', meaning: 'seed of an nkey for the NATS server' },
];

const NATS_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--nats <url>',
    meaning:
      'NATS server, nats://host:4222 or tls://host:4222; several with commas between them; AIS_BENCH_NATS in the environment says the same',
    env: 'AIS_BENCH_NATS',
  },
  ...NATS_FILE_FLAGS,
];

/** Flags of a run about its workers. */
export const REMOTE_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--worker-silence <seconds>',
    meaning: 'a worker without a sign of life for so long counts as lost (default: 10)',
    parse: numberIn(0.5, 3600, 'seconds'),
  },
  {
    flags: '--worker-wait <seconds>',
    meaning:
      'seconds to wait for that many workers of a group (default: 60), in an evaluation also for one where none is left, and for the NATS server (default: 0)',
    parse: numberIn(0, 86_400, 'seconds'),
  },
  ...NATS_FLAGS,
];

export const WORKER_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--group <name>',
    meaning: 'group that runs name with --workers',
    fallback: 'default',
    parse: groupName,
  },
  { flags: '--name <name>', meaning: 'name in reports (default: the host, and a number)' },
  {
    flags: '--processes <n>',
    meaning: 'largest number of processes that send; auto: one less than there are cores',
    fallback: 'auto',
    parse: processes,
  },
  ...NATS_FLAGS,
  {
    flags: '--clock-skew <ms>',
    meaning: 'for tests: how wrong its clock is',
    parse: numberIn(-1e9, 1e9, 'milliseconds'),
    hidden: true,
  },
];

/** Reads the name of a group. */
export function groupName(text: string): string {
  if (SUBJECT_NAME.test(text)) return text;
  throw new InvalidArgumentError('A name of a group has letters, digits, - and _ only.');
}

/** Reads a number of processes, or `auto`. */
export function processes(text: string): number | 'auto' {
  return text === 'auto' ? text : whole(1, 256)(text);
}

/** Reads `4`, `auto`, `load` or `load:4`. */
export function parseWorkers(text: string): NonNullable<RunFlags['workers']> {
  if (text === 'auto' || /^[-\d.]+$/.test(text)) return processes(text);
  const [, named = '', least = '1'] = /^(.*?)(?::([1-9]\d*))?$/.exec(text) ?? [];
  return { group: groupName(named), least: Number(least) };
}
