/**
 * What the tool is compared with: raw sockets with one read buffer, `JSON.parse` of every event, and nothing else. It knows
 * that every chunk of this server is whole events, and takes no care of anything that HTTP or SSE allow besides.
 */
import { connect } from 'node:net';
import type { ClientOrder } from './wire.ts';

const SHARED = Buffer.allocUnsafeSlow(64 * 1024);

/** Every request has a connection of its own; `order.streams` of them are under way at once. */
export async function runBare(
  order: ClientOrder,
  clock: () => number,
): Promise<{ requests: number; events: number; shared: number; times: Float64Array[] }> {
  const times: Float64Array[] = [];
  let events = 0;
  let shared = 0;
  let begun = 0;
  const slot = async (): Promise<void> => {
    while (begun < order.requests) {
      const index = begun++;
      const got = await stream(order, index, clock);
      events += got.events;
      shared += got.events - got.reads;
      if (order.wants === 'arrivals') times[index] = Float64Array.from(got.arrivals);
    }
  };
  await Promise.all(Array.from({ length: order.streams }, slot));
  return { requests: order.requests, events, shared, times };
}

function stream(
  order: ClientOrder,
  index: number,
  clock: () => number,
): Promise<{ events: number; reads: number; arrivals: number[] }> {
  const stamped = order.wants === 'arrivals';
  const arrivals: number[] = [];
  let events = 0;
  let reads = 0;
  let content = 0;
  let rest = '';
  return new Promise((resolve, reject) => {
    const read = (length: number): boolean => {
      const at = stamped ? clock() : 0;
      reads += 1;
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
          // The sum is looked at, or the compiler might leave out what it is made of.
          if (content === 0) reject(new Error('no content came'));
          resolve({ events, reads, arrivals });
          return true;
        }
        const data = JSON.parse(text.slice(start + 6, end));
        if (stamped) arrivals.push(at);
        events += 1;
        content += data.choices[0]?.delta.content?.length ?? 0;
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
    const body = JSON.stringify({ stream: true, max_tokens: 4096, messages: `stream ${index}` });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
}
