/** What the tests of killed runs share: kills at seeded moments, and what is on disk after them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { latest, type Running } from './support.ts';

/** The same numbers from 0 to 1 on every machine. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function killed({ child, finished }: Running): Promise<void> {
  child.kill('SIGKILL');
  await finished;
}

/** Processes that a process has started, by /proc. */
export function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
}

/** Lines of a file of the newest run that end with a line feed, parsed; none where it is not there yet. */
function wholeLines(cwd: string, ...path: readonly string[]): any[] {
  try {
    const lines = readFileSync(join(latest(cwd), ...path), 'utf8').split('\n');
    return lines.slice(0, -1).map((line) => JSON.parse(line));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Records of the newest run, its workers' too. */
export function loadRecordsIn(cwd: string, model: string): any[] {
  const files = readdirSync(join(latest(cwd), 'performances', model));
  const own = files.filter((file) => /^demo_gsm8k_records(\.w\d+)?\.jsonl$/.test(file));
  return own.flatMap((file) => wholeLines(cwd, 'performances', model, file));
}

export const recordsIn = (cwd: string, model: string) =>
  wholeLines(cwd, 'performances', model, 'demo_gsm8k_records.jsonl');
const answersIn = (cwd: string, model: string) => wholeLines(cwd, 'predictions', model, 'demo_gsm8k.jsonl');

/** Ids of the cases whose record and answer both lie whole in the files. */
export function durable(cwd: string, model: string): string[] {
  const answered = new Set(
    answersIn(cwd, model)
      .filter(({ success }) => success)
      .map(({ uuid }) => uuid),
  );
  const ok = recordsIn(cwd, model).filter(({ outcome }) => outcome === 'ok');
  return ok.map(({ call }) => call.id).filter((id) => answered.has(id));
}

/** The score without times, and the verdict of every answer, in the order of the rows. */
export function scoreOf(cwd: string, model: string): unknown {
  const file = join(latest(cwd), 'results', model, 'demo_gsm8k.json');
  const { details, ...card } = JSON.parse(readFileSync(file, 'utf8'));
  const place = (one: any) => one.index * 1000 + one.repetition;
  return { card, details: Object.values(details).sort((a: any, b: any) => place(a) - place(b)) };
}

export const runsIn = (cwd: string) =>
  readdirSync(join(cwd, 'outputs/default')).filter((name) => name !== 'latest');
