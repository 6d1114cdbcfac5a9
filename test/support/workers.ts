/** Remote workers of a group as a user has them: a NATS server, a way to it and a process for each, and a service. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { emptyFolder, type Running, start, streamed } from '../e2e/support.ts';
import { type NatsServer, startNats } from './nats-server.ts';
import { makeNamespace, type Namespace, noNamespaces } from './network-namespaces.ts';
import { type Relay, startRelay, type Way } from './relay.ts';

interface TestWorker {
  readonly name: string;
  readonly running: Running;
  /** Its way to NATS. */
  readonly relay: Relay;
  /** The host it is on; undefined where all are on this one. */
  readonly space: Namespace | undefined;
}

export interface TestWorkers {
  readonly group: string;
  readonly nats: NatsServer;
  readonly workers: readonly TestWorker[];
}

export interface WorkerRig {
  /** Ways to NATS and back (default: no delay). */
  readonly up?: Way;
  readonly down?: Way;
  /** ms that its clock is wrong. */
  readonly skewMs?: number;
}

/** Workers that wait for work, each on a host of its own where this machine can make such; gone after the test. */
export async function startWorkers(settings: readonly WorkerRig[]): Promise<TestWorkers> {
  const nats = await startNats();
  const group = 'rig';
  const workers = await Promise.all(
    settings.map(async ({ skewMs = 0, ...ways }, n) => {
      const name = `worker-${n + 1}`;
      const space = noNamespaces === undefined ? makeNamespace() : undefined;
      const relay = await startRelay({ to: nats, host: space?.hostAddress ?? '127.0.0.1', ...ways });
      const url = `nats://${relay.host}:${relay.port}`;
      const args = ['--nats', url, '--group', group, '--name', name, '--processes', '1'];
      const running = start(emptyFolder(), ['worker', ...args, '--clock-skew', String(skewMs)], {
        through: space?.prefix ?? [],
        env: { WORKER: name },
      });
      await running.said('waits for runs');
      return { name, running, relay, space };
    }),
  );
  return { group, nats, workers };
}

export interface ArrivalServer {
  readonly url: string;
  /** When each request for an answer came, ms on this process's clock, and who sent it, as its header `X-Worker` says. */
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
    arrivals.push({ at, from: String(request.headers['x-worker']) });
    request.once('end', () => response.writeHead(200, headers).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://${host}:${(server.address() as AddressInfo).port}/`, arrivals };
}
