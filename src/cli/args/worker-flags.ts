import { InvalidArgumentError } from 'commander';
import type { RunFlags } from '../../config/flags.ts';
import { SUBJECT_NAME } from '../../workers/protocol.ts';
import type { Flag } from './flag.ts';
import { numberIn, whole } from './values.ts';

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
export const NATS_FILE_FLAGS: readonly Flag[] = [
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
export function groupName(text: string): string {
  if (SUBJECT_NAME.test(text)) return text;
  throw new InvalidArgumentError('A name of a group has letters, digits, - and _ only.');
}

/** Reads a number of processes, or `auto`. */
export function processes(text: string): number | 'auto' {
  return text === 'auto' ? text : whole(1, 256)(text);
}

/** Reads `4`, `auto`, `load` or `load:4`. */
function parseWorkers(text: string): NonNullable<RunFlags['workers']> {
  if (text === 'auto' || /^[-\d.]*$/.test(text)) return processes(text);
  const [, named = '', least = '1'] = /^(.*?)(?::([1-9]\d*))?$/.exec(text) ?? [];
  return { group: groupName(named), least: Number(least) };
}
