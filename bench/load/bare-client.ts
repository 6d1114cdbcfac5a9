/**
 * What the tool is compared with: raw sockets with one read buffer, `JSON.parse` of every event, and nothing else. It knows
 * that every chunk of this server is whole events, and takes no care of anything that HTTP or SSE allow besides.
 */
import { connect } from 'node:net';
import type { ClientOrder } from './wire.ts';

const SHARED = Buffer.allocUnsafeSlow(64 * 1024);

export interface BareResult {
  readonly events: number;
  readonly stamps: Float64Array[];
}

/** Runs `order.streams` streams at once, each on a connection of its own. */
export async function runBare(order: ClientOrder, clock: () => number): Promise<BareResult> {
  const counts = await Promise.all(
    Array.from({ length: order.streams }, (_, index) => stream(order, index, clock)),
  );
  return {
    events: counts.reduce((sum, { events }) => sum + events, 0),
    stamps: counts.map(({ stamps }) => stamps),
  };
}

function stream(
  order: ClientOrder,
  index: number,
  clock: () => number,
): Promise<{ events: number; stamps: Float64Array }> {
  const stamps = new Float64Array(order.stamped ? order.events + 3 : 0);
  let events = 0;
  let content = 0;
  let rest = '';
  return new Promise((resolve, reject) => {
    const read = (length: number): boolean => {
      const at = order.stamped ? clock() : 0;
      const text = rest + SHARED.toString('utf8', 0, length);
      let position = 0;
      for (;;) {
        const start = text.indexOf('data: ', position);
        if (start < 0) break;
        const end = text.indexOf('\n\n', start);
        if (end < 0) break;
        position = end + 2;
        if (text.charCodeAt(start + 6) === 91) {
          socket.destroy();
          resolve({ events, stamps });
          return true;
        }
        const data = JSON.parse(text.slice(start + 6, end));
        if (order.stamped) stamps[events] = at;
        content += data.choices[0]?.delta.content?.length ?? 0;
        events += 1;
      }
      rest = position === 0 ? text : text.slice(position);
      return true;
    };
    const socket = connect({
      port: order.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: SHARED, callback: read },
    });
    socket.on('error', reject);
    // The sum is looked at, or the compiler might leave out what it is made of.
    socket.on('close', () => content === 0 && reject(new Error('no content came')));
    const body = JSON.stringify({ stream: true, max_tokens: order.events, messages: `stream ${index}` });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
}
