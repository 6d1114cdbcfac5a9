/**
 * A raw SSE server for the load bench: `net`, prepared bytes, one write an event. Its parent tells it what to do over the IPC
 * channel; it keeps the time of every write, on the machine's monotonic clock, and hands the log over when asked.
 */
import { createServer, type Socket } from 'node:net';
import { BLOCK, BLOCK_EVENTS, CONTENT, HEAD, ROLE, tail } from './reply-bytes.ts';
import type { ServerOrder, ServerReport } from './wire.ts';

interface Stream {
  readonly socket: Socket;
  /** The client's number of the stream, from 0: its place in the log. */
  readonly index: number;
  sent: number;
  /** Next event is due, ms on the monotonic clock. */
  due: number;
}

let order: ServerOrder = { shape: 'spread', eventsPerSecond: 100, events: 10, logged: false };
let streams: Stream[] = [];
let accepted = 0;
let live = 0;
let peak = 0;
/** Sum of in-flight × ms, for the concurrency that was really held. */
let held = { area: 0, since: 0, first: 0, last: 0 };
let log = new Float64Array(0);
let finished = 0;

const now = (): number => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
};

function count(change: number): void {
  const at = now();
  if (held.first === 0) held = { area: 0, since: at, first: at, last: at };
  held.area += live * (at - held.since);
  held.since = at;
  held.last = at;
  live += change;
  peak = Math.max(peak, live);
}

const server = createServer({ noDelay: true }, (socket) => {
  let pending = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    const end = pending.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /content-length: *(\d+)/i.exec(pending.toString('latin1', 0, end))?.[1];
    if (length !== undefined && pending.length < end + 4 + Number(length)) return;
    const named = /stream (\d+)/.exec(pending.toString('latin1', end));
    pending = Buffer.alloc(0);
    begin(socket, Number(named?.[1] ?? 0));
  });
});

function begin(socket: Socket, index: number): void {
  accepted += 1;
  count(1);
  if (order.shape === 'instant') {
    socket.write(Buffer.concat([HEAD, ROLE, ...CONTENT.slice(0, order.events), tail(order.events)]));
    end();
    return;
  }
  if (order.shape === 'pause') {
    socket.write(HEAD);
    setTimeout(() => {
      socket.write(Buffer.concat([ROLE, CONTENT[0]!, tail(1)]));
      end();
    }, 1000 / order.eventsPerSecond);
    return;
  }
  socket.write(HEAD);
  socket.write(ROLE);
  const stream: Stream = { socket, index, sent: 0, due: 0 };
  if (order.shape === 'flat') flood(stream);
  else if (streams.push(stream) === order.streams) schedule();
}

function end(): void {
  count(-1);
  finished += 1;
}

/** As fast as the peer takes it. */
function flood(stream: Stream): void {
  const { socket } = stream;
  const more = (): void => {
    while (stream.sent < order.events) {
      stream.sent += BLOCK_EVENTS;
      if (!socket.write(BLOCK)) {
        socket.once('drain', more);
        return;
      }
    }
    socket.write(tail(stream.sent));
    end();
  };
  more();
}

/** Gives every stream its first due time, once all of them are there, and starts the loop. */
function schedule(): void {
  const period = 1000 / order.eventsPerSecond;
  const start = now() + 500;
  const { length } = streams;
  for (const stream of streams) {
    stream.due = start + (order.shape === 'spread' ? (stream.index / length) * period : 0);
  }
  setImmediate(loop, period);
}

/** Turns until the last event is out; the streams stay in order of their due times because they all have one period. */
function loop(period: number): void {
  let left = streams.length;
  let at = now();
  for (let turns = 0; turns < left; turns++) {
    const stream = streams[cursor % streams.length]!;
    if (stream.due > at) break;
    if (order.logged) {
      at = now();
      log[stream.index * order.events + stream.sent] = at;
    }
    stream.socket.write(CONTENT[stream.sent % CONTENT.length]!);
    stream.sent += 1;
    stream.due += period;
    cursor += 1;
    if (stream.sent === order.events) {
      stream.socket.write(tail(order.events));
      end();
      left -= 1;
      if (finished === order.streams) {
        streams = [];
        return;
      }
    }
  }
  setImmediate(loop, period);
}

let cursor = 0;

process.on('message', (message: ServerOrder | 'report' | 'stop') => {
  if (message === 'stop') {
    process.disconnect();
    server.close();
    setTimeout(() => process.exit(0), 100).unref();
    return;
  }
  if (message === 'report') {
    const report: ServerReport = {
      accepted,
      finished,
      peak,
      meanHeld: held.area / Math.max(1e-9, held.last - held.first),
      log: Buffer.from(log.buffer).toString('base64'),
    };
    process.send?.(report);
    return;
  }
  order = message;
  streams = [];
  accepted = 0;
  finished = 0;
  live = 0;
  peak = 0;
  cursor = 0;
  held = { area: 0, since: 0, first: 0, last: 0 };
  log = new Float64Array(order.logged ? (order.streams ?? 0) * order.events : 0);
  process.send?.('ready');
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
});
