/** Coordinator and agents over a real NATS server, in one process; what sends is played. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type NatsServer, noNats, startNats } from '../../test/support/nats-server.ts';
import { startRelay } from '../../test/support/relay.ts';
import { Agent } from './agent.ts';
import { type Connection, connect } from './connect.ts';
import { FileReceiver } from './file-receiver.ts';
import { gather } from './group.ts';
import { HostClock } from './host-clock.ts';
import { type Invitation, inviteSubject, PROTOCOL } from './protocol.ts';
import type { RemoteAgent } from './remote-agent.ts';
import type { Hearing } from './session.ts';
import { natsWire } from './wire.ts';

const SILENCE_MS = 600;

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-agents-'));
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

/** A worker that is played: it writes and reports what the test says. */
interface Played {
  readonly worker: number;
  readonly hearing: Hearing;
  readonly orders: unknown[];
  ended: boolean;
  write(path: string, text: string): void;
}

async function startAgent(url: string, name: string, { skewMs = 0, version = '1' } = {}) {
  const connection = await connected(url, name);
  const played: Played[] = [];
  const said: string[] = [];
  const folders: string[] = [];
  const agent = new Agent({
    connection,
    wire: natsWire(connection),
    group: 'g',
    self: { id: `id-${name}`, name, host: 'here', version, workers: 2 },
    clock: new HostClock(skewMs),
    launch: (worker, folder, hearing) => {
      const one: Played = {
        ...{ worker, hearing, orders: [], ended: false },
        write: (path, text) => {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          appendFileSync(join(folder, path), text);
        },
      };
      played.push(one);
      return {
        tell: (order) => one.orders.push(order),
        end: async () => {
          one.ended = true;
        },
      };
    },
    newFolder: () => {
      folders.push(emptyFolder());
      return folders.at(-1)!;
    },
    say: (text) => said.push(text),
  });
  onTestFinished(() => agent.stop());
  return { agent, played, said, folders, connection };
}

interface Heard {
  readonly reports: unknown[];
  gone: string | undefined;
}

/** A run over `count` agents, each with one worker: agent n has worker n. */
async function startRun(
  url: string,
  { least = 1, version = '1', patienceMs = 0, filesPatienceMs = 10_000 } = {},
) {
  const connection = await connected(url, 'coordinator');
  const folder = emptyFolder();
  const run = `r${Math.random().toString(36).slice(2)}`;
  let files: FileReceiver | undefined;
  const agents = await gather({
    ...{ group: 'g', least, run, version, patienceMs, silenceMs: SILENCE_MS, gatherMs: 200 },
    wire: natsWire(connection),
    clock: new HostClock(),
    files: () => files!,
  });
  const workersOf = agents.map(({ greeting }, n) => [greeting.id, new Set([n + 1])] as const);
  files = await FileReceiver.open(connection, run, folder, new Map(workersOf), filesPatienceMs);
  const heard = agents.map((agent, worker): Heard => {
    const one: Heard = { reports: [], gone: undefined };
    agent.listen(worker, {
      report: (report) => one.reports.push(report),
      gone: (why) => {
        one.gone = why;
      },
    });
    return one;
  });
  const end = async () => {
    await Promise.all(agents.map((agent) => agent.dismiss()));
    await files!.close();
  };
  return { connection, run, folder, agents, heard, end, files };
}

const RECORDS = (worker: number) => `performances/m/d_records.w${worker}.jsonl`;
const CLIENT = (worker: number) => `performances/m/d_client.w${worker}.json`;

/** Tells the worker of each agent something, so that it is there. */
async function wake(agents: readonly RemoteAgent[], played: readonly (readonly Played[])[]): Promise<void> {
  for (const [n, agent] of agents.entries()) agent.tell(n, 'begin');
  await until(() => played.every((own) => own.length === 1), 'a worker of each agent');
}

