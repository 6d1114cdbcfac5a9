import { findPython } from '../../basics/environment.ts';
import { type APIModelOptions, BaseAPIModel, type RequestArgs } from '../../contract/base-api-model.ts';
import { AisBenchError } from '../../contract/errors.ts';
import type { RequestOutput } from '../../contract/output.ts';
import type { PromptType } from '../../contract/prompt-list.ts';
import { PythonError } from '../../python-bridge/messages.ts';
import { PythonWorker } from '../../python-bridge/python-worker.ts';
import { MethodError } from '../../transport/failure.ts';

/** A user's Python class for a service: its file, and what its source shows; paths are absolute. */
export interface PythonAPIClass {
  readonly file: string;
  readonly name: string;
  /** The user's folder: what the file imports is looked for there too. */
  readonly folder: string;
  readonly parsesText: boolean;
  readonly parsesStream: boolean;
  readonly chunksAreTokens?: false;
  /** Config keys of the class alone. */
  readonly extraOptions: readonly string[];
}

/** What the Python class says once it is made. */
interface OpenedClass {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A Python output: its attributes. */
type PythonOutput = Readonly<Record<string, any>>;

/** Builds requests and reads replies with a Python class in the guide's form. The worker starts with the first request. */
class PythonAPIModel extends BaseAPIModel {
  readonly #place: PythonAPIClass;
  readonly #states = new WeakMap<RequestOutput, PythonOutput>();
  #worker: PythonWorker | undefined;
  #opening: Promise<OpenedClass> | undefined;
  #opened: OpenedClass | undefined;

  constructor(options: APIModelOptions, place: PythonAPIClass) {
    super(options);
    this.#place = place;
  }

  /** The class's own once it is made, which `getRequestBody` waits for. */
  getUrl(): string {
    return this.#opened?.url ?? this.baseUrl;
  }

  override headers(): Record<string, string> {
    const own = Object.entries(this.#opened?.headers ?? {});
    return Object.fromEntries(own.filter(([name]) => name.toLowerCase() !== 'content-type'));
  }

  async getRequestBody(
    input: PromptType,
    maxOutLen: number,
    output: RequestOutput,
    args: RequestArgs,
  ): Promise<object> {
    this.#opened = await this.#open();
    const given = { input, max_out_len: maxOutLen, args: toSnakeCase(args) };
    const built = (await this.#call('request_body', { ...given, state: null }).catch((error) =>
      throwFrom('get_request_body', error),
    )) as { body: object; state: PythonOutput };
    this.#take(built.state, output);
    return built.body;
  }

  override async close(): Promise<void> {
    await this.#worker?.close();
  }

  async parse(method: string, data: unknown, output: RequestOutput): Promise<void> {
    const state = this.#states.get(output) ?? null;
    const read = this.#call('parse', { method, data, state }).catch((error) => throwFrom(method, error));
    this.#take((await read) as PythonOutput, output);
  }

  /** The next request restarts a worker that died. */
  #open(): Promise<OpenedClass> {
    if (this.#opening === undefined || this.#worker?.death !== undefined) this.#opening = this.#start();
    return this.#opening;
  }

  async #start(): Promise<OpenedClass> {
    const { file, name, folder } = this.#place;
    const { python } = this.options;
    const worker = new PythonWorker({ python: findPython(typeof python === 'string' ? python : undefined) });
    this.#worker = worker;
    const options = { file, class: name, folder, model: this.#modelName(), arguments: this.#arguments() };
    const engine = 'ais_bench_worker.user_api:UserAPI';
    try {
      return (await worker.request('load', { engine, options })) as OpenedClass;
    } catch (error) {
      throw error instanceof PythonError ? unmakeable(error, this.#place) : error;
    }
  }

  #call(method: string, given: object): Promise<unknown> {
    return this.#worker!.request('call', { method, arguments: given });
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

  #take(state: PythonOutput, output: RequestOutput): void {
    this.#states.set(output, state);
    output.content = state['content'];
    output.reasoningContent = state['reasoning_content'];
    output.inputTokens = state['input_tokens'] || undefined;
    output.outputTokens = state['output_tokens'] || undefined;
    output.finishReason = state['finish_reason'] ?? undefined;
    output.error = state['error_info'] || undefined;
    output.input = state['input'] ?? undefined;
    output.extraPerfData = state['extra_perf_data'];
    output.extraDetailsData = state['extra_details_data'];
  }
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
    static override readonly chunksAreTokens = place.chunksAreTokens ?? true;

    constructor(options: APIModelOptions) {
      super(options, place);
    }
  }
  // A class shows by its methods what it supports.
  if (place.parsesText) {
    UserModel.prototype.parseTextResponse = function (data, output) {
      return (this as PythonAPIModel).parse('parse_text_response', data, output);
    };
  }
  if (place.parsesStream) {
    UserModel.prototype.parseStreamResponse = function (data, output) {
      return (this as PythonAPIModel).parse('parse_stream_response', data, output);
    };
  }
  return Object.defineProperty(UserModel, 'name', { value: place.name });
}

/** Throws on what a method raised, under the name that the method has in Python. */
function throwFrom(method: string, error: unknown): never {
  throw error instanceof PythonError ? new MethodError(method, error) : error;
}

/** Returns the error for a class, or its file, that raised while it was made. */
function unmakeable(cause: PythonError, { file, name }: PythonAPIClass): AisBenchError {
  const lines = [...(cause.stack ?? '').matchAll(/File "([^"]+)", line (\d+)/g)];
  const line = lines.findLast(([, raisedIn]) => raisedIn === file)?.[2];
  return new AisBenchError('MODEL-IMPL-003', `${name} cannot be made: ${cause.message}`, {
    where: line === undefined ? file : `${file}:${line}`,
    cure: cause.requirement === undefined ? 'correct the class' : `run: pip install ${cause.requirement}`,
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
