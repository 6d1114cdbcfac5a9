import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { messageOf } from '../contract/errors.ts';
import { type BodyRoom, createExchange, type Route, readBody, sendReply } from './exchange.ts';
import { parseObject } from './fields.ts';
import { HttpError } from './http-error.ts';
import { PromptRefused } from './types.ts';

export interface RouterOptions {
  /** When set, every POST and every path below `/v1` needs `Authorization: Bearer <apiKey>` or `x-api-key: <apiKey>`. */
  readonly apiKey: string | undefined;
  readonly maxBodyBytes: number;
  /** Of all bodies that are being read. */
  readonly maxReadingBytes: number;
  readonly log: (line: string) => void;
}

interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route, reads the body, and turns whatever goes wrong into a reply. */
export function createRouter(routes: readonly Route[], options: RouterOptions): RequestListener {
  const room = { left: options.maxReadingBytes };
  return (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const here = routes.flatMap((route) => matchPath(route, path));
    answer(request, response, { path, here, room, ...options }).catch((error: unknown) => {
      if (error instanceof HttpError) send(response, error);
      else response.destroy();
    });
  };
}

/** None or one: the route with what its `{names}` stand for. */
function matchPath(route: Route, path: string): Match[] {
  if (!route.path.includes('{')) return route.path === path ? [{ route, params: {} }] : [];
  const given = path.split('/');
  const wanted = route.path.split('/');
  const params: Record<string, string> = {};
  const fits = wanted.every((part, index) => {
    const found = given[index];
    if (!part.startsWith('{')) return found === part;
    params[part.slice(1, -1)] = decode(found ?? '');
    return found !== undefined && found !== '';
  });
  return fits && given.length === wanted.length ? [{ route, params }] : [];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

interface Setting extends RouterOptions {
  readonly path: string;
  readonly here: readonly Match[];
  readonly room: BodyRoom;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { path, here, room, ...options }: Setting,
): Promise<void> {
  if (!authorized(request, path, options.apiKey)) throw new HttpError(401, { error: 'Unauthorized' });
  if (here.length === 0) throw new HttpError(404, { detail: 'Not Found' });
  const fitting = here.filter(({ route }) => route.method === request.method);
  if (fitting.length === 0) {
    const allow = here.map(({ route }) => route.method).join(', ');
    throw new HttpError(405, { detail: 'Method Not Allowed' }, { allow });
  }
  const body = request.method === 'POST' ? await readBody(request, options.maxBodyBytes, room) : '';
  const { route, params } = choose(fitting, body);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    await route.handle(createExchange(response, body, params, gone.signal));
  } catch (error) {
    fail(error, route, response, options.log);
  }
}

/** Protocols that share a path are told apart by the body; the first one refuses what none of them knows. */
function choose(fitting: readonly Match[], body: string): Match {
  const first = fitting[0]!;
  if (fitting.length === 1 || fitting.every(({ route }) => route.accepts === undefined)) return first;
  const value = parseObject(body);
  return fitting.find(({ route }) => value !== undefined && route.accepts?.(value)) ?? first;
}

function authorized(request: IncomingMessage, path: string, apiKey: string | undefined): boolean {
  if (apiKey === undefined || (request.method !== 'POST' && !path.startsWith('/v1'))) return true;
  const { authorization = '', 'x-api-key': key } = request.headers;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const given = typeof key === 'string' ? `Bearer ${key}` : authorization;
  return timingSafeEqual(digest(given), digest(`Bearer ${apiKey}`));
}

/** Says it in the words that the protocol's clients understand; a stream that has begun is ended with them. */
function fail(error: unknown, route: Route, response: ServerResponse, log: (line: string) => void): void {
  if (response.destroyed || response.writableEnded) return;
  const { words } = route;
  if (error instanceof HttpError) send(response, error);
  else if (error instanceof PromptRefused) send(response, words.refused(error.message));
  else {
    const message = messageOf(error);
    log(`the engine failed: ${message}`);
    if (response.headersSent) response.end(words.brokenStream(message));
    else send(response, words.broken(message));
  }
}

function send(response: ServerResponse, { status, body, headers }: HttpError): void {
  if (!response.headersSent) sendReply(response, status, body, headers);
}
