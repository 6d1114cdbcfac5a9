import type { Socket } from 'node:net';
import { authorityOf, type Endpoint } from './endpoint.ts';
import type { Opening } from './opening.ts';
import type { ProxyServer } from './proxy.ts';

/** More than any proxy says before the tunnel begins. */
const HEAD_LIMIT = 64 * 1024;

/** Asks the proxy at the other end of the socket for a tunnel (HTTP CONNECT). Rejects with the proxy's words. */
export async function askForTunnel(
  opening: Opening,
  socket: Socket,
  target: Endpoint,
  via: ProxyServer,
): Promise<void> {
  const authority = authorityOf(target);
  const lines = [
    `CONNECT ${authority} HTTP/1.1`,
    `Host: ${authority}`,
    ...(via.authorization === undefined ? [] : [`Proxy-Authorization: ${via.authorization}`]),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const proxy = `the proxy ${authorityOf(via)}`;
  const status = await readHead(opening, socket, `the tunnel of ${proxy} to ${authority}`);
  if (/^HTTP\/1\.[01] 2\d\d\b/.test(status)) return;
  const words = status.replace(/^HTTP\/1\.[01] /, '');
  throw new Error(`${proxy} refused the tunnel to ${authority}: ${words || 'it did not answer in HTTP'}`);
}

/** The first line of the reply's head; what follows the head is left in the socket. */
async function readHead(opening: Opening, socket: Socket, waitsFor: string): Promise<string> {
  let head = Buffer.alloc(0);
  await opening.wait(socket, waitsFor, (done, failed) => {
    const onData = (bytes: Buffer) => {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0 && head.length <= HEAD_LIMIT) return;
      socket.pause();
      if (end < 0) return failed(new Error(`${waitsFor} failed: its answer has no end`));
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      done();
    };
    socket.on('data', onData);
    return () => socket.off('data', onData);
  });
  return head.subarray(0, Math.max(0, head.indexOf('\r\n'))).toString('latin1');
}
