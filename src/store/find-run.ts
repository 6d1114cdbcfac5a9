import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AisBenchError } from '../contract/errors.ts';
import { CLOCK, COMMANDS } from './history.ts';
import { readJson } from './served.ts';
import { stampOrder } from './stamp.ts';

const LISTED = 10;

/**
 * The name of the run folder below `workDir` that is to be continued: the one that is named, or the newest by its time where
 * none or `latest` is. Throws TMAN-CMD-002, listing what is there.
 */
export function findRun(workDir: string, wanted: string | true): string {
  const runs = runsIn(workDir);
  const isNewest = wanted === true || wanted === 'latest';
  const found = isNewest
    ? runs.find((name) => stampOrder(name) !== undefined)
    : runs.find((name) => name === wanted);
  if (found !== undefined) return found;
  const which = isNewest ? 'there is no run' : `there is no run "${wanted}"`;
  throw new AisBenchError('TMAN-CMD-002', `${which} to continue; ${listOf(runs)}`, {
    where: `--reuse, below ${workDir}`,
    cure: 'give the stamp of a run that is there, the --work-dir where it lies, or run without --reuse',
  });
}

/** Newest first; renamed folders come after those named by their time. */
function runsIn(workDir: string): string[] {
  if (!existsSync(workDir)) return [];
  return readdirSync(workDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(workDir, entry.name, 'configs')))
    .map(({ name }) => ({ name, order: stampOrder(name) ?? ` ${name}` }))
    .sort((a, b) => (a.order < b.order ? 1 : -1))
    .map(({ name }) => name);
}

function listOf(runs: readonly string[]): string {
  if (runs.length === 0) return 'there is none at all';
  const more = runs.length > LISTED ? ` and ${runs.length - LISTED} more` : '';
  return `there are ${runs.slice(0, LISTED).join(', ')}${more}`;
}

/** Files that a run keeps beside its plans. */
const IMPORTED = 'imported.json';
const NO_PLANS = new Set(['served.json', 'continued.json', 'sessions.json', COMMANDS, CLOCK, IMPORTED]);

/** Whether another tool made the run that lies in this folder. */
export function isImported(folder: string): boolean {
  return existsSync(join(folder, 'configs', IMPORTED));
}

/** The plans of a run, one a session, as they were kept; none of one that was imported. Throws RUN-DATA-001 where one is broken or there is none. */
export function plansOf(folder: string): unknown[] {
  const configs = join(folder, 'configs');
  const files = readdirSync(configs).filter((file) => file.endsWith('.json') && !NO_PLANS.has(file));
  if (files.length > 0 || isImported(folder)) return files.map((file) => readJson(join(configs, file)));
  throw new AisBenchError('RUN-DATA-001', 'this run has kept no plan, so what it asked is not known', {
    where: configs,
    cure: 'run without --reuse',
  });
}
