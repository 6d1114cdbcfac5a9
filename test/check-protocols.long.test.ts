/** `ais_bench check` of every shipped service model against the embedded service: whoever sends and whoever answers agree. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalog } from '../src/catalog.ts';
import { readRaw } from '../src/config/raw.ts';
import { resolvePlan } from '../src/config/resolve.ts';
import { type RunningService, startService } from '../src/engine/service.ts';
import { checkService } from '../src/kit/check-service.ts';
import { firstTokenOf } from '../src/kit/diagnose.ts';
import { shippedConfigs } from './support/docs-tables.ts';
import { type Step, startKserve } from './support/kserve-server.ts';

/**
 * MindIE's `generate` streams pieces where old vLLM's streams the whole text so far. Both ask the same path with the same
 * body; the embedded service answers as vLLM did.
 */
const OTHER_DIALECT = ['mindie_vllm_stream_api_general', 'mindie_vllm_api_general'];
const names = shippedConfigs('models')
  .filter(({ path }) => readFileSync(path, 'utf8').includes("attr: 'service'"))
  .map(({ name }) => name)
  .filter((name) => !OTHER_DIALECT.includes(name));

/** Where a config's protocol is spoken: gRPC is none of the embedded service's. */
async function findUrl(name: string): Promise<{ url: string[]; model?: string }> {
  if (!name.startsWith('triton_grpc')) return { url: [service.url] };
  const answer = (): readonly Step[] => ['The answer', { pauseMs: 5 }, ' is 40.'];
  const { port } = await startKserve({ answer, decoupled: false });
  return { url: [`http://127.0.0.1:${port}/`], model: 'echo' };
}

let service: RunningService;
beforeAll(async () => {
  service = await startService({ log: () => {} });
});
afterAll(() => service.close());

async function check(name: string) {
  const shipped = fileURLToPath(new URL('../configs', import.meta.url));
  const flags = {
    models: [name],
    datasets: [],
    mode: 'all' as const,
    configDir: 'configs',
    numWarmups: 0,
    maxErrorRate: 0,
    ...(await findUrl(name)),
    // TGI refuses temperature 0.
    set: name.includes('tgi') ? [] : ['models.0.generation_kwargs.temperature=0'],
  };
  const raw = await readRaw(flags, { base: '', own: shipped, shipped }, { base: '', shipped, entry: '' });
  const [plan] = (await resolvePlan(raw, flags, catalog, { cwd: '', env: {}, data: [] })).models;
  if (plan?.attr !== 'service') throw new Error(`${name} is no service model`);
  return checkService(plan, 6, { base: '', signal: new AbortController().signal });
}

describe('a shipped model', () => {
  it.each(names)('%s', async (name) => {
    const { observations, findings } = await check(name);
    expect(findings.filter(({ level }) => level === 'invalid')).toEqual([]);
    expect(observations.length).toBeGreaterThan(0);
    for (const observation of observations) {
      if (observation.stream) expect(firstTokenOf(observation)).toBeGreaterThanOrEqual(0);
    }
  });

  it('that asks in another dialect is told so', async () => {
    const { findings } = await check('mindie_vllm_stream_api_general');
    expect(findings).toContainEqual(
      expect.objectContaining({
        ...{ of: 'stream', code: 'TEXT-REPEATED' },
        params: { parser: 'parseStreamResponse', path: 'text[0]' },
      }),
    );
  });
});
