/** Many requests, a part of which meets every fault there is: all are accounted for once, and nothing is left behind. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import type { FailureKind, RunRecord } from '../../src/contract/record.ts';
import { sendOwnLoad } from '../../src/selftest/own-load.ts';
import { RunControl } from '../../src/sending/control.ts';
import { FAULTS, type Fault } from '../../src/testing/index.ts';

const REQUESTS = Number(process.env['RELIABILITY_REQUESTS'] ?? 10_000);
const SHARE = 0.05;
const ATTEMPTS = 2;
/** So many that those which pause before their second attempt do not hold up the others. */
const CONCURRENCY = 128;
const MIB = 1024 * 1024;
/** Parts of the load that are compared, and how often in each of them what lives is measured. */
const PARTS = 5;
const LOOKS = 6;
/** What may live in a later part beyond what lived in the first: at full size, a leak of 25 bytes a request is more. */
const GROWTH = 16 * MIB;
/** What may be resident: the rows of all requests, and as many events of 16 MiB as come at once. */
const RESIDENT = 1536 * MIB;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

interface ServerReport {
  readonly requests: number;
  readonly inFlight: number;
  readonly rss: number;
  readonly cpu: NodeJS.CpuUsage;
}

it.runIf(process.platform === 'linux')(
  `${REQUESTS} requests, ${100 * SHARE} % of the replies faulty`,
  { timeout: 3_600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ais-bench-soak-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const server = await startServer();
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    const load = {
      port: server.port,
      concurrency: CONCURRENCY,
      until: { requests: REQUESTS },
      maxOutLen: 16,
      attempts: ATTEMPTS,
    };
    const tally = new Tally();
    const began = performance.now();
    const cpu = process.cpuUsage();
    const control = new RunControl();
    await sendOwnLoad(load, { clock: () => performance.now(), folder, control }, (record) =>
      tally.take(record),
    );
    const own = secondsOf(process.cpuUsage(cpu));
    const seconds = (performance.now() - began) / 1000;
    const { requests, inFlight, ...other } = await server.report();

    const { kinds, attempts, lost, peaks, living } = tally;
    const shown = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
    const mib = (bytes: readonly number[]) => bytes.map((one) => Math.round(one / MIB)).join(' ');
    console.log(
      `${REQUESTS} requests in ${seconds.toFixed(0)} s; ${attempts} attempts, ${requests} seen: ${shown}; processor seconds ${own}, of the server ${secondsOf(other.cpu)}; MiB, part by part: living ${mib(living)}, resident at most ${mib(peaks)}; of the server ${mib([other.rss])}`,
    );
    expect(tally.seen.every((times) => times === 1)).toBe(true);
    const possible = Object.values<Fault>(FAULTS).flatMap(({ kind, hangs }) =>
      kind && !hangs ? [kind] : [],
    );
    for (const kind of kinds.keys()) expect(['ok', ...possible]).toContain(kind);
    // A request that met a closing connection may not have been seen by the server.
    expect(attempts).toBeGreaterThanOrEqual(requests);
    expect(attempts - requests).toBeLessThanOrEqual(lost);
    // Nearly all that met a fault were asked again, and two in a row are rare.
    const failed = REQUESTS - kinds.get('ok')!;
    expect(failed).toBeLessThan(0.2 * SHARE * REQUESTS);
    expect(failed).toBeGreaterThan(0);

    expect(living).toHaveLength(PARTS);
    expect(Math.max(...living.slice(1))).toBeLessThan(living[0]! + GROWTH);
    expect(Math.max(...peaks)).toBeLessThan(RESIDENT);
    expect(inFlight).toBe(0);
    await expect.poll(descriptors, { timeout: 10_000 }).toBeLessThanOrEqual(before);
  },
);

/** What became of the requests, and of this process's memory meanwhile. */
class Tally {
  readonly seen = new Uint8Array(REQUESTS);
  readonly kinds = new Map<FailureKind | 'ok', number>();
  attempts = 0;
  /** Attempts that lost their connection. */
  lost = 0;
  /** Of each part: the largest resident memory, and the least that lived after a collection: with few large events under way. */
  readonly peaks: number[] = [];
  readonly living: number[] = [];
  #taken = 0;

  take(record: RunRecord): void {
    this.seen[record.call.index]! += 1;
    this.attempts += record.attempt;
    const failures = [...record.earlier, ...(record.outcome === 'failed' ? [record.failure] : [])];
    this.lost += failures.filter(({ kind }) => kind === 'connect').length;
    const kind = record.outcome === 'failed' ? record.failure.kind : 'ok';
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    const part = Math.floor((this.#taken++ * PARTS) / REQUESTS);
    if (this.#taken % 100 === 0)
      this.peaks[part] = Math.max(this.peaks[part] ?? 0, process.memoryUsage.rss());
    if (this.#taken % Math.floor(REQUESTS / PARTS / LOOKS) === 0)
      this.living[part] = Math.min(this.living[part] ?? Infinity, livingBytes());
  }
}

function secondsOf({ user, system }: NodeJS.CpuUsage): string {
  return ((user + system) / 1e6).toFixed(0);
}

function livingBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A server of faults in a process of its own, which ends with the test. */
async function startServer(): Promise<{ port: number; report(): Promise<ServerReport> }> {
  const script = fileURLToPath(new URL('fault-server.mjs', import.meta.url));
  const child = fork(script, [String(SHARE), '1'], { execArgv: [] });
  onTestFinished(() => void child.kill());
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const report = async () => {
    child.send('report');
    return ((await once(child, 'message')) as [ServerReport])[0];
  };
  return { port, report };
}
