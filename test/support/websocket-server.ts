/** A WebSocket server (RFC 6455) that answers texts with texts as a script says. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A text to send, a pause, or the end of the connection without a word. */
export type Say = object | { readonly pauseMs: number } | 'cut';

export interface WebSocketServer {
  readonly port: number;
  /** Texts that came, parsed. */
  readonly received: readonly any[];
  /** The requests that opened a connection. */
  readonly opened: readonly IncomingMessage[];
  /** Connections that are open. */
  readonly open: number;
}

/** A server on a free port until the test is over. */
export async function startWebSocketServer(
  answer: (message: any) => readonly Say[],
): Promise<WebSocketServer> {
  const received: any[] = [];
  const opened: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    opened.push(request);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write([...head, `Sec-WebSocket-Accept: ${accept}`, '', ''].join('\r\n'));
    socket.write(frame(1, JSON.stringify({ type: 'session.created' })));
    let waiting = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      waiting = Buffer.concat([waiting, bytes]);
      for (;;) {
        const next = readFrame(waiting);
        if (next === undefined) return;
        waiting = waiting.subarray(next.end);
        if (next.kind === 8) socket.end(frame(8, ''));
        if (next.kind !== 1) continue;
        const message = JSON.parse(next.text);
        received.push(message);
        void play(answer(message), socket);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    received,
    opened,
    get open() {
      return sockets.size;
    },
  };
}

async function play(steps: readonly Say[], socket: Socket): Promise<void> {
  for (const step of steps) {
    if (step === 'cut') socket.destroy();
    else if ('pauseMs' in step) await new Promise((resolve) => setTimeout(resolve, step.pauseMs));
    else if (!socket.destroyed) socket.write(frame(1, JSON.stringify(step)));
  }
}

function frame(kind: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.of(128 | kind, payload.length)
      : Buffer.of(128 | kind, 126, payload.length >> 8, payload.length & 255);
  return Buffer.concat([head, payload]);
}

/** The first frame of a client, which masks its own; undefined where it is not whole. */
function readFrame(bytes: Buffer): { kind: number; text: string; end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 127;
  const from = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < from) return undefined;
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const end = from + 4 + length;
  if (bytes.length < end) return undefined;
  const payload = Buffer.from(bytes.subarray(from + 4, end)).map((byte, n) => byte ^ bytes[from + (n % 4)]!);
  return { kind: bytes[0]! & 15, text: Buffer.from(payload).toString('utf8'), end };
}
