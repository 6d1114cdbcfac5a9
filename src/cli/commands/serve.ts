/** Services of this machine: `ais_bench serve`, and the self-test with its server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined } from '../../basics/defined.ts';
import { MAIN } from '../../basics/package-folder.ts';
import { toolVersion } from '../../basics/version.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import type { ProtocolName } from '../../engine/protocol-names.ts';
import { type EngineOptions, startService } from '../../engine/service.ts';
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

interface ServeFlags {
  readonly engine: 'sim' | 'llama';
  readonly gguf?: string;
  readonly accuracy?: number;
  readonly maxBatch?: number;
  readonly seed?: number;
  readonly modelName?: string;
  readonly host: string;
  readonly port: number;
  readonly apiKey?: string;
  readonly protocols: readonly ProtocolName[] | 'all';
}

/**
 * `ais_bench serve`: serves until it is interrupted, or the channel to the process that started it closes. Prints its address as
 * `listening on …` on standard output.
 */
export async function serve({ host, port, apiKey, protocols, ...flags }: ServeFlags): Promise<number> {
  const service = await startService({
    engine: engineOptions(flags),
    host,
    port,
    ...defined({ apiKey }),
    ...(protocols !== 'all' && { protocols }),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`listening on ${service.url}\n`);
  await new Promise((resolve) => {
    for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, resolve);
  });
  await service.close();
  return EXIT.ok;
}

function engineOptions({
  engine,
  gguf,
  modelName,
  ...options
}: Omit<ServeFlags, 'host' | 'port' | 'apiKey' | 'protocols'>): EngineOptions {
  const model = defined({ model: modelName });
  if (engine === 'sim') return { kind: 'sim', ...model, ...options };
  if (gguf === undefined) {
    throw new AisBenchError('ENGINE-PARAM-001', 'the llama engine needs a model file', {
      where: '--gguf',
      cure: 'give a GGUF file with --gguf FILE',
    });
  }
  const { maxBatch } = options;
  return { kind: 'llama', gguf, ...model, ...defined({ slots: maxBatch }) };
}
