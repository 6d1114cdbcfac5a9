import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAIN } from '../../basics/package-folder.ts';
import { toolVersion } from '../../basics/version.ts';
import { EXIT } from '../../contract/errors.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { selfTest, selfTestTable } from '../../selftest/self-test.ts';
import { serveOrders } from '../../selftest/server-process.ts';
import { storeResult } from '../../selftest/stored-result.ts';
import { RunControl } from '../../sending/control.ts';
import { WARN_ABOVE } from '../../sending/preflight.ts';
import { machineLimits } from '../../session/machine.ts';
import { userCacheFolder } from '../places.ts';
import { STOP_SIGNALS } from '../print/exit.ts';
import { terminalOptions } from '../print/output.ts';

interface SelftestFlags {
  readonly quick?: boolean;
  readonly json?: boolean;
}

/** `ais_bench selftest`: measures what one process of this machine can send, and keeps it for the checks before a run. */
export async function selftest({ quick = false, json = false }: SelftestFlags): Promise<number> {
  const report = (text: string) => process.stderr.write(`${text}\n`);
  const control = new RunControl();
  // Half a measurement has no result.
  const stop = () => control.abort();
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-selftest-'));
  try {
    const ceiling = await selfTest({
      serverCommand: [...process.execArgv, MAIN, 'truth-server'],
      folder,
      limits: machineLimits(),
      control,
      quick,
      tool: toolVersion(),
      begins: (phase) => report(`measuring: ${phase}`),
    });
    if (ceiling === undefined) return EXIT.interrupted;
    const path = storeResult(userCacheFolder(), ceiling);
    process.stdout.write(
      json
        ? `${JSON.stringify(ceiling, null, 2)}\n`
        : `\n${renderTerminal([selfTestTable(ceiling, WARN_ABOVE)], [], terminalOptions())}`,
    );
    report(`kept in ${path}`);
    return EXIT.ok;
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `ais_bench truth-server`: the other process of a self-test; started by one, with a channel to it. */
export async function truthServer(): Promise<number> {
  await serveOrders();
  return EXIT.ok;
}
