import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AisBenchError } from '../contract/errors.ts';
import { writeWhole } from '../store/append.ts';
import { claimName, nextStamp, stampOrder } from '../store/run-folder.ts';
import { readJson } from '../store/served.ts';

/** What a sweep or search keeps of itself, so that it can go on: its settings and the points that are measured. */
export interface SeriesState<Point> {
  /** Every flag that decides what is measured, hashed. */
  readonly settings: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

/** The folder of a sweep or a search: the runs of its points lie below it. */
export interface SeriesFolder<Point> {
  readonly path: string;
  /** Points of the sessions before. */
  readonly before: readonly Point[];
  keep(points: readonly Point[]): void;
  write(name: string, text: string): string;
}

const STATE = 'points.json';

/**
 * A new folder `<workDir>/<kind>_<time>`, or the one that is gone on with. Throws TMAN-CMD-002 where there is none, RUN-CFG-001 where
 * it was begun with other settings.
 */
export function openSeries<Point>(
  kind: 'sweep' | 'search',
  { workDir, reuse }: { workDir: string; reuse: string | true | undefined },
  settings: SeriesState<Point>['settings'],
): SeriesFolder<Point> {
  const path =
    reuse === undefined ? newFolder(kind, workDir) : join(workDir, findSeries(kind, workDir, reuse));
  const file = join(path, STATE);
  const before = reuse === undefined ? [] : continued<Point>(file, settings);
  const write = (name: string, text: string): string => {
    const target = join(path, name);
    writeWhole(target, text);
    return target;
  };
  const keep = (points: readonly Point[]) =>
    write(STATE, `${JSON.stringify({ kind, settings, points }, null, 2)}\n`);
  keep(before);
  return { path, before, keep, write };
}

function newFolder(kind: string, workDir: string): string {
  const name = claimName(workDir, () => `${kind}_${nextStamp(new Date(), stampsIn(workDir, kind))}`);
  return join(workDir, name);
}

/** Stamps of what lies there under that prefix. */
function stampsIn(workDir: string, kind: string): string[] {
  const entries = existsSync(workDir) ? readdirSync(workDir) : [];
  return entries.filter((name) => name.startsWith(`${kind}_`)).map((name) => name.slice(kind.length + 1));
}

function findSeries(kind: string, workDir: string, reuse: string | true): string {
  const there = stampsIn(workDir, kind)
    .map((stamp) => ({ name: `${kind}_${stamp}`, order: stampOrder(stamp) ?? stamp }))
    .filter(({ name }) => existsSync(join(workDir, name, STATE)))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ name }) => name);
  const found = reuse === true ? there.at(-1) : there.find((name) => name === basename(reuse));
  if (found !== undefined) return found;
  const which = reuse === true ? `there is no ${kind} to go on with` : `there is no ${kind} "${reuse}"`;
  throw new AisBenchError(
    'TMAN-CMD-002',
    `${which}; there ${there.length === 0 ? 'is none at all' : `are ${there.join(', ')}`}`,
    {
      where: `--reuse, below ${workDir}`,
      cure: 'give the name of a folder that is there, its --work-dir, or leave --reuse out',
    },
  );
}

function continued<Point>(file: string, settings: SeriesState<Point>['settings']): readonly Point[] {
  const state = readJson(file) as SeriesState<Point>;
  const keys = [...new Set([...Object.keys(state.settings), ...Object.keys(settings)])];
  const changed = keys.filter((key) => state.settings[key] !== settings[key]);
  if (changed.length === 0) return state.points;
  throw new AisBenchError('RUN-CFG-001', `it was begun with other settings: ${changed.join(', ')}`, {
    where: file,
    cure: 'give the settings that it was begun with, or run without --reuse',
  });
}
