/**
 * A run folder from a stranger. Whatever stands in its files, the commands that read one give a result or one error of ours, write
 * nothing outside, and change nothing that objects inherit. `RELIABILITY_FOLDERS` damaged folders.
 */
import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compare, explain, exportRuns } from '../../src/cli/commands/finished-runs.ts';
import { AisBenchError } from '../../src/contract/errors.ts';
import { seeded } from '../e2e/killed.ts';
import { aisBench, CHAT, DEMO, emptyFolder, latest, serve } from '../e2e/support.ts';

const FOLDERS = Number(process.env['RELIABILITY_FOLDERS'] ?? 100);

const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  '__proto__',
  '\u0000../../x',
  [],
  [null],
  {},
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
];

const INHERITED = Object.getOwnPropertyNames(Object.prototype).sort();
afterEach(() => {
  vi.restoreAllMocks();
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(INHERITED);
});

const quiet = () => vi.spyOn(process.stdout, 'write').mockReturnValue(true);

/** Every command that reads a finished run from its folder alone. */
const READERS: Readonly<Record<string, (folder: string, whole: string) => Promise<number>>> = {
  explain: (folder) => explain(folder, {}),
  compare: (folder, whole) => compare([whole, folder], { failIf: [] }),
  'export requests': (folder) => exportRuns([folder], { format: 'csv', table: 'requests' }),
  'export samples': (folder) => exportRuns([folder], { format: 'csv', table: 'samples' }),
  'export openmetrics': (folder) => exportRuns([folder], { format: 'openmetrics', table: 'requests' }),
  'export markdown': (folder) => exportRuns([folder], { format: 'markdown', table: 'requests' }),
};

/** What is not one of our errors, and of which command. */
async function wrongOnes(folder: string, whole: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, read] of Object.entries(READERS)) {
    try {
      await read(folder, whole);
    } catch (error) {
      if (!(error instanceof AisBenchError)) wrong.push(`${name}: ${(error as Error).stack?.slice(0, 400)}`);
    }
  }
  return wrong;
}

/** Puts a hostile value, or nothing, in the place of one that stands somewhere inside. */
function damage(value: unknown, random: () => number): unknown {
  const isInner = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isInner || random() < 0.25) return HOSTILE[Math.floor(random() * HOSTILE.length)];
  const keys = Object.keys(value);
  const key = keys[Math.floor(random() * keys.length)]!;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  if (random() < 0.1) delete copy[key];
  else copy[key] = damage(copy[key], random);
  return copy;
}

function damageFile(path: string, random: () => number): void {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.jsonl')) {
    const lines = text.trimEnd().split('\n');
    const n = Math.floor(random() * lines.length);
    lines[n] = JSON.stringify(damage(JSON.parse(lines[n]!), random));
    writeFileSync(path, `${lines.join('\n')}\n`);
  } else writeFileSync(path, `${JSON.stringify(damage(JSON.parse(text), random))}\n`);
}

async function madeRun(mode: string): Promise<string> {
  const { port } = await serve();
  const cwd = emptyFolder();
  const flags = ['--models', CHAT, '--datasets', DEMO, '--host-port', port, '--num-prompts', '4'];
  expect((await aisBench(cwd, ...flags, '--mode', mode)).code).toBe(0);
  return latest(cwd);
}

describe('a damaged run folder', () => {
  it('with a line that never ends is refused before memory is full', { timeout: 120_000 }, async () => {
    const run = await madeRun('perf');
    const [records = ''] = readdirSync(run, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('_records.jsonl'),
    );
    // A hole of 8 GB, which takes no room on the disk.
    truncateSync(join(run, records), 8 * 2 ** 30);
    quiet();
    await expect(explain(run, {})).rejects.toMatchObject({
      code: 'RUN-DATA-001',
      message: expect.stringContaining('this line has more than'),
    });
  });

  it.each(['perf', 'all'] as const)(
    `of --mode %s is read, or refused in words: ${FOLDERS} of them`,
    async (mode) => {
      const whole = await madeRun(mode);
      quiet();
      const random = seeded(31);
      const cwd = emptyFolder();
      const wrong: string[] = [];
      const files = readdirSync(whole, { recursive: true, encoding: 'utf8' }).filter(
        (file) => /\.jsonl?$/.test(file) && !file.startsWith('logs'),
      );
      const folder = join(cwd, 'run');
      cpSync(whole, folder, { recursive: true });
      for (let n = 0; n < FOLDERS; n++) {
        const file = files[Math.floor(random() * files.length)]!;
        damageFile(join(folder, file), random);
        const found = await wrongOnes(folder, whole);
        if (found.length > 0)
          wrong.push(
            `${file}: ${readFileSync(join(folder, file), 'utf8').slice(0, 300)}\n${found.join('\n')}`,
          );
        cpSync(join(whole, file), join(folder, file));
      }
      expect(wrong.slice(0, 5)).toEqual([]);
    },
    600_000,
  );
});
