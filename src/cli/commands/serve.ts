import { AisBenchError, EXIT } from '../../contract/errors.ts';
import type { ProtocolName } from '../../engine/protocol-names.ts';
import { type EngineOptions, startService } from '../../engine/service.ts';

export interface ServeFlags {
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

/** `ais_bench serve`: until it is interrupted, or the process that started it with a channel is gone. The address is the line `listening on …` on standard output. */
export async function serve({ host, port, apiKey, protocols, ...flags }: ServeFlags): Promise<number> {
  const service = await startService({
    engine: engineOf(flags),
    host,
    port,
    ...(apiKey !== undefined && { apiKey }),
    ...(protocols !== 'all' && { protocols }),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`listening on ${service.url}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.once('disconnect', () => resolve());
  });
  await service.close();
  return EXIT.ok;
}

function engineOf({
  engine,
  gguf,
  modelName,
  ...options
}: Omit<ServeFlags, 'host' | 'port' | 'apiKey' | 'protocols'>): EngineOptions {
  const model = modelName === undefined ? {} : { model: modelName };
  if (engine === 'sim') return { kind: 'sim', ...model, ...options };
  if (gguf === undefined) {
    throw new AisBenchError('ENGINE-PARAM-001', 'the llama engine needs a model file', {
      where: '--gguf',
      cure: 'give a GGUF file with --gguf FILE',
    });
  }
  const { maxBatch } = options;
  return { kind: 'llama', gguf, ...model, ...(maxBatch === undefined ? {} : { slots: maxBatch }) };
}
