import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type NatsServer, noNats, startNats } from '../../test/support/nats-server.ts';
import type { SampleResult } from '../sending/pull-task.ts';
import { takeLeft } from './left-results.ts';
import { type Connection, connect } from './nats.ts';
import { removeStreams, SampleQueue } from './sample-queue.ts';
import { SampleSupply } from './sample-supply.ts';

const RUN = 'run1';
const answerTo = (n: number): SampleResult => ({
  n,
  // One of several pieces.
  transcripts: [n === 3 ? randomBytes(100_000).toString('base64') : `{"n":${n}}`],
  records: [`{"of":${n}}`],
});

async function connectTo({ url }: NatsServer, name: string): Promise<Connection> {
  const connection = await connect({ servers: [url], name });
  onTestFinished(() => connection.close());
  return connection;
}

async function rest(connection: Connection): Promise<SampleResult[]> {
  const answers: SampleResult[] = [];
  await takeLeft(connection, RUN, async (answer) => void answers.push(answer));
  return answers.sort((a, b) => a.n - b.n);
}

describe.skipIf(noNats)('what a run whose coordinator died left', { timeout: 30_000 }, () => {
  it('is there until it is in the files: what was answered after its death, and what it had not kept', async () => {
    const server = await startNats({ config: 'max_payload: 65536' });
    const coordinator = await connectTo(server, 'coordinator');
    const samples = [0, 1, 2, 3, 4, 5];
    const left = new Set(samples);
    // It holds what it received, and dies before that is in a file.
    const store = {
      left,
      keep: () => {},
      flush: () => {
        throw new Error('the disk is slow');
      },
    };
    const queue = await SampleQueue.open(coordinator, RUN, {
      ...{ task: 0, samples, mostHeld: 8, silenceMs: 5000 },
      store,
    });
    const said: SampleResult[] = [];
    const supply = new SampleSupply(await connectTo(server, 'worker'), RUN, 0, 5000);
    onTestFinished(() => supply.close());
    const handed: number[] = [];
    const taker = supply.taker((n) => handed.push(n));
    taker.want(6);
    await expect.poll(() => handed.length, { timeout: 5000 }).toBe(6);
    const say = (n: number) => {
      said.push(answerTo(n));
      taker.answered(said.at(-1)!);
    };
    for (const n of handed.slice(0, 2)) say(n);
    await expect(queue.answered()).rejects.toThrow('the disk is slow');
    await coordinator.nats.close();
    for (const n of handed.slice(2, 5)) say(n);
    await taker.release();

    const next = await connectTo(server, 'next');
    const expected = [...said].sort((a, b) => a.n - b.n);
    // One that dies as well leaves it for the next.
    for (const time of [1, 2])
      expect(isDeepStrictEqual(await rest(next), expected), `time ${time}`).toBe(true);
    await removeStreams(next, RUN);
    expect(await rest(next)).toEqual([]);
    expect(await next.manager.streams.names().next()).toEqual([]);
  });

  it('may be nothing', async () => {
    const server = await startNats();
    expect(await rest(await connectTo(server, 'next'))).toEqual([]);
  });
});