describe.skipIf(noNats)('agents', () => {
  it('are told what to do and report; a result is heard when its files are there', async () => {
    const { url } = await startNats();
    const [two, one] = [await startAgent(url, 'a2'), await startAgent(url, 'a1')];
    const { agents, heard, folder, end } = await startRun(url, { least: 2 });
    expect(agents.map(({ greeting }) => greeting.name)).toEqual(['a1', 'a2']);
    await wake(agents, [one.played, two.played]);
    for (const n of [1, 2, 3]) agents[0]!.tell(0, n);
    await until(() => one.played[0]!.orders.length === 4, 'the orders');
    expect(one.played[0]!.orders).toEqual(['begin', 1, 2, 3]);
    const { hearing, write } = one.played[0]!;
    hearing.report('ready', 'word');
    const line = `${JSON.stringify('x'.repeat(5000))}\n`;
    write(RECORDS(1), line.repeat(300));
    write(CLIENT(1), '{"process":"worker 1"}');
    // Nobody may write in another's name.
    write(RECORDS(2), 'forged\n');
    hearing.report('sent', 'result');
    await until(() => heard[0]!.reports.length === 2, 'both reports');
    const atResult = readFileSync(join(folder, RECORDS(1)), 'utf8');
    expect(heard[0]!.reports).toEqual(['ready', 'sent']);
    expect(atResult).toBe(line.repeat(300));
    expect(readFileSync(join(folder, CLIENT(1)), 'utf8')).toBe('{"process":"worker 1"}');
    expect(existsSync(join(folder, RECORDS(2)))).toBe(false);
    await end();
    await until(() => one.said.includes('waits for work as one of g'), 'a free agent');
    expect([one.played[0]!.ended, existsSync(one.folders[0]!)]).toEqual([true, false]);
    // Free again, for the next run.
    const next = await startRun(url, { least: 2 });
    expect(next.agents).toHaveLength(2);
    await next.end();
  });

  it('that are busy, of another version or too few make no run, and why is said', async () => {
    const { url } = await startNats();
    await startAgent(url, 'a1');
    await startAgent(url, 'a2', { version: '2' });
    const first = await startRun(url);
    const refusal = startRun(url, { least: 2 });
    await expect(refusal).rejects.toMatchObject({ code: 'AGENT-GROUP-001' });
    await expect(refusal).rejects.toThrow(/0 of 2 agents of g are free/);
    await expect(refusal).rejects.toThrow(new RegExp(`a1 \\(here\\): it works for the run ${first.run}`));
    await expect(refusal).rejects.toThrow(/a2 \(here\): it is ais_bench 2 .*the run is made by 1/);
    const wire = natsWire(first.connection);
    const stranger: Invitation = { protocol: PROTOCOL + 1, version: '1', run: 'r2', silenceMs: SILENCE_MS };
    const answer = await wire.request(inviteSubject('g', 'id-a1'), stranger, 1000);
    expect(answer).toMatchObject({ refused: expect.stringContaining(`protocol ${PROTOCOL + 1}`) });
    await first.end();
  });

  it('that come later are waited for, as long as patience lasts', async () => {
    const { url } = await startNats();
    const run = startRun(url, { least: 1, patienceMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await startAgent(url, 'late');
    const { agents, end } = await run;
    expect(agents.map(({ greeting }) => greeting.name)).toEqual(['late']);
    await end();
  });

  it('that fall silent are lost; what had come of their records is kept', async () => {
    const server = await startNats();
    const relay = await startRelay({ to: server });
    const { played, connection } = await startAgent(`nats://127.0.0.1:${relay.port}`, 'a1');
    const { agents, heard, folder, end } = await startRun(server.url);
    await wake(agents, [played]);
    const { hearing, write } = played[0]!;
    write(RECORDS(1), 'one\ntwo\n');
    hearing.report('first part', 'result');
    await until(() => heard[0]!.reports.length === 1, 'the first part');
    write(RECORDS(1), 'three\nfo');
    await until(() => readFileSync(join(folder, RECORDS(1)), 'utf8').includes('three'), 'what trickles');
    relay.silence();
    await until(() => heard[0]!.gone !== undefined, 'the loss');
    expect(heard[0]!.gone).toMatch(/nothing was heard of it for/);
    expect(agents[0]!.lostTo).toBe(heard[0]!.gone);
    expect(readFileSync(join(folder, RECORDS(1)), 'utf8')).toBe('one\ntwo\nthree\n');
    await end();
    await connection.nats.close();
  });

  it('whose coordinator is lost end their workers and are free', async () => {
    const { url } = await startNats();
    const { played, said, folders } = await startAgent(url, 'a1');
    const { agents, connection, run } = await startRun(url);
    await wake(agents, [played]);
    await connection.nats.close();
    await until(() => said.some((text) => text.includes('its coordinator is lost')), 'the loss');
    expect([played[0]!.ended, existsSync(folders[0]!)]).toEqual([true, false]);
    const next = await startRun(url);
    expect(next.agents).toHaveLength(1);
    expect(await next.connection.manager.streams.names().next()).not.toContain(`aisb_${run}_files`);
    await next.end();
  });

  it('whose records the server has lost are told as such, and let no more processes send than they have', async () => {
    const { url } = await startNats();
    const { played } = await startAgent(url, 'a1');
    const { agents, heard, connection, run, end } = await startRun(url, { filesPatienceMs: 300 });
    await wake(agents, [played]);
    const { hearing, write } = played[0]!;
    const { manager } = connection;
    await manager.streams.delete(`aisb_${run}_files`);
    await manager.streams.add({ name: 'other', subjects: [`aisb.${run}.files.*`] });
    write(RECORDS(1), 'one\n');
    hearing.report('sent', 'result');
    await until(() => heard[0]!.gone !== undefined, 'the loss');
    expect(heard[0]!.gone).toBe('its records did not arrive');
    for (const worker of [1, 2]) {
      agents[0]!.listen(worker, {
        report: () => {},
        gone: (why) => void heard.push({ reports: [], gone: why }),
      });
      agents[0]!.tell(worker, 'begin');
    }
    await until(() => heard.length === 2, 'the refusal');
    expect([heard[1]!.gone, played.length]).toEqual(['it lets no more than 2 processes send', 2]);
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
  ])('bear %s: what was told and written arrives once', async (_, disturb) => {
    const server = await startNats();
    const relay = await startRelay({ to: server });
    const { played } = await startAgent(`nats://127.0.0.1:${relay.port}`, 'a1');
    const { agents, heard, folder, end } = await startRun(server.url);
    await wake(agents, [played]);
    const { hearing, write, orders } = played[0]!;
    const lines = Array.from({ length: 4000 }, (_, n) => `${JSON.stringify({ n, text: 'y'.repeat(700) })}\n`);
    write(RECORDS(1), lines.slice(0, 2000).join(''));
    hearing.report(1, 'result');
    await disturb(server, relay.cut);
    agents[0]!.tell(0, 'more');
    hearing.report(2, 'word');
    write(RECORDS(1), lines.slice(2000).join(''));
    hearing.report(3, 'result');
    relay.heal();
    await until(() => heard[0]!.reports.length === 3 && orders.length === 2, 'all reports and orders');
    expect(heard[0]!.reports).toEqual([1, 2, 3]);
    await until(() => orders.length === 2, 'the order');
    expect(orders).toEqual(['begin', 'more']);
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
    for (const skewMs of skews) await startAgent(`nats://127.0.0.1:${relay.port}`, `a${skewMs}`, { skewMs });
    const { agents, end } = await startRun(server.url, { least: 2 });
    for (const agent of agents) {
      const skew = Number(agent.greeting.name.slice(1));
      const { offsetMs, boundMs } = (await agent.measureClock())!;
      // Two clocks of this process are set to the time of day some microseconds apart.
      expect(Math.abs(offsetMs - skew)).toBeLessThanOrEqual(boundMs + 0.5);
      if (within !== undefined) expect(Math.abs(offsetMs - skew)).toBeLessThanOrEqual(within + 0.5);
      expect(agent.tripMs).toBeGreaterThanOrEqual(up.delayMs + down.delayMs - 1);
    }
    await end();
  });
});

describe.skipIf(noNats)('a connection to NATS', () => {
  it('is refused in words where no server answers, or where it refuses', async () => {
    const server = await startNats({ config: 'authorization { user: bench, password: "secret word" }' });
    const at = (userinfo: string) => `nats://${userinfo}127.0.0.1:${server.port}`;
    const refused = { code: 'AGENT-NATS-002' };
    await expect(connect({ servers: [at('')], name: 'x' })).rejects.toMatchObject(refused);
    await expect(connect({ servers: [at('bench:wrong@')], name: 'x' })).rejects.toMatchObject(refused);
    await (await connected(at('bench:secret%20word@'))).close();
    await server.stop();
    const gone = connect({ servers: [at('bench:secret%20word@')], name: 'x' });
    await expect(gone).rejects.toMatchObject({ code: 'AGENT-NATS-001', where: `127.0.0.1:${server.port}` });
  });

  it('waits for a server as long as patience lasts', async () => {
    const server = await startNats();
    await server.stop();
    const options = { servers: [server.url], name: 'x' };
    await expect(connect({ ...options, patienceMs: 700 })).rejects.toMatchObject({ code: 'AGENT-NATS-001' });
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
    await expect(connect({ servers, name: 'x' })).rejects.toMatchObject({ code: 'AGENT-NATS-001' });
  });
});
