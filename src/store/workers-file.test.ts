import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type AgentsFile, readAgentsFile, writeAgentsFile } from './agents-file.ts';
import { openRunFolder } from './run-folder.ts';

it('the agents of a run are read as they were written; a run without them has none', () => {
  const path = mkdtempSync(join(tmpdir(), 'ais-bench-agents-file-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const folder = openRunFolder(path, (text) => text.replaceAll('secret', '***'));
  expect(readAgentsFile(folder)).toBeUndefined();
  const file: AgentsFile = {
    ...{ version: 1, group: 'g', session: 'r1' },
    agents: [
      {
        ...{ name: 'a', host: 'h', workers: [1, 3], lostTo: 'the secret service' },
        loads: [{ model: 'm', dataset: 'd', clock: { offsetMs: -499.5, boundMs: 0.25 }, startLagMs: 0.5 }],
      },
    ],
  };
  writeAgentsFile(folder, file);
  expect(readAgentsFile(folder)).toEqual({
    ...file,
    agents: [{ ...file.agents[0]!, lostTo: 'the *** service' }],
  });
  writeFileSync(join(path, 'agents.json'), '{');
  expect(() => readAgentsFile(folder)).toThrow(expect.objectContaining({ code: 'RUN-DATA-001' }));
});
