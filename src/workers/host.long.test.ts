/** Coordinator and remote workers over a real NATS server, in one process; the processes that send are played. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type NatsServer, noNats, startNats } from '../../test/support/nats-server.ts';
import { startRelay } from '../../test/support/relay.ts';
import type { ChannelListener } from './channel.ts';
import { HostClock } from './clocks.ts';
import { FileReceiver } from './file-transfer.ts';
import { Host } from './host.ts';
import { type Connection, connect, natsWire } from './nats.ts';
import { type Offer, type Order, offerSubject, PROTOCOL, type Report } from './protocol.ts';
import { gather, type RemoteHost } from './remote-host.ts';

const SILENCE_MS = 600;

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-workers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function connected(url: string, name = 'test'): Promise<Connection> {
  const connection = await connect({ servers: [url], name });
  onTestFinished(() => connection.nats.close());
  return connection;
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A process that is played: it writes and reports what the test says. */
interface Played {
  readonly name: string;
  readonly listener: ChannelListener;
  readonly orders: Order[];
  write(path: string, text: string): void;
}

async function startHost(url: string, name: string, { skewMs = 0, version = '1' } = {}) {
  const connection = await connected(url, name);
  const played: Played[] = [];
  const said: string[] = [];
  const folders: string[] = [];
  const host = new Host({
    connection,
    wire: natsWire(connection),
    group: 'g',
    self: { id: `id-${name}`, name, host: 'here', version, processes: 2 },
    clock: new HostClock(skewMs),
    open: (process) => {
      const orders: Order[] = [];
      const folder = folders.at(-1)!;
      const write = (path: string, text: string) => {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        appendFileSync(join(folder, path), text);
      };
      let end: ChannelListener['gone'] = () => {};
      return {
        ...{ name: process, leadMs: 0, kill: () => {} },
        listen: (listener) => {
          end = listener.gone;
          played.push({ name: process, listener, orders, write });
        },
        send: (order) => {
          orders.push(order);
          if (order.type === 'stop') end('exit code 0');
        },
      };
    },
    newFolder: () => {
      folders.push(emptyFolder());
      return folders.at(-1)!;
    },
    info: (text) => said.push(text),
  });
  onTestFinished(() => host.stop());
  return { played, said, folders, connection };
}

interface Received {
  readonly reports: Report[];
  gone: string | undefined;
}

/** A run over workers with one process each: worker n has process n. */
async function startRun(url: string, { least = 1, version = '1', waitMs = 0, arrivalMs = 10_000 } = {}) {
  const connection = await connected(url, 'coordinator');
  const folder = emptyFolder();
  const run = `r${Math.random().toString(36).slice(2)}`;
  let files: FileReceiver | undefined;
  const hosts = await gather({
    ...{ group: 'g', least, run, version, waitMs, silenceMs: SILENCE_MS, gatherMs: 200 },
    wire: natsWire(connection),
    clock: new HostClock(),
    files: () => files!,
  });
  const processes = hosts.map(({ registration }, n) => [registration.id, new Set([n + 1])] as const);
  files = await FileReceiver.open(connection, run, folder, new Map(processes), arrivalMs);
  const received = hosts.map((host, process): Received => {
    const one: Received = { reports: [], gone: undefined };
    host.listen(process, {
      report: (report) => one.reports.push(report),
      gone: (why) => {
        one.gone = why;
      },
    });
    return one;
  });
  const end = async () => {
    await Promise.all(hosts.map((host) => host.release()));
    await files!.close();
  };
  return { connection, run, folder, hosts, received, end, files };
}

const BEGIN: Order = { type: 'drain' };
const SENT = { type: 'sent', counters: {}, live: {}, outcome: { sent: 1 }, begunAt: 0 } as unknown as Report;
const start = (n: number): Order => ({ type: 'send', start: n });

