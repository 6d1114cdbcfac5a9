/** Agents of a group as a person has them: a NATS server, a way to it and a process for each, and a service that they ask. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { emptyFolder, type Running, start, streamed } from '../e2e/support.ts';
import { type NatsServer, startNats } from './nats-server.ts';
import { makeNamespace, type Namespace, noNamespaces } from './network-namespaces.ts';
import { type Relay, startRelay, type Way } from './relay.ts';

interface TestAgent {
  readonly name: string;
  readonly running: Running;
  /** Its way to NATS. */
  readonly relay: Relay;
  /** The host it is on; undefined where all are on this one. */
  readonly space: Namespace | undefined;
}

export interface TestAgents {
  readonly group: string;
  readonly nats: NatsServer;
  readonly agents: readonly TestAgent[];
}

export interface AgentSetting {
  /** Ways to NATS and back (default: no delay). */
  readonly up?: Way;
  readonly down?: Way;
  /** ms that its clock is wrong. */
  readonly skewMs?: number;
}

/** Agents that wait for work, each on a host of its own where this machine can make such; gone after the test. */
export async function startAgents(settings: readonly AgentSetting[]): Promise<TestAgents> {
  const nats = await startNats();
  const group = 'rig';
  const agents = await Promise.all(
    settings.map(async ({ skewMs = 0, ...ways }, n) => {
      const name = `agent-${n + 1}`;
      const space = noNamespaces === undefined ? makeNamespace() : undefined;
      const relay = await startRelay({ to: nats, host: space?.hostAddress ?? '127.0.0.1', ...ways });
      const url = `nats://${relay.host}:${relay.port}`;
      const args = ['--nats', url, '--group', group, '--name', name, '--workers', '1'];
      const running = start(emptyFolder(), ['agent', ...args, '--clock-skew', String(skewMs)], {
        through: space?.prefix ?? [],
        env: { AGENT: name },
      });
      await running.said('waits for work');
      return { name, running, relay, space };
    }),
  );
  return { group, nats, agents };
}

export interface ArrivalServer {
  readonly url: string;
  /** When each request for an answer came, ms on this process's clock, and who sent it, as its header `X-Agent` says. */
  readonly arrivals: readonly { readonly at: number; readonly from: string }[];
}

/** A service that answers at once and keeps when it was asked; seen from every namespace. */
export async function arrivalServer(host = '127.0.0.1'): Promise<ArrivalServer> {
  const arrivals: { at: number; from: string }[] = [];
  const { headers, body = [] } = streamed('fine');
  const answer = [...body].join('');
  const server: Server = createServer((request, response) => {
    const at = performance.now();
    request.resume();
    if (request.method === 'GET') {
      const models = JSON.stringify({ data: [{ id: 'm' }] });
      return void response.writeHead(request.url === '/v1/models' ? 200 : 404).end(models);
    }
    arrivals.push({ at, from: String(request.headers['x-agent']) });
    request.once('end', () => response.writeHead(200, headers).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://${host}:${(server.address() as AddressInfo).port}/`, arrivals };
}
