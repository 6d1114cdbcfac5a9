import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type NatsServer, noNats, startNats } from '../../test/support/nats-server.ts';
import type { SampleResult } from '../sending/pull-task.ts';
import { type Connection, connect } from './nats.ts';
import { removeStreams, SampleQueue } from './sample-queue.ts';
import { SampleSupply } from './sample-supply.ts';

const RUN = 'run1';
const SILENCE_MS = 1000;

async function connectTo({ url }: NatsServer, name: string): Promise<Connection> {
  const connection = await connect({ servers: [url], name });
  onTestFinished(() => connection.close());
  return connection;
}

/** What a task's files would hold. */
class Kept {
  readonly samples: readonly number[];
  readonly left: Set<number>;
  readonly answers: SampleResult[] = [];
  repeats = 0;
  flushed = 0;

  constructor(count: number) {
    this.samples = Array.from({ length: count }, (_, n) => n);
    this.left = new Set(this.samples);
  }

  keep(answer: SampleResult): void {
    if (!this.left.delete(answer.n)) this.repeats += 1;
    else this.answers.push(answer);
  }
  flush(): void {
    this.flushed = this.answers.length;
  }
  get isWhole(): boolean {
    const numbers = this.answers.map(({ n }) => n);
    return numbers.length === this.samples.length && new Set(numbers).size === numbers.length;
  }
}

const answerTo = (n: number): SampleResult => ({ n, transcripts: [`{"n":${n}}`], records: [`{"of":${n}}`] });

/** A worker with one process that holds at most `slots` samples, and takes `ms` for one. */
async function worker(
  server: NatsServer,
  { slots, ms, task = 0 }: { slots: number; ms: number; task?: number },
) {
  const connection = await connectTo(server, 'worker');
  const supply = new SampleSupply(connection, RUN, task, SILENCE_MS);
  const state = { asked: [] as number[], held: 0, peak: 0, isDead: false };
  const taker = supply.taker((n) => {
    state.asked.push(n);
    state.held += 1;
    state.peak = Math.max(state.peak, state.held);
    setTimeout(() => {
      if (state.isDead) return;
      state.held -= 1;
      taker.answered(answerTo(n));
      taker.want(1);
    }, ms);
  });
  taker.want(slots);
  onTestFinished(() => supply.close());
  return {
    state,
    taker,
    /** As if its process were killed. */
    die: async () => {
      state.isDead = true;
      supply.close();
      await connection.nats.close();
    },
  };
}

async function open(server: NatsServer, kept: Kept, mostHeld = 16, task = 0): Promise<SampleQueue> {
  const connection = await connectTo(server, 'coordinator');
  const queue = await SampleQueue.open(connection, RUN, {
    ...{ task, samples: kept.samples, mostHeld, silenceMs: SILENCE_MS },
    store: kept,
  });
  onTestFinished(() => queue.close());
  return queue;
}

describe.skipIf(noNats)('the queue of a task', { timeout: 60_000 }, () => {
  it('gives every sample to one of the workers, and has a result of each', async () => {
    const server = await startNats();
    const kept = new Kept(500);
    const queue = await open(server, kept, 8);
    const workers = await Promise.all([1, 2, 3].map(() => worker(server, { slots: 4, ms: 2 })));
    await queue.answered();
    await queue.caughtUp();
    expect(kept.isWhole).toBe(true);
    expect(kept.flushed).toBe(500);
    expect(kept.repeats).toBe(0);
    const asked = workers.map(({ state }) => state.asked.length);
    expect(asked.reduce((sum, n) => sum + n)).toBe(500);
    expect(Math.min(...asked)).toBeGreaterThan(0);
    for (const { state } of workers) expect(state.peak).toBeLessThanOrEqual(4);
  });

  it('never gives out more samples than may be held, over all workers', async () => {
    const server = await startNats();
    const kept = new Kept(60);
    const queue = await open(server, kept, 3);
    const workers = await Promise.all([1, 2].map(() => worker(server, { slots: 5, ms: 20 })));
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(
        peak,
        workers.reduce((sum, { state }) => sum + state.held, 0),
      );
    }, 3);
    await queue.answered();
    clearInterval(watch);
    expect(peak).toBe(3);
    expect(kept.isWhole).toBe(true);
  });

  it('starts without workers, goes on with those that join, and gives what a dead one had to others', async () => {
    const server = await startNats();
    const kept = new Kept(120);
    const queue = await open(server, kept);
    const first = await worker(server, { slots: 5, ms: 20 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    await first.die();
    const second = await worker(server, { slots: 16, ms: 5 });
    const released = await worker(server, { slots: 3, ms: 1e6 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await released.taker.release();
    await queue.answered();
    expect(kept.isWhole).toBe(true);
    expect(second.state.asked).toEqual(expect.arrayContaining(released.state.asked));
  });

  it('carries a result of any size', async () => {
    const server = await startNats({ config: 'max_payload: 65536' });
    const kept = new Kept(2);
    const queue = await open(server, kept);
    const connection = await connectTo(server, 'worker');
    const supply = new SampleSupply(connection, RUN, 0, SILENCE_MS);
    onTestFinished(() => supply.close());
    // Nothing that could be compressed.
    const long = (n: number) => ({
      ...answerTo(n),
      transcripts: [randomBytes(300_000 * n).toString('base64')],
    });
    const said = new Map<number, SampleResult>();
    const taker = supply.taker((n) => {
      said.set(n, long(n));
      taker.answered(said.get(n)!);
    });
    taker.want(2);
    await queue.answered();
    for (const answer of kept.answers) expect(isDeepStrictEqual(answer, said.get(answer.n))).toBe(true);
    expect(kept.isWhole).toBe(true);
  });

  it('says whether anything of it may still be on the server', async () => {
    const server = await startNats();
    const queue = await open(server, new Kept(3));
    await queue.close();
    const connection = await connectTo(server, 'coordinator');
    expect(await removeStreams(connection, RUN)).toBe(true);
    expect(await removeStreams(connection, RUN)).toBe(true);
    const away = async () => {
      throw new Error('TIMEOUT');
    };
    const lost = { ...connection, manager: { streams: { delete: away } } } as unknown as Connection;
    expect(await removeStreams(lost, RUN)).toBe(false);
  });

  it('loses nothing when the server is killed, and starts again when it lost its disk', async () => {
    const server = await startNats();
    const kept = new Kept(400);
    const queue = await open(server, kept);
    await worker(server, { slots: 8, ms: 10 });
    for (let kill = 0; kill < 2; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      await server.kill();
      if (kill === 1) rmSync(server.store, { recursive: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
      await server.start();
    }
    await queue.answered();
    await queue.caughtUp();
    expect(kept.isWhole).toBe(true);
    expect(kept.flushed).toBe(400);
  });
});
