import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findDataset, pullDataset } from './pull.ts';
import { addressOf, type DataSource, SOURCES } from './sources.ts';

const TEXT = '{"question":"one and one","answer":"2"}\n';
const sum = (text: string) => createHash('sha256').update(text).digest('hex');
const source: DataSource = {
  name: 'tiny',
  files: ['test.jsonl'],
  source: 'nobody',
  licence: 'MIT',
  pull: [{ name: 'test.jsonl', bytes: TEXT.length, sha256: sum(TEXT) }],
};

let server: Server;
let mirror: string;
let root: string;
let into: string;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer(({ url }, reply) => {
    asked.push(url!);
    if (url === '/tiny/test.jsonl') reply.end(TEXT);
    else if (url === '/moved/tiny/test.jsonl') reply.writeHead(302, { location: '/tiny/test.jsonl' }).end();
    else if (url === '/loop/tiny/test.jsonl') reply.writeHead(302, { location: url }).end();
    else if (url === '/wrong/tiny/test.jsonl') reply.end(TEXT.replace('2', '3'));
    else if (url === '/long/tiny/test.jsonl') reply.end(TEXT.repeat(1000));
    else reply.writeHead(404).end('no');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  root = mkdtempSync(join(tmpdir(), 'ais-bench-pull-'));
  into = join(root, 'tiny');
});

afterEach(async () => {
  await new Promise((done) => server.close(done));
  rmSync(root, { recursive: true });
});

const reported: string[] = [];
const pull = (path = '', force = false) =>
  pullDataset(source, { into, mirror: mirror + path, force, report: (line) => reported.push(line) });

it('keeps a file whose checksum is right, and says what it does', async () => {
  expect(await findDataset(source, [root])).toBeUndefined();
  await pull();
  expect(readFileSync(join(into, 'test.jsonl'), 'utf8')).toBe(TEXT);
  expect(reported.at(-1)).toContain(`${mirror}/tiny/test.jsonl`);
  expect(await findDataset(source, [root])).toBe(join(root, 'tiny'));
  await pull();
  expect(asked).toHaveLength(1);
});

it('follows a redirect, and not for ever', async () => {
  await expect(pull('/loop')).rejects.toMatchObject({ code: 'DSET-PULL-001' });
  await pull('/moved');
  expect(readFileSync(join(into, 'test.jsonl'), 'utf8')).toBe(TEXT);
});

it.each([
  ['/wrong', 'DSET-PULL-002'],
  ['/long', 'DSET-PULL-002'],
  ['/none', 'DSET-PULL-001'],
])('keeps nothing of %s', async (path, code) => {
  await expect(pull(path)).rejects.toMatchObject({ code });
  expect(existsSync(join(into, 'test.jsonl'))).toBe(false);
  expect(existsSync(join(into, 'test.jsonl.part'))).toBe(false);
});

it('replaces another file only when told', async () => {
  await pull();
  writeFileSync(join(into, 'test.jsonl'), 'mine');
  await expect(pull()).rejects.toMatchObject({
    code: 'DSET-PULL-001',
    cure: expect.stringContaining('--force'),
  });
  expect(readFileSync(join(into, 'test.jsonl'), 'utf8')).toBe('mine');
  await pull('', true);
  expect(readFileSync(join(into, 'test.jsonl'), 'utf8')).toBe(TEXT);
});

it('knows an address and a checksum of every file that can be pulled', () => {
  for (const one of SOURCES) {
    for (const file of one.pull ?? []) {
      expect(addressOf(one, file, undefined)).toMatch(/^https:\/\/.+\//);
      expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  }
});
