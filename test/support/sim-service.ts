/** The embedded service with a simulated engine that takes no time, and ways to ask it. */
import { expect, onTestFinished } from 'vitest';
import { type RunningService, type ServiceOptions, startService } from '../../src/engine/service.ts';

export const FAST = {
  kind: 'sim',
  baseStepMs: 0.1,
  perSequenceMs: 0,
  perPrefillTokenMs: 0,
  contextLength: 8192,
} as const;

/** Closed when the test is over. */
export async function simService(options: ServiceOptions = {}): Promise<RunningService> {
  const service = await startService({ engine: FAST, log: () => {}, ...options });
  onTestFinished(() => service.close());
  return service;
}

/** A body that is no text is sent as JSON. */
export function post(
  service: RunningService,
  path: string,
  body: unknown,
  init: RequestInit = {},
): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(service.url + path, { method: 'POST', body: text, ...init });
}

/** The JSON of a reply with status 200. */
export async function ask(service: RunningService, path: string, body: unknown): Promise<any> {
  const response = await post(service, path, body);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text);
}

/** The data of each event of a stream with status 200, parsed; `[DONE]` stays a text. */
export async function askStream(service: RunningService, path: string, body: object): Promise<any[]> {
  const response = await post(service, path, body);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const events = (await response.text()).split('\n\n');
  expect(events.pop()).toBe('');
  return events.map((event) => {
    const data = event.replace(/^event: .*\n/, '');
    expect(data.startsWith('data: ')).toBe(true);
    const text = data.slice('data: '.length);
    return text === '[DONE]' ? text : JSON.parse(text);
  });
}

/** The keys of a value, nested ones as `outer.inner`; a list counts as its first entry. */
export function keysOf(value: any, prefix = ''): string[] {
  return Object.entries(value ?? {}).flatMap(([key, inner]: [string, any]) => {
    const first = Array.isArray(inner) ? inner[0] : inner;
    const nested = typeof first === 'object' && first !== null ? keysOf(first, `${prefix}${key}.`) : [];
    return [prefix + key, ...nested];
  });
}
