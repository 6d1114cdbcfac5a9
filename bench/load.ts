/**
 * The load engine against the self-test's truth server in another process, pinned to the other core. Sub-commands:
 *
 *   paced     CPU of the whole tool per event as a multiple of a bare raw socket's, one event a read
 *   flat      the same, as fast as the server can send
 *   requests  CPU of a request besides its events
 *   stamps    what the tool stamps against what the server logs, on the same monotonic clock
 *   refill    how long a free slot stays free, and the concurrency that the server saw
 *   streams   many live streams in one process (`--streams 10000`), none lost, in little memory
 *   scale     many requests of 64 events of 64 tokens (`--requests 250000` is the largest run): memory stays flat; then their report
 *
 * Flags: --streams N, --seconds N (of a stream), --rounds N, --requests N. It ends with 1 where a limit is missed. The bare socket and
 * the tool take turns and the median round counts, but numbers are only worth something on a quiet machine: the load average is
 * printed with them.
 */
import { parseArgs } from 'node:util';
import { measureFlat, measurePaced, measureRequests } from './load/cpu.ts';
import { measureRefill } from './load/refill.ts';
import { measureScale } from './load/scale.ts';
import { measureStamps } from './load/stamps.ts';
import { measureStreams } from './load/streams.ts';
import type { BenchFlags } from './load/table.ts';

const COMMANDS: Readonly<Record<string, (flags: BenchFlags) => Promise<boolean>>> = {
  paced: measurePaced,
  flat: measureFlat,
  requests: measureRequests,
  stamps: measureStamps,
  refill: measureRefill,
  streams: measureStreams,
  scale: measureScale,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'string' },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    requests: { type: 'string' },
  },
});
const flags: BenchFlags = Object.fromEntries(
  Object.entries(values).map(([name, value]) => [name, Number(value)]),
);
const names = positionals.length === 0 ? Object.keys(COMMANDS) : positionals;
for (const name of names) {
  const command = COMMANDS[name];
  if (command === undefined) throw new Error(`no such bench: ${name} (${Object.keys(COMMANDS).join(', ')})`);
  if (!(await command(flags))) process.exitCode = 1;
}
