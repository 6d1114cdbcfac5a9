import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAIN } from '../../basics/package-folder.ts';
import { toolVersion } from '../../basics/version.ts';
import { EXIT } from '../../contract/errors.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { selfTest } from '../../selftest/self-test.ts';
import { serveOrders } from '../../selftest/serve-orders.ts';
import { selfTestTable } from '../../selftest/show.ts';
import { RunControl } from '../../sending/control.ts';
import { WARN_ABOVE } from '../../sending/preflight.ts';
import { machineLimits } from '../../session/machine.ts';
import { STOP_SIGNALS } from '../interrupt.ts';
import { terminalOptions } from '../print/terminal-options.ts';
import { storeSelfTest } from '../stored-selftest.ts';

interface SelftestFlags {
  readonly quick?: boolean;
  readonly json?: boolean;
}

/** `ais_bench selftest`: what one process of this machine can send, measured and kept for the runs that follow. */
export async function selftest({ quick = false, json = false }: SelftestFlags): Promise<number> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const control = new RunControl();
  // There is nothing to report of half a measurement.
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
      begins: (phase) => say(`measuring: ${phase}`),
    });
    if (ceiling === undefined) return EXIT.interrupted;
    const path = storeSelfTest(ceiling);
    process.stdout.write(
      json
        ? `${JSON.stringify(ceiling, null, 2)}\n`
        : `\n${renderTerminal([selfTestTable(ceiling, WARN_ABOVE)], [], terminalOptions())}`,
    );
    say(`kept in ${path}`);
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
