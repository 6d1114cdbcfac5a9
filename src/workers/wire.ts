import { performance } from 'node:perf_hooks';
import type { Connection } from './connect.ts';

/** Messages as plain data between named places; what is published may be lost. */
export interface Wire {
  publish(subject: string, body: unknown): void;
  /** Rejects where no answer comes in time. */
  request(subject: string, body: unknown, timeoutMs: number): Promise<unknown>;
  /** Hears what is sent to a subject until the returned function is called; `answer` reaches who requested. */
  subscribe(subject: string, hear: (body: unknown, answer: (body: unknown) => void) => void): () => void;
  /** Since when it is connected, or since when not; ms on `performance.now`. */
  state(): { readonly isUp: boolean; readonly since: number };
}

const decoder = new TextDecoder();

/** The core messages of NATS, as JSON. */
export function natsWire({ nats }: Connection): Wire {
  let state = { isUp: true, since: performance.now() };
  void (async () => {
    for await (const { type } of nats.status()) {
      if (type === 'disconnect') state = { isUp: false, since: performance.now() };
      if (type === 'reconnect') state = { isUp: true, since: performance.now() };
    }
  })();
  return {
    // A connection that is closed has nobody to tell.
    publish: (subject, body) => {
      if (!nats.isClosed() && !nats.isDraining()) nats.publish(subject, JSON.stringify(body));
    },
    request: async (subject, body, timeout) => {
      const { data } = await nats.request(subject, JSON.stringify(body), { timeout });
      return parse(data);
    },
    subscribe: (subject, hear) => {
      const subscription = nats.subscribe(subject, {
        callback: (error, message) => {
          const body = error === null ? parse(message.data) : undefined;
          if (body !== undefined) hear(body, (answer) => message.respond(JSON.stringify(answer)));
        },
      });
      return () => subscription.unsubscribe();
    },
    state: () => state,
  };
}

/** Undefined for what is no JSON: somebody else's message. */
function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data));
  } catch {
    return undefined;
  }
}
