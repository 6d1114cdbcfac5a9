import { describe, expect, it } from 'vitest';
import { VLLMCustomAPIChat } from '../models/api/vllm-custom-api-chat.ts';
import { askPort } from './replay.ts';
import {
  FAULTS,
  type Fault,
  type FaultName,
  faulty,
  goodReply,
  startScriptedServer,
} from './scripted-server.ts';

const NAMES = Object.keys(FAULTS) as FaultName[];
const MIB = 1024 * 1024;
/** What a client may hold of a reply, however large it is: what is open of an event, what waits, and garbage. */
const MOST_MEMORY = 160 * MIB;

const ask = (port: number) =>
  askPort((options) => new VLLMCustomAPIChat(options), port, {
    connectMs: 5000,
    firstTokenMs: 1000,
    idleMs: 1000,
    totalMs: 3000,
  });

describe('a service with', () => {
  it.each(NAMES)('%s', { timeout: 60_000 }, async (name) => {
    const { reply, kind, hangs }: Fault = FAULTS[name];
    const server = await startScriptedServer(reply);
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 10);
    try {
      const { failure, output, sent, done } = await ask(server.port);
      expect(failure?.kind).toBe(kind);
      if (kind === undefined) expect(output.content).toMatch(/ab$/);
      if (hangs) expect(done - sent).toBeGreaterThan(900);
      expect(server.received).toHaveLength(1);
      // This process is the server too.
      expect(most - before).toBeLessThan(2 * MOST_MEMORY);
    } finally {
      clearInterval(watch);
      await server.close();
    }
  });
});

describe('a service with faults now and then', () => {
  it('makes the asked share of them, the same ones for the same seed', async () => {
    const script = (seed: number) => {
      const next = faulty({ share: 0.1, seed, faults: ['empty body', 'gzip'] }) as () => object;
      return Array.from({ length: 1000 }, () => next() !== goodReply);
    };
    expect(script(1)).toEqual(script(1));
    expect(script(1)).not.toEqual(script(2));
    const faults = script(3).filter(Boolean).length;
    // Four standard deviations of a binomial.
    expect(Math.abs(faults - 100)).toBeLessThan(4 * Math.sqrt(90));
  });
});
