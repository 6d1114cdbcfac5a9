/** Replies that are written from a protocol's description, for a test before there is a recording. */
import type { RecordedReply } from './recorded-reply.ts';
import { sseEvents } from './scripted-server.ts';

/** A whole JSON reply. */
export function textReply(body: unknown): RecordedReply {
  return {
    name: 'written text',
    status: 200,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** A stream of JSON events, with `[DONE]` after them unless `done` is false. */
export function streamReply(events: readonly unknown[], { done = true } = {}): RecordedReply {
  return {
    name: 'written stream',
    status: 200,
    contentType: 'text/event-stream',
    body: Buffer.from(sseEvents(events, { done }).join('')),
  };
}
