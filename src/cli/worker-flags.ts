import { InvalidArgumentError } from 'commander';
import { SUBJECT_NAME } from '../workers/protocol.ts';
import type { FlagSpec } from './flag-spec.ts';
import { numberIn, whole } from './parse-number.ts';

/** How the NATS server is reached. */
export interface NatsFlags {
  readonly nats?: string;
  readonly natsCa?: string;
  readonly natsCert?: string;
  readonly natsKey?: string;
  readonly natsCreds?: string;
  readonly natsNkey?: string;
}

/** Who sends, where it is not this machine. */
export interface AgentsFlags extends NatsFlags {
  readonly agents?: AgentGroup;
  /** Seconds. */
  readonly agentSilence?: number;
  /** Seconds. */
  readonly agentWait?: number;
}

interface AgentGroup {
  readonly group: string;
  /** Agents without which a run does not begin. */
  readonly least: number;
}

/** `ais_bench agent` */
export interface AgentCommandFlags extends NatsFlags {
  readonly group: string;
  readonly name?: string;
  readonly workers: number | 'auto';
  /** ms */
  readonly clockSkew?: number;
}

/** Files that prove who is who between this tool and the NATS server. */
export const NATS_FILE_FLAGS: readonly FlagSpec[] = [
  { flags: '--nats-ca <file>', meaning: 'authority that the certificate of the NATS server is checked with' },
  { flags: '--nats-cert <file>', meaning: 'certificate that is shown to the NATS server' },
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

/** Flags of a run that others send. */
export const AGENTS_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--agents <group[:n]>',
    meaning: 'let the agents of this group send, at least n of them (default: 1); each runs ais_bench agent',
    parse: group,
  },
  {
    flags: '--agent-silence <seconds>',
    meaning: 'an agent of which nothing is heard for so long counts as lost (default: 10)',
    parse: numberIn(0.5, 3600, 'seconds'),
  },
  {
    flags: '--agent-wait <seconds>',
    meaning:
      'wait so long for as many agents (default: 60), in an evaluation also for one where none is left, and for the NATS server (default: not at all)',
    parse: numberIn(0, 86_400, 'seconds'),
  },
  ...NATS_FLAGS,
];

export const AGENT_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--group <name>',
    meaning: 'group that runs name with --agents',
    fallback: 'default',
    parse: groupName,
  },
  { flags: '--name <name>', meaning: 'what reports call it (default: the host, and a number)' },
  {
    flags: '--workers <n>',
    meaning: 'processes that it lets send at most; auto: one less than there are cores',
    fallback: 'auto',
    parse: workers,
  },
  ...NATS_FLAGS,
  {
    flags: '--clock-skew <ms>',
    meaning: 'for tests: what it calls its clock is so far from it',
    parse: numberIn(-1e9, 1e9, 'milliseconds'),
    hidden: true,
  },
];

/** A name of a group. */
export function groupName(text: string): string {
  if (SUBJECT_NAME.test(text)) return text;
  throw new InvalidArgumentError('A name of a group has letters, digits, - and _ only.');
}

/** Processes of an agent: a number, or `auto`. */
export function workers(text: string): number | 'auto' {
  return text === 'auto' ? text : whole(1, 256)(text);
}

/** `load`, or `load:4` */
function group(text: string): AgentGroup {
  const [, named = '', least = '1'] = /^(.*?)(?::([1-9]\d*))?$/.exec(text) ?? [];
  return { group: groupName(named), least: Number(least) };
}
