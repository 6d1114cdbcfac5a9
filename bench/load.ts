/**
 * The load engine against a raw SSE server in another process, pinned to the other core. Sub-commands:
 *
 *   cpu      CPU of the whole tool per streamed event, as a multiple of a bare raw socket's and of undici's in the same run
 *   stamps   what the tool stamps against what the server logs, on the same monotonic clock
 *   streams  many live streams in one process (`--streams 10000`), none lost, in little memory
 *   refill   how long a free slot stays free, and the concurrency that the server saw
 *
 * Flags: --streams N, --seconds N (of a stream), --rounds N, --servers N. It ends with 1 where a limit is missed. Numbers are only
 * worth something on a quiet machine; ratios of one run are compared, and their median is what counts.
 */
import { parseArgs } from 'node:util';
import { measureCpu } from './load/cpu.ts';
import { measureRefill } from './load/refill.ts';
import { measureStamps } from './load/stamps.ts';
import { measureStreams } from './load/streams.ts';
import type { BenchFlags } from './load/table.ts';

const COMMANDS: Readonly<Record<string, (flags: BenchFlags) => Promise<boolean>>> = {
  cpu: measureCpu,
  stamps: measureStamps,
  streams: measureStreams,
  refill: measureRefill,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'string' },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    servers: { type: 'string' },
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
