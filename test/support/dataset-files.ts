/** Dataset files that a test makes, and what is read of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { DatasetType, LoadOptions, Splits } from '../../src/contract/dataset.ts';

type Files = Readonly<Record<string, string>>;

/** To be called once in a test file; what it gives back writes files into a folder of that name and resolves with its path. */
export function datasetFolders(): (name: string, files: Files) => Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'ais-bench-dataset-'));
  afterAll(() => rmSync(root, { recursive: true }));
  return async (name, files) => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, name, path)), { recursive: true });
      await writeFile(join(root, name, path), content);
    }
    return join(root, name);
  };
}

/** Loads from that folder by the dataset's usual names. */
export async function loadFrom(
  type: DatasetType,
  folder: string,
  more: Partial<LoadOptions> = {},
): Promise<Splits> {
  return type.load({ path: '', roots: [folder], params: {}, ...more });
}

/** JSON lines. */
export function lines(...rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
