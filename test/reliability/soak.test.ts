/** Many requests, a part of which meets every fault there is: all are accounted for once, and nothing is left behind. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FailureKind, RunRecord } from '../../src/record.ts';
import { RunControl } from '../../src/run/control.ts';
import { sendOwnLoad } from '../../src/selftest/own-load.ts';
import { FAULTS, type Fault, faulty, startScriptedServer } from '../../src/testing/index.ts';

const REQUESTS = Number(process.env['RELIABILITY_REQUESTS'] ?? 10_000);
const SHARE = 0.05;
const ATTEMPTS = 2;
const MIB = 1024 * 1024;
/** What the process may grow by in the second half of the load: it is the server too. */
const GROWTH = 128 * MIB;

const descriptors = () => readdirSync('/proc/self/fd').length;

it.runIf(process.platform === 'linux')(
  `${REQUESTS} requests, ${100 * SHARE} % of the replies faulty`,
  { timeout: 1_200_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ais-bench-soak-'));
    const server = await startScriptedServer(faulty({ share: SHARE, seed: 1 }), { keeps: false });
    const before = descriptors();
    const load = {
      port: server.port,
      concurrency: 64,
      until: { requests: REQUESTS },
      maxOutLen: 16,
      attempts: ATTEMPTS,
    };
    const seen = new Uint8Array(REQUESTS);
    const kinds = new Map<FailureKind | 'ok', number>();
    const memory: number[] = [];
    let attempts = 0;
    let lost = 0;
    const take = (record: RunRecord) => {
      seen[record.call.index]! += 1;
      attempts += record.attempt;
      const failures = [...record.earlier, ...(record.outcome === 'failed' ? [record.failure] : [])];
      lost += failures.filter(({ kind }) => kind === 'connect').length;
      const kind = record.outcome === 'failed' ? record.failure.kind : 'ok';
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      memory.push(process.memoryUsage().rss);
    };
    try {
      await sendOwnLoad(load, { clock: () => performance.now(), folder, control: new RunControl() }, take);
    } finally {
      await server.close();
      rmSync(folder, { recursive: true });
    }

    expect(seen.every((times) => times === 1)).toBe(true);
    const possible = Object.values<Fault>(FAULTS).flatMap(({ kind, hangs }) =>
      kind && !hangs ? [kind] : [],
    );
    for (const kind of kinds.keys()) expect(['ok', ...possible]).toContain(kind);
    // A request that met a closing connection may not have been seen by the server.
    expect(attempts).toBeGreaterThanOrEqual(server.requests);
    expect(attempts - server.requests).toBeLessThanOrEqual(lost);
    // Nearly all that met a fault were asked again, and two in a row are rare.
    const failed = REQUESTS - kinds.get('ok')!;
    expect(failed).toBeLessThan(0.2 * SHARE * REQUESTS);
    expect(failed).toBeGreaterThan(0);

    const half = Math.max(...memory.slice(0, REQUESTS / 2));
    const whole = Math.max(...memory);
    expect(whole - half).toBeLessThan(GROWTH);
    await expect.poll(descriptors, { timeout: 10_000 }).toBeLessThanOrEqual(before);
    const shown = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
    console.log(
      `${REQUESTS} requests, ${attempts} attempts, ${server.requests} seen: ${shown}; memory ${Math.round(half / MIB)} MiB, then ${Math.round(whole / MIB)} MiB`,
    );
  },
);
