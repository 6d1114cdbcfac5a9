import { describe, expect, it, onTestFinished } from 'vitest';
import { presentInstant } from '../sending/run-clock.ts';
import { type ServerOrder, TruthServer } from './truth-server.ts';

async function start(order: ServerOrder): Promise<{ server: TruthServer; ask: (n: number) => Promise<any> }> {
  const server = new TruthServer();
  onTestFinished(() => server.close());
  const port = await server.listen();
  server.obey(order);
  const ask = async (n: number) => {
    const body = JSON.stringify({ messages: [{ role: 'user', content: `stream ${n}` }] });
    const reply = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: 'POST', body });
    const data = (await reply.text()).trim().split('\n\n');
    expect(data.pop()).toBe('data: [DONE]');
    return data.map((line) => JSON.parse(line.replace(/^data: /, '')));
  };
  return { server, ask };
}

describe('the truth server', () => {
  it.each(['instant', 'flat', 'hold', 'spread', 'step'] as const)(
    'replies as vLLM does: %s',
    async (shape) => {
      const events = shape === 'flat' ? 250 : 20;
      const { server, ask } = await start({ shape, events, eventsPerSecond: 500, streams: 1 });
      const [role, ...rest] = await ask(0);
      expect(role.choices[0].delta.role).toBe('assistant');
      const [usage, finish] = [rest.pop(), rest.pop()];
      expect(usage.usage.completion_tokens).toBe(events);
      expect(finish.choices[0].finish_reason).toBe('stop');
      expect(rest).toHaveLength(events);
      expect(rest.every(({ choices }: any) => choices[0].delta.content !== '')).toBe(true);
      expect(server.report()).toMatchObject({ accepted: 1, peak: 1, log: [] });
    },
  );

  it('paces all streams together, and logs when each event left', async () => {
    const [streams, events] = [5, 8];
    const logSince = presentInstant();
    const order = { shape: 'spread', eventsPerSecond: 200, streams, events, logSince } as const;
    const { server, ask } = await start(order);
    await Promise.all(Array.from({ length: streams }, (_, n) => ask(n)));
    const { log, peak } = server.report();
    const now = Number(process.hrtime.bigint() - BigInt(logSince)) / 1e6;
    expect(log).toHaveLength(streams * events);
    expect(Math.min(...log)).toBeGreaterThan(0);
    expect(Math.max(...log)).toBeLessThan(now);
    for (let stream = 0; stream < streams; stream++) {
      const own = log.slice(stream * events, (stream + 1) * events);
      expect([...own].sort((a, b) => a - b)).toEqual(own);
    }
    expect(peak).toBe(streams);
  });

  it('counts what is in flight', async () => {
    const { server, ask } = await start({ shape: 'hold', eventsPerSecond: 1, events: 1 });
    await Promise.all([ask(0), ask(1), ask(2)]);
    expect(server.report()).toMatchObject({ accepted: 3, peak: 3 });
    server.obey({ shape: 'instant', eventsPerSecond: 1, events: 1 });
    await ask(0);
    await ask(0);
    expect(server.report()).toMatchObject({ accepted: 2, peak: 1 });
  });

  it('says how much was in flight while there was load to hold', async () => {
    const { server, ask } = await start({ shape: 'hold', eventsPerSecond: 50, events: 1 });
    const slot = async () => {
      for (let n = 0; n < 5; n++) await ask(n);
    };
    await Promise.all([slot(), slot(), slot()]);
    const { peak, meanHeld } = server.report();
    expect(peak).toBe(3);
    expect(meanHeld).toBeGreaterThan(1);
    expect(meanHeld).toBeLessThanOrEqual(3);
  });

  it('says as many words in an event as it is told, and counts them as tokens', async () => {
    const { ask } = await start({ shape: 'instant', eventsPerSecond: 1, events: 3, words: 64 });
    const events = await ask(0);
    expect(events[1].choices[0].delta.content.trim().split(' ')).toHaveLength(64);
    expect(events.at(-1).usage.completion_tokens).toBe(192);
  });
});
