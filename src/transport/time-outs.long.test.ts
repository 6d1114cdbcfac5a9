/** The four limits of a request, each proved on a real server that goes on for ever; and what they end besides. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { startBlackHole } from '../../test/support/connections.ts';
import { BaseAPIModel } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import { type AskOptions, askPort, askScripted, sseEvents } from '../testing/index.ts';
import { startScriptedServer } from '../testing/scripted-server.ts';

const NEVER = new Promise<void>(() => {});

class Words extends BaseAPIModel {
  getUrl(): string {
    return this.baseUrl;
  }
  getRequestBody(): object | Promise<object> {
    return {};
  }
  override parseTextResponse(data: any, output: RequestOutput): void | Promise<void> {
    output.content = data.word;
  }
  override parseStreamResponse(data: any, output: RequestOutput): void | Promise<void> {
    output.content += data.word;
  }
}

const events = sseEvents([{ word: 'a' }, { word: 'b' }], { done: false });
const comments = Array.from({ length: 100 }, () => [': alive\n\n', { pauseMs: 20 }] as const).flat();
const ask = (script: Parameters<typeof askScripted>[1], setting: AskOptions) =>
  askScripted((options) => new Words(options), script, setting);

describe('the limit', () => {
  it('connect: nobody takes the connection', async ({ skip }) => {
    const port = await startBlackHole();
    if (port === undefined) return skip('there is no python3');
    const { failure } = await askPort((options) => new Words(options), port, { connectMs: 300 });
    expect(failure).toMatchObject({
      kind: 'timeout',
      message: expect.stringMatching(/^no connection within/),
    });
  });

  it('first token: only signs of life', async () => {
    const { failure } = await ask(
      { body: comments, ending: 'silent-after-body' },
      { firstTokenMs: 300, idleMs: 100, totalMs: 5000 },
    );
    expect(failure).toEqual({ kind: 'timeout', message: 'no first token within 0.3 s' });
  });

  it('idle: the stream falls silent', async () => {
    const { failure, output } = await ask(
      { body: events, ending: 'silent-after-body' },
      { firstTokenMs: 5000, idleMs: 300, totalMs: 5000 },
    );
    expect(failure).toMatchObject({ kind: 'timeout', message: expect.stringContaining('within 0.3 s') });
    expect(output.content).toBe('ab');
  });

  it('total: the stream goes on and on', async () => {
    const lively = Array.from({ length: 200 }, () => [events[0]!, { pauseMs: 20 }]).flat();
    const { failure } = await ask({ body: lively }, { firstTokenMs: 5000, idleMs: 5000, totalMs: 400 });
    expect(failure).toEqual({ kind: 'timeout', message: 'no complete reply within 0.4 s' });
  });
});

describe('after [DONE]', () => {
  it.each([
    ['idle', { idleMs: 200 }],
    ['total', { totalMs: 400 }],
  ])(
    'a connection that stays open ends by the %s limit and costs the answer nothing',
    async (_name, limits) => {
      const script = { body: [...events, 'data: [DONE]\n\n'], ending: 'silent-after-body' } as const;
      const { failure, output, events: log } = await ask(script, limits);
      expect(failure).toBeUndefined();
      expect(output.content).toBe('ab');
      expect(log.at).toHaveLength(2);
    },
  );
});

describe('a method that never settles', () => {
  class HangingParser extends Words {
    override async parseStreamResponse(data: any, output: RequestOutput): Promise<void> {
      output.content += data.word;
      if (data.word === 'b') await NEVER;
    }
    override parseTextResponse(): Promise<void> {
      return NEVER;
    }
  }
  class HangingBody extends Words {
    override getRequestBody(): Promise<object> {
      return NEVER.then(() => ({}));
    }
  }

  it.each([
    [
      'parseStreamResponse, after the stream',
      HangingParser,
      true,
      [...events, 'data: [DONE]\n\n'],
      'complete',
    ],
    ['parseStreamResponse, in a stream that stays open', HangingParser, true, events, 'silent-after-body'],
    ['parseTextResponse', HangingParser, false, ['{"word":"a"}'], 'complete'],
    ['getRequestBody', HangingBody, false, [], 'complete'],
  ] as const)(
    '%s is a bug of the class, found by the total limit',
    async (name, type, stream, body, ending) => {
      const setting = { options: { stream }, totalMs: 400 };
      const attempt = await askScripted((options) => new type(options), { body, ending }, setting);
      expect(attempt.failure).toEqual({
        kind: 'model-bug',
        message: `${name.split(',')[0]} has not settled: no complete reply within 0.4 s`,
      });
    },
  );

  it('does not outlive the run, and what was read is kept', async () => {
    const server = await startScriptedServer({ body: events });
    onTestFinished(() => server.close());
    const stop = new AbortController();
    const asking = askPort((options) => new HangingParser(options), server.port, { signal: stop.signal });
    await expect.poll(() => server.received.length).toBe(1);
    setTimeout(() => stop.abort(), 200);
    const { failure, output } = await asking;
    expect(failure).toEqual({ kind: 'cancelled', message: 'the run was stopped' });
    expect(output.content).toBe('ab');
  });

  it('does not keep a stopped run from reading what came, where its parser is only slow', async () => {
    class Slow extends Words {
      override async parseStreamResponse(data: any, output: RequestOutput): Promise<void> {
        await new Promise((resolve) => setTimeout(resolve, 10));
        output.content += data.word;
      }
    }
    const server = await startScriptedServer({ body: events, ending: 'silent-after-body' });
    onTestFinished(() => server.close());
    const stop = new AbortController();
    const asking = askPort((options) => new Slow(options), server.port, { signal: stop.signal });
    await expect.poll(() => server.received.length).toBe(1);
    setTimeout(() => stop.abort(), 100);
    const { failure, output } = await asking;
    expect(failure).toMatchObject({ kind: 'cancelled' });
    expect(output.content).toBe('ab');
  });
});

it('a `streamIsComplete` that throws is a bug of the class', async () => {
  class Throwing extends Words {
    override streamIsComplete(): boolean {
      throw new Error('oops');
    }
  }
  const { failure } = await askScripted((options) => new Throwing(options), { body: events });
  expect(failure).toMatchObject({ kind: 'model-bug', message: 'streamIsComplete threw: oops' });
});
