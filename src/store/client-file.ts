import { existsSync, writeFileSync } from 'node:fs';
import { unwritable } from './append.ts';
import { readJson } from './served.ts';

/** Where the health of the process that wrote a record file lies: `x_records.w2.jsonl` → `x_client.w2.json`. */
function clientFile(records: string): string {
  return records.replace(/_records((?:\.w\d+)?)\.jsonl$/, '_client$1.json');
}

/** Puts what a process measured of itself beside its records. */
export function writeClientFile(records: string, health: unknown): void {
  const path = clientFile(records);
  try {
    writeFileSync(path, `${JSON.stringify(health)}\n`);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** What the processes measured that wrote these record files; those that were killed left nothing. */
export function readClientFiles(records: readonly string[]): unknown[] {
  return records
    .map(clientFile)
    .filter((path) => existsSync(path))
    .map((path) => readJson(path, 'take the file away: the report is made without it'));
}
