import { AisBenchError } from '../contract/errors.ts';
import { flagName, type RunConfig } from './flags.ts';

type FlagKey = keyof RunConfig;

/** Flags of which at most one counts, and what all of them say. */
const RIVALS: readonly { readonly flags: readonly FlagKey[]; readonly say: string }[] = [
  { flags: ['url', 'hostIp'], say: 'where the service is' },
  { flags: ['url', 'hostPort'], say: 'where the service is' },
  { flags: ['steps', 'requestRate'], say: 'the rate' },
  { flags: ['steps', 'ramp'], say: 'the rate' },
  { flags: ['ramp', 'requestRate'], say: 'the rate' },
];

/** Arrivals that have no rate, and what decides instead. */
const RATELESS: Readonly<Record<string, string>> = {
  closed: 'sends when a slot is free',
  trace: 'goes by the timestamps of the rows',
};

/** Throws TMAN-CMD-002 where two flags of one command line say the same thing: one of them would be dropped. */
export function refuseContradictions(flags: RunConfig): void {
  const isGiven = (key: FlagKey) => flags[key] !== undefined;
  // AISBench's code looks at a ramp only where there is a rate too.
  const rivals = RIVALS.filter(({ flags: [first] }) => first !== 'ramp' || flags.arrival !== 'aisbench');
  for (const { flags: keys, say } of rivals) if (keys.every(isGiven)) throw refusal(keys, `both say ${say}`);
  const decides = RATELESS[flags.arrival ?? ''];
  const rate = (['requestRate', 'ramp', 'steps'] as const).find(isGiven);
  if (decides !== undefined && rate !== undefined)
    throw refusal([rate, 'arrival'], `contradict each other: --arrival ${flags.arrival} ${decides}`);
}

function refusal(keys: readonly FlagKey[], why: string): AisBenchError {
  const names = keys.map(flagName);
  return new AisBenchError('TMAN-CMD-002', `${names.join(' and ')} ${why}`, {
    where: names[0]!,
    cure: 'leave one of the two out',
  });
}
