import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AisBenchError } from '../contract/errors.ts';
import { lockFolder } from './lock.ts';

const NOW = new Date(2026, 0, 5);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const locks = () => readdirSync(folder);
const lay = (holder: unknown) =>
  writeFileSync(join(folder, 'run.lock.1.abc'), typeof holder === 'string' ? holder : JSON.stringify(holder));

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'close');
  return child.pid!;
}

function refusal(): AisBenchError {
  try {
    lockFolder(folder, NOW)();
  } catch (error) {
    return error as AisBenchError;
  }
  throw new Error('the folder was not locked');
}

describe('lockFolder', () => {
  it('says who holds the folder, and leaves nothing when it is released', () => {
    const release = lockFolder(folder, NOW);
    const [name] = locks();
    expect(JSON.parse(readFileSync(join(folder, name!), 'utf8'))).toMatchObject({
      pid: process.pid,
      host: hostname(),
      since: NOW.toISOString(),
    });
    const error = refusal();
    expect(error.code).toBe('RUN-LOCK-001');
    expect(error.message).toContain(`process ${process.pid} on ${hostname()}`);
    expect(error.where).toBe(join(folder, name!));
    expect(locks()).toEqual([name]);
    release();
    expect(locks()).toEqual([]);
    lockFolder(folder, NOW)();
  });

  it('takes over from a process that is dead', async () => {
    lay({ pid: await deadPid(), host: hostname(), since: '' });
    const release = lockFolder(folder, NOW);
    expect(locks()).toHaveLength(1);
    expect(locks()[0]).toContain(`.${process.pid}.`);
    release();
  });

  it.runIf(process.platform === 'linux')('knows a later process of the same number', () => {
    lay({ pid: process.pid, host: hostname(), ticks: '1', since: '' });
    lockFolder(folder, NOW)();
    expect(locks()).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('compares no ticks of another time namespace', () => {
    lay({ pid: process.pid, host: hostname(), ticks: '1', clock: 'time:[1]', since: '' });
    expect(refusal().message).toContain(`process ${process.pid} on`);
  });

  it('takes nothing from another host, nor what it cannot read', async () => {
    lay({ pid: await deadPid(), host: 'elsewhere', since: 'noon' });
    expect(refusal().message).toContain('on elsewhere since noon');
    lay('{"pid":');
    expect(refusal().message).toContain('its lock is not readable');
    expect(locks()).toEqual(['run.lock.1.abc']);
  });

  it('says where it cannot write', () => {
    expect(() => lockFolder(join(folder, 'nowhere'), NOW)).toThrow('cannot write');
  });
});
