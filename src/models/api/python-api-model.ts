/**
 * Models for services that users write in Python. Requests are built and replies read in a Python worker, which keeps the output of each
 * request under its number; what each event changed is reported and made here too (`python/ais_bench_worker/user_api.py`).
 */
import { findPython } from '../../basics/environment.ts';
import {
  type APIModelOptions,
  BaseAPIModel,
  type BatchStep,
  type Framing,
  type HttpMethod,
  type NextRequest,
  type OutgoingRequest,
  type RequestArgs,
} from '../../contract/base-api-model.ts';
import type { PythonService } from '../../contract/class-ref.ts';
import { AisBenchError } from '../../contract/errors.ts';
import type { RequestOutput } from '../../contract/output.ts';
import type { PromptType } from '../../contract/prompt-list.ts';
import { PythonError } from '../../python-bridge/messages.ts';
import { PythonWorker } from '../../python-bridge/python-worker.ts';
import { MethodError, ReplyError } from '../../transport/failure.ts';
import { splitterFailure } from '../../transport/framing.ts';
import { applyChange, type ParseEvents, type PythonChange, PythonStreams } from './python-streams.ts';

/** A user's Python class for a service: its place, and what its source shows. */
export interface PythonAPIClass extends PythonService {
  /** The file, an absolute path, or the name of an installed module. */
  readonly file: string;
  readonly name: string;
  /** The user's folder, absolute: what the file imports is looked for there too. */
  readonly folder: string;
}

/** What the Python class says once it is made. */
interface Loaded {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly framing: Framing;
  /** Those of its optional methods that it has, in Python's names. */
  readonly has: readonly string[];
}

/** A live worker, and the class in it. */
interface OpenedPython extends Loaded {
  readonly worker: PythonWorker;
  readonly streams: PythonStreams;
}

/** A request that is under way, and the worker that keeps its output. */
interface KeptOutput {
  readonly number: number;
  readonly opened: OpenedPython;
  /** Whether the stream is complete, without and with `[DONE]`. */
  complete?: readonly [boolean, boolean];
}

/** A body as it travels. */
interface WireBody {
  readonly json?: object;
  readonly text?: string;
  readonly base64?: string;
}

/** What Python says of one request beside its body. */
interface Parts {
  readonly url?: string;
  readonly method?: HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Python's output of a whole reply, or of a request before there is one. */
type OutputFields = Exclude<PythonChange, 0 | string>;

class PythonAPIModel extends BaseAPIModel {
  readonly #place: PythonAPIClass;
  readonly #kept = new WeakMap<RequestOutput, KeptOutput>();
  readonly #parts = new WeakMap<RequestArgs, Parts>();
  #opening: Promise<OpenedPython> | undefined;
  #opened: OpenedPython | undefined;
  #next = 1;

  constructor(options: APIModelOptions, place: PythonAPIClass) {
    super(options);
    this.#place = place;
  }

  /** The class's own once it is made, which `getRequestBody` waits for. */
  getUrl(args?: RequestArgs): string {
    return this.#partsOf(args).url ?? this.#opened?.url ?? this.baseUrl;
  }

