import { readFileSync } from 'node:fs';
import { defined } from '../basics/defined.ts';
import { flagName } from '../config/flags.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { NatsOptions } from '../workers/nats.ts';
import type { NatsFlags, RemoteFlags } from './args/worker-flags.ts';

/** Returns how NATS is reached. Throws TMAN-CMD-001 when the flags name no server, TMAN-CMD-002 for a file that cannot be read. */
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
  const tls = defined({ ca, cert, key });
  const nkey = read(flags, 'natsNkey');
  return {
    servers: flags.nats.split(',').map((server) => server.trim()),
    ...(Object.keys(tls).length > 0 && { tls }),
    ...defined({
      patienceMs: flags.workerWait && 1000 * flags.workerWait,
      credentials: read(flags, 'natsCreds'),
      nkeySeed: nkey && Buffer.from(nkey.toString().trim()),
    }),
  };
}

function read(flags: NatsFlags, flag: Exclude<keyof NatsFlags, 'nats'>): Buffer | undefined {
  const path = flags[flag];
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new AisBenchError('TMAN-CMD-002', `this file cannot be read: ${messageOf(cause)}`, {
      where: `${flagName(flag)} ${path}`,
      cure: 'name an existing file',
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
