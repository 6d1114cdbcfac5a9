import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redactor } from './redact.ts';
import { createRunFolder, type RunFolder } from './run-folder.ts';
import { ServedModels } from './served.ts';

let workDir: string;
let folder: RunFolder;
beforeEach(() => {
  workDir = mkdtempSync(join(tmpdir(), 'served-'));
  folder = createRunFolder(workDir, new Date(2026, 0, 5), redactor([]));
});
afterEach(() => rmSync(workDir, { recursive: true, force: true }));

describe('ServedModels', () => {
  it('keeps what services told from session to session', () => {
    new ServedModels(folder).keep('a', { name: 'llama', simulated: true });
    new ServedModels(folder).keep('b', { simulated: false });
    const later = new ServedModels(folder);
    later.keep('a', { name: 'llama', simulated: false });
    expect([later.isSimulated('a'), later.isSimulated('b'), later.isSimulated('toString')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(JSON.parse(readFileSync(folder.file('configs', 'served.json'), 'utf8'))).toEqual({
      a: { name: 'llama', simulated: true },
      b: { simulated: false },
    });
  });

  it('refuses another model than the one that answered before', () => {
    new ServedModels(folder).keep('a', { name: 'llama', simulated: false });
    expect(() => new ServedModels(folder).keep('a', { name: 'qwen', simulated: false })).toThrow(
      'a: the service now serves "qwen", this run was begun with "llama"',
    );
  });

  it('names its file where that is broken', () => {
    writeFileSync(folder.file('configs', 'served.json'), 'no json');
    expect(() => new ServedModels(folder)).toThrow('this file of the run is not readable');
  });
});
