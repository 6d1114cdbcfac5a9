/** The relay that other tests rely on, tested by itself. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Relay, type RelayOptions, startRelay } from './relay.ts';

/** Relays to a server that sends everything back. */
async function echo(options: Omit<RelayOptions, 'to'> = {}): Promise<Relay> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return startRelay({ ...options, to: { port: (server.address() as AddressInfo).port } });
}

interface Client {
  readonly socket: Socket;
  /** When each piece came, in milliseconds, and all of them as one text. */
  readonly at: number[];
  text(): string;
}

async function client({ host, port }: Relay): Promise<Client> {
  const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  const at: number[] = [];
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    at.push(performance.now());
    text += bytes.toString();
  });
  await once(socket, 'connect');
  return { socket, at, text: () => text };
}

/** Milliseconds until a word came back. */
async function roundTrip({ socket }: Client): Promise<number> {
  const sent = performance.now();
  socket.write('ping');
  await once(socket, 'data');
  return performance.now() - sent;
}

describe('a relay', () => {
  it('waits on each way for itself', async () => {
    const relay = await echo({ up: { delayMs: 30 }, down: { delayMs: 10 } });
    const one = await client(relay);
    expect(await roundTrip(one)).toBeGreaterThanOrEqual(40);
    relay.set({ up: { delayMs: 0 } });
    const trips = [await roundTrip(one), await roundTrip(one), await roundTrip(one)];
    expect(Math.min(...trips)).toBeGreaterThanOrEqual(10);
    // With the first wait still in force, none could be below 40.
    expect(Math.min(...trips)).toBeLessThan(40);
  });

  it('keeps the order, and every byte, under jitter', async () => {
    let n = 0;
    // Falling from 20 ms to none: without order, every piece would overtake the one before it.
    const random = () => 1 - (n++ % 20) / 20;
    const relay = await echo({ up: { delayMs: 1, jitterMs: 20 }, random });
    const { socket, text } = await client(relay);
    const words = Array.from({ length: 60 }, (_, at) => `${at};`);
    for (const word of words) {
      socket.write(word);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.end();
    await once(socket, 'end');
    expect(text()).toBe(words.join(''));
  });

  it('cuts what is open, refuses what is new, and carries again once healed', async () => {
    const relay = await echo({ up: { delayMs: 20 } });
    const one = await client(relay);
    await roundTrip(one);
    one.socket.write('lost');
    const [error] = await Promise.all([once(one.socket, 'error'), relay.cut()]);
    expect(error[0]).toMatchObject({ code: 'ECONNRESET' });
    const two = connect({ host: relay.host, port: relay.port });
    // Refused while it connects, or as soon as it is.
    await expect(once(two, 'data')).rejects.toMatchObject({ code: 'ECONNRESET' });
    relay.heal();
    const three = await client(relay);
    await roundTrip(three);
    expect(three.text()).toBe('ping');
    expect(relay).toMatchObject({ open: 1, accepted: 3 });
  });

  it('keeps silent without a word to either end, and delivers afterwards', async () => {
    const relay = await echo();
    const one = await client(relay);
    await roundTrip(one);
    relay.silence();
    one.socket.write('held');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect({ text: one.text(), destroyed: one.socket.destroyed }).toEqual({ text: 'ping', destroyed: false });
    relay.heal();
    while (one.text() !== 'pingheld') await once(one.socket, 'data');
  });
});
