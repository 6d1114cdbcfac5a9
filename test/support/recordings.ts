/** The recorded replies in test/fixtures, and what they say when they are read without our parsers. */
import { readdirSync } from 'node:fs';
import { type RecordedReply, readRecordedReply } from '../../src/testing/index.ts';

/** Folders of recordings in test/fixtures. */
export const SERVERS = ['vllm', 'vllm-tools', 'vllm-vlm', 'llamacpp', 'tgi', 'triton'];

/** Folders of replies that were written from a protocol's description: no such server could be run. */
export const WRITTEN = ['ollama', 'gemini', 'sglang'];

type Recording = RecordedReply & { readonly server: string };

/** Recordings of some servers whose request went to a path. */
export function recordingsOf(servers: readonly string[], path: RegExp): Recording[] {
  return servers.flatMap((server) =>
    readdirSync(`test/fixtures/${server}`)
      .filter((file) => file.endsWith('.txt') && !file.endsWith('.head.txt'))
      .map((file) => readRecordedReply(`test/fixtures/${server}/${file.slice(0, -'.txt'.length)}`))
      .filter(({ request }) => path.test(request?.path ?? ''))
      .map((recording) => ({ ...recording, server })),
  );
}

export function recordedReply(name: string): RecordedReply {
  return readRecordedReply(`test/fixtures/${name}`);
}

export function isStream({ contentType }: RecordedReply): boolean {
  return contentType.startsWith('text/event-stream');
}

export function textOf({ body }: RecordedReply): string {
  return Buffer.from(body).toString('utf8');
}

/** Every JSON object of a reply: the events of a stream, its lines, the elements of an array, or the one body. */
export function objectsIn(reply: RecordedReply): any[] {
  const text = textOf(reply);
  if (reply.contentType.includes('ndjson'))
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  if (!isStream(reply)) return [JSON.parse(text)].flat();
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json as string));
}

/** What an error body says, in the server's words, on one line and not all of them. */
export function wordsIn(reply: RecordedReply): string {
  const text = textOf(reply).replace(/^data: /, '');
  const { error = text, detail = error } = text.startsWith('{') ? JSON.parse(text) : {};
  const words: string = typeof detail === 'string' ? detail : detail.message;
  return words.replace(/\s+/g, ' ').slice(0, 400);
}
