import { constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { readNpy } from './npy.ts';

/** The arrays of one of AISBench's SQLite files (`numpy_store`), by their id. */
export interface ArrayStore {
  /** Undefined where there is no such row. Throws RUN-DATA-001 for a row that holds something else. */
  get(id: number): Float64Array | undefined;
  close(): void;
}

/**
 * Opens a copy of the file: SQLite would make its lock beside it, and a folder that is read is never written to. Throws
 * RUN-DATA-001 where it is no such file.
 */
export async function openArrayStore(path: string): Promise<ArrayStore> {
  if (!existsSync(path)) throw unreadable(path, 'there is no such file');
  // 1.3 MB that only imports need.
  const { default: sqlite } = await import('node-sqlite3-wasm');
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-import-'));
  const copy = join(folder, 'arrays.db');
  let database: InstanceType<typeof sqlite.Database> | undefined;
  const close = () => {
    if (database?.isOpen) database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const suffix of ['', '-journal', '-wal'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix, constants.COPYFILE_FICLONE);
    database = new sqlite.Database(copy, { fileMustExist: true });
    // One lock for all reads: each of its own costs a millisecond.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    const byId = database.prepare('SELECT arr_blob FROM numpy_store WHERE id = ?');
    return { get: (id) => arrayIn(byId.get([id])?.['arr_blob'], `${path}, numpy_store row ${id}`), close };
  } catch (cause) {
    close();
    throw unreadable(path, messageOf(cause), cause);
  }
}

function arrayIn(blob: unknown, where: string): Float64Array | undefined {
  if (blob === undefined) return undefined;
  try {
    if (!(blob instanceof Uint8Array)) throw new Error('it is no blob');
    return readNpy(blob);
  } catch (cause) {
    throw unreadable(where, messageOf(cause), cause);
  }
}

function unreadable(where: string, why: string, cause?: unknown): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `these time points cannot be read: ${why}`, {
    where,
    cure: 'copy the whole run folder of AISBench again, db_data included',
    cause,
  });
}
