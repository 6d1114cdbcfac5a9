import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { messageOf } from '../errors.ts';
import { createExchange, type Route, readBody, sendJson } from './exchange.ts';
import { HttpError } from './http-error.ts';

export interface RouterOptions {
  /** When set, paths below `/v1` need `Authorization: Bearer <apiKey>`. */
  readonly apiKey: string | undefined;
  readonly maxBodyBytes: number;
  readonly log: (line: string) => void;
}

/** Finds the route, reads the body, and turns whatever goes wrong into a reply. */
export function createRouter(routes: readonly Route[], options: RouterOptions): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const route = routes.find((it) => it.path === path && it.method === request.method);
    answer(request, response, path, route, routes, options).catch((error: unknown) => {
      replyWithError(response, error, route, options.log);
    });
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  route: Route | undefined,
  routes: readonly Route[],
  options: RouterOptions,
): Promise<void> {
  if (!authorized(request, path, options.apiKey)) throw new HttpError(401, { error: 'Unauthorized' });
  if (route === undefined) throw notFound(path, routes);
  const body = route.method === 'POST' ? await readBody(request, options.maxBodyBytes) : '';
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  await route.handle(createExchange(response, body, gone.signal));
}

function notFound(path: string, routes: readonly Route[]): HttpError {
  const allow = routes.filter((route) => route.path === path).map(({ method }) => method);
  if (allow.length === 0) return new HttpError(404, { detail: 'Not Found' });
  return new HttpError(405, { detail: 'Method Not Allowed' }, { allow: allow.join(', ') });
}

function authorized(request: IncomingMessage, path: string, apiKey: string | undefined): boolean {
  if (apiKey === undefined || !path.startsWith('/v1')) return true;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${apiKey}`));
}

function replyWithError(
  response: ServerResponse,
  error: unknown,
  route: Route | undefined,
  log: (line: string) => void,
): void {
  if (response.destroyed || response.writableEnded) return;
  if (error instanceof HttpError) {
    if (!response.headersSent) sendJson(response, error.status, error.body, error.headers);
    return;
  }
  const message = messageOf(error);
  log(`the engine failed: ${message}`);
  if (response.headersSent) response.end(route?.failed?.(message));
  else sendJson(response, 500, { error: { message, type: 'InternalServerError', param: null, code: 500 } });
}