  override headers(args?: RequestArgs): Record<string, string> {
    return { ...this.#opened?.headers, ...this.#partsOf(args).headers };
  }

  override getFraming(): Framing {
    return this.#opened?.framing ?? 'sse';
  }

  /** The class's own splitter is in Python: the pieces go there as they came, each with the time of its read. */
  override makeSplitter() {
    const end = this.#opened?.has.includes('splitter_end') ? [new FramePiece(null)] : [];
    return {
      push: (bytes: Uint8Array) => [new FramePiece(Buffer.from(bytes).toString('base64'))],
      end: () => end,
    };
  }

  async getRequestBody(
    input: PromptType,
    maxOutLen: number,
    output: RequestOutput,
    args: RequestArgs,
  ): Promise<object> {
    // A class may say that it sends none.
    return (await this.#build('get_request_body', { input, max_out_len: maxOutLen }, output, args)) as object;
  }

  async parseText(data: unknown, output: RequestOutput): Promise<void> {
    const { number, opened } = this.#keptOf(output);
    const fields = await call(opened, 'parse_text_response', 'parse_text', { request: number, data });
    applyChange(fields as OutputFields, output);
  }

  async parseEvents(
    events: readonly unknown[],
    output: RequestOutput,
    taken: (what?: BatchStep) => void,
  ): Promise<void> {
    const { number, opened } = this.#keptOf(output);
    const { framing, streams } = opened;
    const pieces = framing === 'bytes' ? events.map(toPiece) : events;
    const { changes, frames, error, by } = await streams.parse(number, pieces);
    let next = 0;
    for (const count of frames ?? []) {
      if (count === 0) taken('none');
      for (let n = 1; n <= count && next < changes.length; n++) {
        applyChange(changes[next++]!, output);
        taken(n < count ? 'part' : undefined);
      }
    }
    while (next < changes.length) {
      applyChange(changes[next++]!, output);
      taken();
    }
    if (error === undefined) return;
    const cause = new PythonError(error);
    if (by === 'push' || by === 'end')
      throw new ReplyError(splitterFailure(cause, bytesOf(events[frames?.length ?? 0])));
    throw new MethodError(by ?? 'parse_stream_response', cause);
  }

  override async endStream(output: RequestOutput): Promise<void> {
    const kept = this.#keptOf(output);
    const end = (await call(kept.opened, 'stream_is_complete', 'end', { request: kept.number })) as {
      output: OutputFields;
      complete: [boolean, boolean] | null;
    };
    applyChange(end.output, output);
    if (end.complete !== null) kept.complete = end.complete;
  }

  override release(output: RequestOutput): void {
    const kept = this.#kept.get(output);
    if (kept === undefined) return;
    this.#kept.delete(output);
    if (kept.opened.worker.death === undefined) kept.opened.streams.release(kept.number);
  }

  async pplRequestBody(input: PromptType, output: RequestOutput, args: RequestArgs): Promise<object> {
    return (await this.#build(
      'get_ppl_request_body',
      { input, max_out_len: 1, ppl: true },
      output,
      args,
    )) as object;
  }

  async promptLogprobs(data: unknown): Promise<readonly (number | null)[]> {
    const opened = await this.#open();
    return (await call(opened, 'get_prompt_logprobs', 'prompt_logprobs', { data })) as (number | null)[];
  }

  override async close(): Promise<void> {
    await this.#opened?.worker.close();
  }

  async #build(
    method: string,
    given: object,
    output: RequestOutput,
    args: RequestArgs,
  ): Promise<object | string | undefined> {
    const opened = await this.#open();
    this.release(output);
    const number = this.#next++;
    this.#kept.set(output, { number, opened });
    const built = (await call(opened, method, 'build', {
      ...given,
      request: number,
      args: toSnakeCase(args),
    })) as Parts & { readonly body: WireBody; readonly output: OutputFields };
    this.#parts.set(args, built);
    applyChange(built.output, output);
    return fromWire(built.body);
  }

  /** The next request restarts a worker that died. */
  #open(): Promise<OpenedPython> {
    if (this.#opening === undefined || this.#opened?.worker.death !== undefined) {
      this.#opened = undefined;
      this.#opening = this.#start();
    }
    return this.#opening;
  }

  async #start(): Promise<OpenedPython> {
    const { file, name, folder } = this.#place;
    const { python } = this.options;
    const worker = new PythonWorker({ python: findPython(typeof python === 'string' ? python : undefined) });
    const options = { file, class: name, folder, model: this.#modelName(), arguments: this.#arguments() };
    const engine = 'ais_bench_worker.user_api:UserAPI';
    try {
      const loaded = (await worker.request('load', { engine, options })) as Loaded;
      const parse: ParseEvents = (streams, released) =>
        callWorker(worker, 'parse_events', { streams, released }) as ReturnType<ParseEvents>;
      this.#opened = { ...loaded, worker, streams: new PythonStreams(parse) };
    } catch (error) {
      // The next request tries it again.
      this.#opening = undefined;
      worker.kill();
      throw error instanceof PythonError ? unmakeable(error, this.#place) : error;
    }
    this.#takeMethods(this.#opened);
    return this.#opened;
  }

  /** A class shows by its methods what it does with requests. */
  #takeMethods(opened: OpenedPython): void {
    const { has } = opened;
    if (has.includes('get_method')) this.getMethod = (args) => this.#partsOf(args).method ?? 'POST';
    if (has.includes('sign_request')) this.signRequest = (request) => this.#sign(request);
    if (has.includes('stream_is_complete'))
      this.streamIsComplete = (output, sawDone) =>
        this.#kept.get(output)?.complete?.[sawDone ? 1 : 0] ?? true;
    if (has.includes('get_next_request'))
      this.getNextRequest = (data, output, args) => this.#nextRequest(data, output, args);
  }

  async #sign({ body, ...request }: OutgoingRequest): Promise<Record<string, string>> {
    const given = { ...request, body: Buffer.from(body).toString('base64') };
    return (await call(this.#opened!, 'sign_request', 'sign', { request: given })) as Record<string, string>;
  }

  async #nextRequest(
    data: unknown,
    output: RequestOutput,
    args: RequestArgs,
  ): Promise<NextRequest | undefined> {
    const { number, opened } = this.#keptOf(output);
    const given = { request: number, data, args: toSnakeCase(args) };
    const { next, output: fields } = (await call(opened, 'get_next_request', 'next_request', given)) as {
      readonly next: Record<string, any> | null;
      readonly output: OutputFields;
    };
    applyChange(fields, output);
    if (next === null) return undefined;
    const { url, method, headers, after_ms: afterMs, stream } = next;
    const others = { method, headers, afterMs, stream, body: fromWire(next['body']) };
    const known = Object.entries(others).filter(([, value]) => value !== undefined && value !== null);
    return { url, ...Object.fromEntries(known) };
  }

