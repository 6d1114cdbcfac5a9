import { readFileSync } from 'node:fs';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { NatsOptions } from '../workers/nats.ts';
import type { NatsFlags, RemoteFlags } from './args/worker-flags.ts';

/** Returns how NATS is reached. Throws TMAN-CMD-001 where the flags name no server, TMAN-CMD-002 for a file that cannot be read. */
export function natsOptions(flags: NatsFlags & Pick<RemoteFlags, 'workerWait'>): Omit<NatsOptions, 'name'> {
  if (flags.nats === undefined) {
    throw new AisBenchError('TMAN-CMD-001', 'no NATS server is named', {
      where: '--nats',
      cure: 'add --nats nats://HOST:4222, or set AIS_BENCH_NATS',
    });
  }
  const [ca, cert, key] = (['natsCa', 'natsCert', 'natsKey'] as const).map((flag) =>
    read(flags, flag)?.toString(),
  );
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  const credentials = read(flags, 'natsCreds');
  const nkeySeed = read(flags, 'natsNkey');
  return {
    servers: flags.nats.split(',').map((server) => server.trim()),
    ...(flags.workerWait === undefined ? {} : { patienceMs: 1000 * flags.workerWait }),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(nkeySeed === undefined ? {} : { nkeySeed: Buffer.from(nkeySeed.toString().trim()) }),
  };
}

function read(flags: NatsFlags, flag: Exclude<keyof NatsFlags, 'nats'>): Buffer | undefined {
  const path = flags[flag];
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new AisBenchError('TMAN-CMD-002', `this file cannot be read: ${messageOf(cause)}`, {
      where: `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${path}`,
      cure: 'name a file that is there',
      cause,
    });
  }
}

/** Returns what of these flags must not be written anywhere: user and password in the URL. */
export function natsSecrets({ nats = '' }: NatsFlags): string[] {
  const userinfo = [...nats.matchAll(/:\/\/([^/@\s]+)@/g)].map(([, text]) => text!);
  return userinfo.flatMap((text) => {
    const [user, ...password] = text.split(':');
    // Without a password it is a token.
    return password.length === 0 ? [user!] : [password.join(':')];
  });
}
