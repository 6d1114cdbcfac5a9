import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { localOptions } from '../../../test/support/sample-local.ts';
import { GGUFBaseModel, GGUFwithChatTemplate } from './llama.ts';
import { LLAMA_INSTALL } from './llama-load.ts';

const NEVER = { signal: new AbortController().signal };

describe.each([GGUFBaseModel, GGUFwithChatTemplate])('%s', (Model) => {
  let empty: string;
  beforeEach(async () => {
    empty = await mkdtemp(join(tmpdir(), 'ais-bench-'));
    vi.stubEnv('AIS_BENCH_PEERS', '');
    vi.spyOn(process, 'cwd').mockReturnValue(empty);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(empty, { recursive: true });
  });

  it('without node-llama-cpp gives the command that installs it', async () => {
    const path = join(empty, 'model.gguf');
    await writeFile(path, '');
    await expect(new Model(localOptions({ path })).load(NEVER.signal)).rejects.toMatchObject({
      code: 'UTILS-DEPENDENCY-001',
      cure: expect.stringContaining(LLAMA_INSTALL),
    });
  });

  it('names a file that does not exist', async () => {
    const path = join(empty, 'nowhere.gguf');
    await expect(new Model(localOptions({ path })).load(NEVER.signal)).rejects.toMatchObject({
      code: 'MODEL-IMPL-004',
      where: path,
      message: expect.stringContaining('there is no such model file'),
    });
  });

  it('refuses options that it does not know before it loads anything', () => {
    expect(() => new Model(localOptions({ further: { quantisation: 4 } }))).toThrow('quantisation');
  });

  it('answers nothing before it is loaded, and may be closed all the same', async () => {
    const model = new Model(localOptions());
    await expect(model.generate(['Hi'], 4, NEVER)).rejects.toThrow('not loaded');
    await expect(model.getPpl(['Hi there'], NEVER)).rejects.toThrow('not loaded');
    expect((await model.peakMemory()).rssBytes).toBeGreaterThan(1e6);
    await model.close();
  });
});