  #partsOf(args: RequestArgs | undefined): Parts {
    return (args === undefined ? undefined : this.#parts.get(args)) ?? {};
  }

  #keptOf(output: RequestOutput): KeptOutput {
    const kept = this.#kept.get(output);
    if (kept !== undefined) return kept;
    throw new Error('a reply is read before its request was built');
  }

  #modelName(): string {
    const { model, discoveredModel } = this.options;
    return model === '' && typeof discoveredModel === 'string' ? discoveredModel : model;
  }

  /** The config's keys, as AISBench's classes know them. */
  #arguments(): Record<string, unknown> {
    const { discoveredModel: _found, headers: _sent, python: _ours, url, ...options } = this.options;
    const extra = this.#place.extraOptions.map((name) => [name, options[camelCase(name)]] as const);
    const common = Object.entries(options).filter(
      ([name]) => !extra.some(([own]) => camelCase(own) === name),
    );
    return {
      ...toSnakeCase(Object.fromEntries(common)),
      ...Object.fromEntries(extra.filter(([, value]) => value !== undefined)),
      model: this.#modelName(),
      // A class need not know of TLS where its URL says it.
      url: url === '' && !options.enableSsl ? '' : this.baseUrl,
    };
  }
}

/** A piece of a body that the class cuts itself, in base64; null: its end. */
class FramePiece {
  readonly base64: string | null;

  constructor(base64: string | null) {
    this.base64 = base64;
  }
}

/** The bytes of a piece; undefined for the body's end. */
function bytesOf(event: unknown): Uint8Array | undefined {
  const { base64 = null } = event instanceof FramePiece ? event : {};
  return base64 === null ? undefined : Buffer.from(base64, 'base64');
}

function toPiece(event: unknown): string | null | { readonly data: unknown } {
  return event instanceof FramePiece ? event.base64 : { data: event };
}

function callWorker(worker: PythonWorker, method: string, given: object): Promise<unknown> {
  return worker.request('call', { method, arguments: given });
}

/** Calls the worker; what the user's method raised is thrown under the name that it has in Python. */
async function call({ worker }: OpenedPython, method: string, name: string, given: object): Promise<unknown> {
  try {
    return await callWorker(worker, name, given);
  } catch (error) {
    throw error instanceof PythonError ? new MethodError(method, error) : error;
  }
}

function fromWire({ json, text, base64 }: WireBody): object | string | Uint8Array | undefined {
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  return json ?? text;
}

/** A model class, as a config has it. */
interface UserClass {
  new (options: APIModelOptions): BaseAPIModel;
  readonly extraOptions: readonly string[];
}

/** The model class of a Python class, under its name, with the parsers that it has. */
export function pythonAPIModelClass(place: PythonAPIClass): UserClass {
  class UserModel extends PythonAPIModel {
    static override readonly extraOptions = [...place.extraOptions, 'python'];
    static override readonly fixesLength = place.fixesLength ?? false;
    static override readonly chunksAreTokens = place.chunksAreTokens ?? true;

    constructor(options: APIModelOptions) {
      super(options, place);
    }
  }
  // A class shows by its methods what it supports.
  const { prototype } = UserModel;
  if (place.parsesText) {
    prototype.parseTextResponse = function (data, output) {
      return (this as PythonAPIModel).parseText(data, output);
    };
  }
  if (place.parsesStream) {
    prototype.parseStreamResponse = function (data, output) {
      return (this as PythonAPIModel).parseEvents([data], output, () => {});
    };
    prototype.parseStreamBatch = function (events, output, taken) {
      return (this as PythonAPIModel).parseEvents(events, output, taken);
    };
  }
  if (place.scoresPrompts) {
    prototype.getPplRequestBody = function (input, output, args) {
      return (this as PythonAPIModel).pplRequestBody(input, output, args);
    };
    prototype.getPromptLogprobs = function (data) {
      return (this as PythonAPIModel).promptLogprobs(data);
    };
  }
  return Object.defineProperty(UserModel, 'name', { value: place.name });
}

/** Returns the error for a class, or its file, that raised while it was made. */
function unmakeable(cause: PythonError, { file, name }: PythonAPIClass): AisBenchError {
  const lines = [...(cause.stack ?? '').matchAll(/File "([^"]+)", line (\d+)/g)];
  const line = lines.findLast(([, raisedIn]) => raisedIn === file)?.[2];
  const install = cause.requirement === undefined ? undefined : `run: pip install ${cause.requirement}`;
  return new AisBenchError('MODEL-IMPL-003', `${name} cannot be made: ${cause.message}`, {
    where: line === undefined ? file : `${file}:${line}`,
    cure: cause.cure ?? install ?? 'correct the class',
    cause,
  });
}

function toSnakeCase(values: object): Record<string, unknown> {
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [snake(name), value]));
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
