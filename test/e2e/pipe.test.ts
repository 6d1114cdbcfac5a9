/** Output through a pipe: written whole before the command ends, and no error when the reader has left. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aisBench, CHAT, DEMO, emptyFolder, filesBelow, latest, serve, start } from './support.ts';

const MEGABYTE = 1 << 20;
const EXPORT = ['export', 'outputs/default/latest', '--format', 'csv'];

/** A folder with a run whose table of requests is longer than a megabyte. */
async function longRun(): Promise<string> {
  const cwd = emptyFolder();
  const { port } = await serve();
  const run = ['--models', CHAT, '--datasets', DEMO, '--mode', 'perf', '--host-port', port];
  expect((await aisBench(cwd, ...run)).code).toBe(0);
  const folder = join(latest(cwd), 'performances');
  const [records] = filesBelow(folder).filter(({ path }) => path.endsWith('_records.jsonl'));
  const line = records!.content.split('\n').find((text) => JSON.parse(text).call !== undefined)!;
  const { call, ...rest } = JSON.parse(line);
  const count = Math.ceil((4 * MEGABYTE) / line.length);
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({ call: { ...call, id: `${call.id}x${n}` }, ...rest }),
  );
  writeFileSync(join(folder, records!.path), `${lines.join('\n')}\n`);
  return cwd;
}

it('is written whole to a slow reader, and cut without an error for one that leaves', async () => {
  const cwd = await longRun();
  expect((await aisBench(cwd, ...EXPORT, '--out', 'table.csv')).code).toBe(0);
  const table = readFileSync(join(cwd, 'table.csv'), 'utf8');
  expect(table.length).toBeGreaterThan(MEGABYTE);

  const piped = (reader: string) => ({
    through: ['bash', '-o', 'pipefail', '-c', `"$@" | ${reader}`, 'bash'],
  });
  const slow = await start(cwd, EXPORT, piped('{ sleep 1; cat; }')).finished;
  expect([slow.code, slow.stderr]).toEqual([0, '']);
  expect(slow.stdout === table).toBe(true);

  const left = start(cwd, EXPORT, piped('head -c 100'));
  expect(await left.finished).toEqual({ code: 0, stdout: table.slice(0, 100), stderr: '' });
});
