import type {
  BaseAPIModel,
  ExchangeRequest,
  HttpMethod,
  NextRequest,
  RequestArgs,
} from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { MethodError } from './failure.ts';
import { mergeHeaders, requestHeaders } from './request-headers.ts';
import type { HttpRequest } from './types.ts';

/** Prompt and limits of one request. */
export interface ServiceCall {
  readonly prompt: PromptType;
  readonly maxOutLen: number;
  readonly args: RequestArgs;
}

/** The method of the model class that runs now, for the message where it does not settle. */
export interface Step {
  method: string;
}

/** Builds the HTTP request, signed where the class signs. Throws a MethodError where the model class is at fault. */
export function buildRequest(
  model: BaseAPIModel,
  call: ServiceCall,
  output: RequestOutput,
  step: Step = { method: '' },
): Promise<HttpRequest> {
  return building(step, async () => {
    step.method = 'getRequestBody';
    const given = await model.getRequestBody(call.prompt, call.maxOutLen, output, call.args);
    const body = encodeBody(given);
    step.method = 'getUrl';
    const url = absolute(model.getUrl(call.args));
    step.method = 'getMethod';
    const method = checkedMethod(model.getMethod?.(call.args) ?? 'POST');
    step.method = 'getRequestBody';
    checkPresence(body, method, model.getMethod !== undefined);
    step.method = 'headers';
    const headers = requestHeaders(model, call.args, isJson(given));
    return signed(model, { method, url, headers, ...(body === undefined ? {} : { body }) }, step);
  });
}

/** Builds what a class with `exchange` gets. Throws a MethodError where the class is at fault. */
export function buildExchange(
  model: BaseAPIModel,
  call: ServiceCall,
  output: RequestOutput,
  step: Step = { method: '' },
): Promise<ExchangeRequest> {
  return building(step, async () => {
    step.method = 'getRequestBody';
    const body: unknown = await model.getRequestBody(call.prompt, call.maxOutLen, output, call.args);
    step.method = 'getUrl';
    const url = model.getUrl(call.args);
    if (!URL.canParse(url))
      throw new TypeError(`it returned ${JSON.stringify(url)}, which is no absolute URL`);
    step.method = 'headers';
    const headers = requestHeaders(model, call.args, false);
    return { url, headers, body, stream: model.options.stream, args: call.args };
  });
}

/** A request that follows a reply, as it will be sent. */
export interface FollowUp {
  readonly request: HttpRequest;
  readonly afterMs: number;
  readonly stream: boolean;
}

/**
 * Builds the request that the class wants to follow a reply. To another origin than the first request's go neither the headers that
 * every request has, which may hold a key, nor a signature: a server must not be able to fetch them by naming a URL.
 */
export function buildFollowUp(
  model: BaseAPIModel,
  next: NextRequest,
  { before, origin, args }: { readonly before: string; readonly origin: string; readonly args: RequestArgs },
  step: Step,
): Promise<FollowUp> {
  return building(step, async () => {
    step.method = 'getNextRequest';
    const { afterMs = 0, stream = false } = next;
    if (!(Number.isFinite(afterMs) && afterMs >= 0))
      throw new TypeError(`it returned afterMs ${afterMs}, which is no number of milliseconds`);
    const url = absolute(URL.canParse(next.url, before) ? new URL(next.url, before).href : next.url);
    const body = encodeBody(next.body);
    const method = checkedMethod(next.method ?? (body === undefined ? 'GET' : 'POST'));
    checkPresence(body, method, true);
    const isOwn = new URL(url).origin === origin;
    const json = isJson(next.body);
    const headers = mergeHeaders([
      isOwn ? requestHeaders(model, args, json) : json ? JSON_CONTENT : {},
      next.headers ?? {},
    ]);
    const request = { method, url, headers, ...(body === undefined ? {} : { body }) };
    return { request: isOwn ? await signed(model, request, step) : request, afterMs, stream };
  });
}

const JSON_CONTENT = { 'content-type': 'application/json' };

async function building<T>(step: Step, build: () => Promise<T>): Promise<T> {
  try {
    return await build();
  } catch (cause) {
    throw cause instanceof MethodError ? cause : new MethodError(step.method, cause);
  }
}

function absolute(url: string): string {
  if (URL.canParse(url) && /^https?:/i.test(url)) return url;
  throw new TypeError(`it returned ${JSON.stringify(url)}, which is no absolute http(s) URL`);
}

function isJson(given: unknown): boolean {
  return typeof given === 'object' && !(given instanceof Uint8Array);
}

/** Returns the body as it is sent; undefined: none. */
function encodeBody(given: unknown): string | Uint8Array | undefined {
  if (given === undefined || typeof given === 'string' || given instanceof Uint8Array) return given;
  const body: string | undefined = JSON.stringify(given);
  if (typeof given === 'object' && given !== null && body !== undefined) return body;
  throw new TypeError('it returned a value that JSON cannot hold');
}

const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function checkedMethod(method: HttpMethod): HttpMethod {
  if (METHODS.includes(method)) return method;
  throw new TypeError(`it returned ${JSON.stringify(method)}, which is none of ${METHODS.join(', ')}`);
}

/** Refuses a body that was forgotten, instead of sending none. */
function checkPresence(body: unknown, method: HttpMethod, namesMethod: boolean): void {
  if (body === undefined && !namesMethod)
    throw new TypeError(
      'it returned nothing: return the body, or say in getMethod how a request without one is sent',
    );
  if (body !== undefined && method === 'GET')
    throw new TypeError('it returned a body, which a GET request does not have');
}

/** Adds the headers that the class signs the request with; it gets copies of what is sent. */
async function signed(model: BaseAPIModel, request: HttpRequest, step: Step): Promise<HttpRequest> {
  if (model.signRequest === undefined) return request;
  step.method = 'signRequest';
  const { method, url } = request;
  const headers = lowerCased({ host: new URL(url).host, ...request.headers });
  const body = Uint8Array.from(Buffer.from(request.body ?? ''));
  const signature: unknown = await model.signRequest({ method, url, headers: { ...headers }, body });
  if (typeof signature !== 'object' || signature === null) throw new TypeError('it returned no headers');
  return {
    method,
    url,
    headers: { ...headers, ...lowerCased(signature as Record<string, string>) },
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
