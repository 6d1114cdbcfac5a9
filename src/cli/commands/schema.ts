import { configJsonSchema } from '../../config/schema.ts';
import { EXIT } from '../../contract/errors.ts';

/** `ais_bench schema`: prints the JSON Schema of a config file. */
export function printSchema(): number {
  process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return EXIT.ok;
}
