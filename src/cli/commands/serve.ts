import { defined } from '../../basics/defined.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import type { ProtocolName } from '../../engine/protocol-names.ts';
import { type EngineOptions, startService } from '../../engine/service.ts';

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