const RECORDS = (worker: number) => `performances/m/d_records.w${worker}.jsonl`;
const CLIENT = (worker: number) => `performances/m/d_client.w${worker}.json`;

/** Sends the process of each worker an order, so that it is started. */
async function wake(hosts: readonly RemoteHost[], played: readonly (readonly Played[])[]): Promise<void> {
  for (const [n, host] of hosts.entries()) host.send(n, BEGIN);
  await until(() => played.every((own) => own.length === 1), 'a process of each worker');
}

describe.skipIf(noNats)('remote workers', () => {
  it('receive orders and report; the end of a task is reported when its files are there', async () => {
    const { url } = await startNats();
    const [two, one] = [await startHost(url, 'a2'), await startHost(url, 'a1')];
    const { hosts, received, folder, end } = await startRun(url, { least: 2 });
    expect(hosts.map(({ registration }) => registration.name)).toEqual(['a1', 'a2']);
    await wake(hosts, [one.played, two.played]);
    for (const n of [1, 2, 3]) hosts[0]!.send(0, start(n));
    await until(() => one.played[0]!.orders.length === 4, 'the orders');
    expect(one.played[0]!.orders).toEqual([BEGIN, ...[1, 2, 3].map(start)]);
    const { listener, write } = one.played[0]!;
    listener.report({ type: 'ready' });
    const line = `${JSON.stringify('x'.repeat(5000))}\n`;
    write(RECORDS(1), line.repeat(300));
    write(CLIENT(1), '{"process":"worker 1"}');
    // A worker may not write in the name of another.
    write(RECORDS(2), 'forged\n');
    listener.report(SENT);
    await until(() => received[0]!.reports.length === 2, 'both reports');
    const atResult = readFileSync(join(folder, RECORDS(1)), 'utf8');
    expect(received[0]!.reports).toEqual([{ type: 'ready' }, SENT]);
    expect(atResult).toBe(line.repeat(300));
    expect(readFileSync(join(folder, CLIENT(1)), 'utf8')).toBe('{"process":"worker 1"}');
    expect(existsSync(join(folder, RECORDS(2)))).toBe(false);
    await end();
    await until(() => one.said.includes('waits for runs as a worker of g'), 'a free worker');
    expect([one.played[0]!.orders.at(-1), existsSync(one.folders[0]!)]).toEqual([{ type: 'stop' }, false]);
    // Free again, for the next run.
    const next = await startRun(url, { least: 2 });
    expect(next.hosts).toHaveLength(2);
    await next.end();
  });

  it('that are busy, of another version or too few make no run, and the error says why', async () => {
    const { url } = await startNats();
    await startHost(url, 'a1');
    await startHost(url, 'a2', { version: '2' });
    const first = await startRun(url);
    const refusal = startRun(url, { least: 2 });
    await expect(refusal).rejects.toMatchObject({ code: 'WORKER-GROUP-001' });
    await expect(refusal).rejects.toThrow(/0 of 2 workers of g are free/);
    await expect(refusal).rejects.toThrow(new RegExp(`a1 \\(here\\): it works for the run ${first.run}`));
    await expect(refusal).rejects.toThrow(/a2 \(here\): it is ais_bench 2 .*the run is made by 1/);
    const wire = natsWire(first.connection);
    const stranger: Offer = { protocol: PROTOCOL + 1, version: '1', run: 'r2', silenceMs: SILENCE_MS };
    const answer = await wire.request(offerSubject('g', 'id-a1'), stranger, 1000);
    expect(answer).toMatchObject({ refused: expect.stringContaining(`protocol ${PROTOCOL + 1}`) });
    await first.end();
  });

  it('that register later are waited for, as long as the run says', async () => {
    const { url } = await startNats();
    const run = startRun(url, { least: 1, waitMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await startHost(url, 'late');
    const { hosts, end } = await run;
    expect(hosts.map(({ registration }) => registration.name)).toEqual(['late']);
    await end();
  });

  it('that fall silent are lost; the records that had arrived are kept', async () => {
    const server = await startNats();
    const relay = await startRelay({ to: server });
    const { played, connection } = await startHost(`nats://127.0.0.1:${relay.port}`, 'a1');
    const { hosts, received, folder, end } = await startRun(server.url);
    await wake(hosts, [played]);
    const { listener, write } = played[0]!;
    write(RECORDS(1), 'one\ntwo\n');
    listener.report(SENT);
    await until(() => received[0]!.reports.length === 1, 'the first part');
    write(RECORDS(1), 'three\nfo');
    await until(() => readFileSync(join(folder, RECORDS(1)), 'utf8').includes('three'), 'what trickles');
    relay.silence();
    await until(() => received[0]!.gone !== undefined, 'the loss');
    expect(received[0]!.gone).toMatch(/silent for/);
    expect(hosts[0]!.lostTo).toBe(received[0]!.gone);
    expect(readFileSync(join(folder, RECORDS(1)), 'utf8')).toBe('one\ntwo\nthree\n');
    await end();
    await connection.nats.close();
  });

  it('whose coordinator is lost end their workers and are free', async () => {
    const { url } = await startNats();
    const { played, said, folders } = await startHost(url, 'a1');
    const { hosts, connection, run } = await startRun(url);
    await wake(hosts, [played]);
    await connection.nats.close();
    await until(() => said.some((text) => text.includes('its coordinator is lost')), 'the loss');
    expect([played[0]!.orders.at(-1), existsSync(folders[0]!)]).toEqual([{ type: 'stop' }, false]);
    const next = await startRun(url);
    expect(next.hosts).toHaveLength(1);
    expect(await next.connection.manager.streams.names().next()).not.toContain(`aisb_${run}_files`);
    await next.end();
  });

  it('whose records the server has lost are lost, and start no more processes than they have', async () => {
    const { url } = await startNats();
    const { played } = await startHost(url, 'a1');
    const { hosts, received, connection, run, end } = await startRun(url, { arrivalMs: 300 });
    await wake(hosts, [played]);
    const { listener, write } = played[0]!;
    const { manager } = connection;
    await manager.streams.delete(`aisb_${run}_files`);
    await manager.streams.add({ name: 'other', subjects: [`aisb.${run}.files.*`] });
    write(RECORDS(1), 'one\n');
    listener.report(SENT);
    await until(() => received[0]!.gone !== undefined, 'the loss');
    expect(received[0]!.gone).toBe('its records did not arrive');
    for (const worker of [1, 2]) {
      hosts[0]!.listen(worker, {
        report: () => {},
        gone: (why) => void received.push({ reports: [], gone: why }),
      });
      hosts[0]!.send(worker, BEGIN);
    }
    await until(() => received.length === 2, 'the refusal');
    expect([received[1]!.gone, played.length]).toEqual(['it starts no more than 2 processes', 2]);
    await end();
  });

  it.each([
    ['a connection that is cut', async (_: NatsServer, cut: () => void) => cut()],
    [
      'the death of the server, which is started again on its store',
      async (server: NatsServer) => {
        await server.kill();
        await server.start();
      },
    ],
  ])('survive %s: what was sent and written arrives once', async (_, disturb) => {
    const server = await startNats();
    const relay = await startRelay({ to: server });
    const { played } = await startHost(`nats://127.0.0.1:${relay.port}`, 'a1');
    const { hosts, received, folder, end } = await startRun(server.url);
    await wake(hosts, [played]);
    const { listener, write, orders } = played[0]!;
    const lines = Array.from({ length: 4000 }, (_, n) => `${JSON.stringify({ n, text: 'y'.repeat(700) })}\n`);
    write(RECORDS(1), lines.slice(0, 2000).join(''));
    listener.report(SENT);
    await disturb(server, relay.cut);
    hosts[0]!.send(0, start(2));
    listener.report({ type: 'opened' });
    write(RECORDS(1), lines.slice(2000).join(''));
    listener.report(SENT);
    relay.heal();
    await until(() => received[0]!.reports.length === 3 && orders.length === 2, 'all reports and orders');
    expect(received[0]!.reports).toEqual([SENT, { type: 'opened' }, SENT]);
    await until(() => orders.length === 2, 'the order');
    expect(orders).toEqual([BEGIN, start(2)]);
    expect(readFileSync(join(folder, RECORDS(1)), 'utf8')).toBe(lines.join(''));
    await end();
  });

  it.each([
    ['alike to and fro', { delayMs: 20, jitterMs: 3 }, { delayMs: 20, jitterMs: 3 }, 2],
    ['unlike', { delayMs: 4, jitterMs: 2 }, { delayMs: 40, jitterMs: 2 }, undefined],
  ])('have clocks that are known across delays %s', async (_, up, down, within) => {
    const server = await startNats();
    const relay = await startRelay({ to: server, up, down });
    const skews = [-500, 500];
    for (const skewMs of skews) await startHost(`nats://127.0.0.1:${relay.port}`, `a${skewMs}`, { skewMs });
    const { hosts, end } = await startRun(server.url, { least: 2 });
    for (const host of hosts) {
      const skew = Number(host.registration.name.slice(1));
      const { offsetMs, boundMs } = (await host.measureClock())!;
      // Two clocks of this process are set to the time of day some microseconds apart.
      expect(Math.abs(offsetMs - skew)).toBeLessThanOrEqual(boundMs + 0.5);
      if (within !== undefined) expect(Math.abs(offsetMs - skew)).toBeLessThanOrEqual(within + 0.5);
      expect(host.tripMs).toBeGreaterThanOrEqual(up.delayMs + down.delayMs - 1);
    }
    await end();
  });
});

describe.skipIf(noNats)('a connection to NATS', () => {
  it('is refused in words where no server answers, or where it refuses', async () => {
    const server = await startNats({ config: 'authorization { user: bench, password: "secret word" }' });
    const at = (userinfo: string) => `nats://${userinfo}127.0.0.1:${server.port}`;
    const refused = { code: 'WORKER-NATS-002' };
    await expect(connect({ servers: [at('')], name: 'x' })).rejects.toMatchObject(refused);
    await expect(connect({ servers: [at('bench:wrong@')], name: 'x' })).rejects.toMatchObject(refused);
    await (await connected(at('bench:secret%20word@'))).close();
    await server.stop();
    const gone = connect({ servers: [at('bench:secret%20word@')], name: 'x' });
    await expect(gone).rejects.toMatchObject({ code: 'WORKER-NATS-001', where: `127.0.0.1:${server.port}` });
  });

  it('waits for a server as long as its options say', async () => {
    const server = await startNats();
    await server.stop();
    const options = { servers: [server.url], name: 'x' };
    await expect(connect({ ...options, patienceMs: 700 })).rejects.toMatchObject({ code: 'WORKER-NATS-001' });
    const waiting = connect({ ...options, patienceMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.start();
    await (await waiting).close();
  });

  it('is private over TLS, to a server whose certificate is checked', async () => {
    const tls = (name: string) => new URL(`../../test/fixtures/tls/${name}`, import.meta.url).pathname;
    const config = `tls { cert_file: "${tls('server.pem')}", key_file: "${tls('server.key')}" }`;
    const { port } = await startNats({ config });
    const servers = [`tls://localhost:${port}`];
    const ca = readFileSync(tls('ca.pem'), 'utf8');
    const connection = await connect({ servers, name: 'x', tls: { ca } });
    expect(connection.isPrivate).toBe(true);
    await connection.close();
    await expect(connect({ servers, name: 'x' })).rejects.toMatchObject({ code: 'WORKER-NATS-001' });
  });
});
