import type { SenderHooks } from '../session/senders.ts';
import { openPool } from '../workers/open-pool.ts';
import type { AnyRunFlags } from './args/flag-values.ts';
import type { RemoteFlags } from './args/worker-flags.ts';
import { natsOptions, natsSecrets } from './nats-options.ts';

/** Returns how the workers of a run are found, as the flags say: remote ones, or processes of this machine. */
export function senderHooks(flags: AnyRunFlags & RemoteFlags): SenderHooks {
  const { workers, workerSilence, workerWait } = flags;
  const isRemote = typeof workers === 'object';
  return {
    areRemote: isRemote,
    secrets: natsSecrets(flags),
    takeLate: async (folder) => {
      const { fetchLeftResults } = await import('../workers/left-results.ts');
      return fetchLeftResults(folder, flags.nats === undefined ? undefined : natsOptions(flags));
    },
    open: ({ plan, tasks, redact, folder, control, journal: { info, warn } }) =>
      openPool(plan, tasks, {
        ...{ folder, redact, control, info, warn },
        silenceMs: workerSilence && 1000 * workerSilence,
        ...(isRemote && {
          remote: {
            ...{ ...workers, nats: natsOptions(flags), waitMs: workerWait && 1000 * workerWait },
            flags: { ...withoutNats(flags), nonce: plan.nonce! },
          },
        }),
      }),
  };
}

/** Leaves out how NATS is reached, which no worker needs. */
function withoutNats<Flags extends object>(flags: Flags): Flags {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !name.startsWith('nats'))) as Flags;
}
