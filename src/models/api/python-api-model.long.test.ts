import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { BaseAPIModel } from '../../contract/base-api-model.ts';
import {
  modelOptions,
  readRecordedReply,
  sseEvents,
  startScriptedServer,
  testServiceModel,
} from '../../testing/index.ts';
import { callService } from '../../transport/call-service.ts';
import { RequestDeadlines } from '../../transport/deadlines.ts';
import { http1Transport } from '../../transport/http1-transport.ts';
import { pythonAPIModelClass } from './python-api-model.ts';

const file = fileURLToPath(new URL('../../../test/support/python/guide_models.py', import.meta.url));
const place = { file, name: 'Completions', folder: dirname(file), extraOptions: [] };

const Completions = pythonAPIModelClass({ ...place, parsesText: true, parsesStream: true });

/** One a set of options: each has a process of its own, and the checks make a model for every cut of a stream. */
const made = new Map<string, BaseAPIModel>();
afterAll(() => Promise.all([...made.values()].map((model) => model.close?.())));

function create(options = modelOptions()): BaseAPIModel {
  const key = JSON.stringify(options);
  const model = made.get(key) ?? new Completions(options);
  made.set(key, model);
  return model;
}

const recorded = (name: string) => readRecordedReply(`test/fixtures/vllm/${name}`);

describe('a Python class for a service, recordings of vLLM', () => {
  // Every cut of a stream is a way through another process and back.
  testServiceModel((name, run) => it(name, run, 120_000), {
    create,
    recordings: {
      text: recorded('completions_nostream'),
      stream: recorded('completions_stream_usage'),
    },
  });
});

it('has the methods that its text has', () => {
  const { prototype } = pythonAPIModelClass({ ...place, parsesText: false, parsesStream: true });
  expect([prototype.parseTextResponse, typeof prototype.parseStreamResponse]).toEqual([
    undefined,
    'function',
  ]);
});

describe('outputs that the worker keeps', () => {
  const NO_LIMIT = { connectMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0 };
  const counting = { ...place, name: 'Counting', parsesText: true, parsesStream: true };

  it.each([true, false])(
    'are let go when an attempt is over, however it ended (stream: %s)',
    async (stream) => {
      const server = await startScriptedServer(({ body }) => {
        const { n } = JSON.parse(body);
        if (n % 4 === 1) return { status: 500, body: ['no'] };
        if (n % 4 === 2) return { body: ['data: {"piece"'], ending: 'cut-in-chunk' as const };
        if (n % 4 === 3) return { ending: 'silent-before-headers' as const };
        return stream
          ? {
              headers: { 'content-type': 'text/event-stream' },
              body: sseEvents([{ piece: 'a' }, { piece: 'b' }]),
            }
          : { headers: { 'content-type': 'application/json' }, body: ['{"piece": "ab"}'] };
      });
      const clock = () => performance.now();
      const transport = http1Transport(clock, { connectMs: 0 });
      const Counting = pythonAPIModelClass(counting);
      const model = new Counting({ ...modelOptions(), stream, url: server.url });
      try {
        const alive: number[] = [];
        for (let n = 0; n < 60; n++) {
          const stop = new AbortController();
          const deadlines = new RequestDeadlines(clock, NO_LIMIT);
          const args = { index: n, repetition: 0, turn: 0, conversationId: 'c' };
          if (n % 4 === 3) setTimeout(() => stop.abort(), 20);
          const wire = { transport, deadlines, clock, signal: stop.signal };
          const { output, failure } = await callService(model, { prompt: 'p', maxOutLen: 1, args }, wire);
          expect([n % 4 === 0, failure === undefined]).toEqual([n % 4 === 0, n % 4 === 0]);
          if (failure === undefined) expect(output.content).toBe('ab');
          alive.push(output.extraDetailsData['alive'] as number);
        }
        // The one at hand, and those whose end is still on its way.
        expect(Math.max(...alive.filter((count) => count !== undefined))).toBeLessThanOrEqual(3);
      } finally {
        await model.close?.();
        await transport.close();
        await server.close();
      }
    },
  );
});
