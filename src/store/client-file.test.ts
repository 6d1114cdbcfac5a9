import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readClientFiles, writeClientFile } from './client-file.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'client-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

it('lies beside the records of its process', () => {
  const place = folder();
  const [one, two] = ['d_records.w1.jsonl', 'd_records.w2.jsonl'].map((name) => join(place, name));
  writeClientFile(one!, { process: 'worker 1' });
  writeClientFile(join(place, 'd_records.jsonl'), { process: 'main' });
  expect(readdirSync(place).sort()).toEqual(['d_client.json', 'd_client.w1.json']);
  expect(readClientFiles([one!, two!])).toEqual([{ process: 'worker 1' }]);
});

it('says which file is broken', () => {
  const place = folder();
  writeFileSync(join(place, 'd_client.json'), '{"process":');
  expect(() => readClientFiles([join(place, 'd_records.jsonl')])).toThrow(
    expect.objectContaining({ code: 'RUN-DATA-001', where: join(place, 'd_client.json') }),
  );
});
