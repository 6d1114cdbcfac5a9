/** A recorded run of AISBench 3.1.20260630: what it left behind, in `test/fixtures/aisbench-run`. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const RECORDED = fileURLToPath(new URL('../fixtures/aisbench-run', import.meta.url));
export const MODEL = 'vllm-api-stream-chat';

/** The performance run: 500 requests to a simulated service. Its large files are packed in the repository. */
export function performanceRun(folder: string): string {
  const place = join(folder, 'performances', MODEL);
  for (const file of ['synthetic.csv', 'synthetic.json', 'synthetic_details.jsonl', 'db_data/a9fe905e.db']) {
    const recorded = join(RECORDED, 'perf', MODEL, file);
    mkdirSync(dirname(join(place, file)), { recursive: true });
    const isPacked = /\.(db|jsonl)$/.test(file);
    writeFileSync(
      join(place, file),
      isPacked ? gunzipSync(readFileSync(`${recorded}.gz`)) : readFileSync(recorded),
    );
  }
  return folder;
}

/** The accuracy run: eight questions. */
export function accuracyRun(folder: string): string {
  cpSync(join(RECORDED, 'accuracy'), folder, { recursive: true });
  return folder;
}
