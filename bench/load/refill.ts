/** A closed loop of short replies: how long a slot stays empty, and how many requests the server really had at once. */
import { withProcesses } from './processes.ts';
import { type BenchFlags, median, rounds, row, title } from './table.ts';
import { unpacked } from './wire.ts';

/** What a reply takes at the server: 50 ms. */
const REPLIES_PER_SECOND = 20;
/** Share of the asked concurrency that must be held, and ms that a slot may be empty. */
const LEAST_HELD = 0.95;
const MOST_EMPTY_MS = 0.5;

export async function measureRefill({ streams = 64, seconds = 5, rounds: count = 3 }: BenchFlags) {
  const requests = Math.round(streams * seconds * REPLIES_PER_SECOND);
  title(`Refilling slots: ${streams} in flight, ${requests} replies of 50 ms`);
  const empty: number[] = [];
  const held: number[] = [];
  await withProcesses(1, async (server, client) => {
    const answer = { shape: 'hold', eventsPerSecond: REPLIES_PER_SECOND, events: 1 } as const;
    for (let round = 0; round <= count; round++) {
      const load = { kind: 'tool', streams, requests, wants: 'slots' } as const;
      const { times } = await server.measure(client!, answer, load);
      const { meanHeld } = await server.report();
      if (round === 0) continue;
      empty.push(median(refills(times.map(unpacked), streams)));
      held.push(meanHeld / streams);
    }
  });
  rounds('a free slot is filled after, ms', empty, 3);
  rounds('held, by the server’s count', held, 3);
  return [
    row('  a free slot is filled after, median', median(empty), 'ms', MOST_EMPTY_MS),
    row('  concurrency held, of the asked', median(held), '', LEAST_HELD, false),
  ].every(Boolean);
}

/** A slot that becomes free is refilled by the next request: from the end of the one to the sending of the other. */
function refills(requests: readonly Float64Array[], streams: number): number[] {
  const sent = requests.map((one) => one[0]!).sort((a, b) => a - b);
  const ends = requests.map((one) => one[1]!).sort((a, b) => a - b);
  return sent.slice(streams).map((at, n) => at - ends[n]!);
}
