import { hasStep, isLoadTest } from '../config/modes.ts';
import { fingerprint } from '../sending/crew.ts';
import { NO_SENDERS, type SenderHooks } from '../session/senders.ts';
import { localCrew } from '../workers/local-crew.ts';
import type { AgentsFlags } from './args/agent-flags.ts';
import type { AnyRunFlags } from './args/flag-values.ts';
import { takeLateAnswers } from './late-answers.ts';
import { natsSecrets } from './nats-options.ts';

/** Workers of other machines, or of this one, as the flags say. */
export function senderHooks(flags: AnyRunFlags & AgentsFlags): SenderHooks {
  const { agents, ...own } = flags;
  return {
    ...NO_SENDERS,
    areRemote: agents !== undefined,
    secrets: natsSecrets(flags),
    takeLate: (folder) => takeLateAnswers(folder, flags),
    open: async ({ plan, tasks, redact, folder, control, journal }) => {
      const told = { ...own, nonce: plan.nonce! };
      const briefing = { flags: withoutNats(told), folder: folder.path, fingerprint: fingerprint(tasks) };
      if (agents === undefined || !hasStep(plan.mode, 'ask')) {
        const crew = localCrew(plan, tasks, briefing);
        return crew === undefined ? {} : { crew };
      }
      const { info: say, warn } = journal;
      const options = {
        plan,
        tasks,
        flags: { ...told, agents },
        folder,
        redact,
        control,
        briefing,
        say,
        warn,
      };
      // What they need is an optional peer.
      if (isLoadTest(plan.mode)) {
        const { AgentCrew } = await import('../workers/agent-crew.ts');
        return { crew: await AgentCrew.open(options) };
      }
      const { QueueCrew } = await import('../workers/queue-crew.ts');
      return { queue: await QueueCrew.open(options) };
    },
  };
}

/** How NATS is reached is nothing that a load worker needs. */
function withoutNats<Flags extends object>(flags: Flags): Flags {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !name.startsWith('nats'))) as Flags;
}
