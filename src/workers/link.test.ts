import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Link } from './link.ts';
import type { NatsWire } from './nats.ts';

type Fate = 'arrives' | 'lost' | 'answer lost';
type Hear = Parameters<NatsWire['subscribe']>[1];

/** A wire on which each message meets what `fate` says: nothing, the loss of the message, or the loss of its answer. */
class LossyWire implements NatsWire {
  readonly hears = new Map<string, Hear>();
  up = true;
  since = performance.now();
  sent = 0;
  readonly fate: (n: number) => Fate;

  constructor(fate: LossyWire['fate']) {
    this.fate = fate;
  }

  publish(subject: string, body: unknown): void {
    if (this.up && this.fate(this.sent++) === 'arrives') this.hears.get(subject)?.(copy(body), () => {});
  }

  request(subject: string, body: unknown): Promise<unknown> {
    const fate = this.up ? this.fate(this.sent++) : 'lost';
    const hear = this.hears.get(subject);
    if (fate === 'lost' || hear === undefined) return Promise.reject(new Error('timeout'));
    return new Promise((resolve, reject) => {
      hear(copy(body), (answer) => (fate === 'arrives' ? resolve(answer) : reject(new Error('timeout'))));
    });
  }

  subscribe(subject: string, hear: Hear): () => void {
    this.hears.set(subject, hear);
    return () => this.hears.delete(subject);
  }

  state() {
    return { isUp: this.up, since: this.since };
  }
}

const copy = (body: unknown) => JSON.parse(JSON.stringify(body)) as unknown;

function ends(wire: NatsWire, silenceMs = 60_000, outageMs = 60_000) {
  const heard = { a: [] as unknown[], b: [] as unknown[] };
  const lost: string[] = [];
  const end = (to: 'a' | 'b', from: 'a' | 'b') =>
    new Link<unknown, unknown>(wire, {
      ...{ to, from, silenceMs, outageMs, pauseMs: 0 },
      receive: (message) => heard[from].push(message),
      lost: (why) => lost.push(`${from}: ${why}`),
    });
  const [a, b] = [end('b', 'a'), end('a', 'b')];
  onTestFinished(() => {
    a.close();
    b.close();
  });
  return { a, b, heard, lost };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('a link', () => {
  it('delivers what is sent once and in order, whatever the wire loses', async () => {
    const fates = fc.array(fc.constantFrom<Fate>('arrives', 'lost', 'answer lost'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fates, fc.array(fc.nat(), { maxLength: 12 }), async (fate, messages) => {
        const { a, b, heard } = ends(new LossyWire((n) => fate[n] ?? 'arrives'));
        for (const [n, message] of messages.entries()) {
          a.send(message);
          b.send(-message);
          if (n % 3 === 0) await Promise.resolve();
        }
        await Promise.all([a.settled(), b.settled()]);
        expect(heard.b).toEqual(messages);
        expect(heard.a.map((message) => 0 - (message as number))).toEqual(messages);
        a.close();
        b.close();
      }),
      { numRuns: 50 },
    );
  });

  it('loses nothing that is sent while it settles, however many turns later', async () => {
    for (let turns = 0; turns < 40; turns++) {
      const { a, b, heard } = ends(new LossyWire(() => 'arrives'));
      a.send('one');
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      a.send('two');
      await a.settled();
      expect(heard.b).toEqual(['one', 'two']);
      a.close();
      b.close();
    }
  });

  it('sends the messages of one turn together, and a long message alone', async () => {
    const wire = new LossyWire(() => 'arrives');
    const { a, heard } = ends(wire);
    for (const word of ['one', 'two', 'x'.repeat(200_000), 'three']) a.send(word);
    await a.settled();
    expect(heard.b).toHaveLength(4);
    expect(wire.sent).toBe(2);
  });

  it('mentions at once or never', () => {
    const { a, heard } = ends(new LossyWire((n) => (n === 0 ? 'lost' : 'arrives')));
    a.mention('first');
    a.mention('second');
    expect(heard.b).toEqual(['second']);
  });

  it('loses the other end when it is silent, once, and is closed then', async () => {
    const { a, b, lost, heard } = ends(new LossyWire(() => 'arrives'), 100);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lost).toEqual([]);
    b.close();
    await until(() => lost.length > 0);
    expect(lost).toEqual([expect.stringMatching(/^a: silent for/)]);
    a.send('too late');
    await a.settled();
    expect(heard.b).toEqual([]);
  });

  it('does not take its own standstill for the silence of the other end', async () => {
    const { lost } = ends(new LossyWire(() => 'arrives'), 100);
    const end = performance.now() + 300;
    while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lost).toEqual([]);
  });

  it('survives a connection that is down for longer than that, and what is sent meanwhile arrives', async () => {
    const wire = new LossyWire(() => 'arrives');
    const { a, lost, heard } = ends(wire, 100);
    wire.up = false;
    wire.since = performance.now();
    a.send('sent meanwhile');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lost).toEqual([]);
    wire.up = true;
    wire.since = performance.now();
    await until(() => heard.b.length > 0);
    expect(heard.b).toEqual(['sent meanwhile']);
  });

  it('gives up where the connection stays down', async () => {
    const wire = new LossyWire(() => 'arrives');
    const { lost } = ends(wire, 50, 200);
    wire.up = false;
    wire.since = performance.now();
    await until(() => lost.length === 2);
    expect(lost[0]).toMatch(/NATS could not be reached/);
  });
});
