/** Sends one real request of a model, over a real socket, through the transport that a run uses. */
import type { APIModelOptions, BaseAPIModel } from '../contract/base-api-model.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { type Attempt, callService } from '../transport/call-service.ts';
import { RequestDeadlines, type Timeouts } from '../transport/deadlines.ts';
import { openTransport } from '../transport/open-transport.ts';
import { type ReceivedRequest, type Script, startScriptedServer } from './scripted-server.ts';
import { modelOptions } from './service-model-spec.ts';

/** Options of `askScripted` and `askPort`. Time-outs that are absent do not apply. */
export interface AskOptions extends Partial<Timeouts> {
  /** Options of the model beside host and port. It streams by default. */
  readonly options?: Partial<APIModelOptions>;
  readonly prompt?: PromptType;
  /** Stops the request. */
  readonly signal?: AbortSignal;
  /** Whether a finished reply without text is an answer, as where answers are scored. */
  readonly silenceIsAnswer?: boolean;
}

/** Sends one request to a scripted server. Returns the attempt, and in `received` what the server saw. */
export async function askScripted(
  create: (options: APIModelOptions) => BaseAPIModel,
  script: Script,
  options?: AskOptions,
): Promise<Attempt & { readonly received: readonly ReceivedRequest[] }> {
  const server = await startScriptedServer(script);
  try {
    return { ...(await askPort(create, server.port, options)), received: server.received };
  } finally {
    await server.close();
  }
}

/** Sends one request to a port of this machine. */
export async function askPort(
  create: (options: APIModelOptions) => BaseAPIModel,
  port: number,
  {
    options,
    prompt = 'Hello',
    signal = new AbortController().signal,
    silenceIsAnswer = false,
    ...limits
  }: AskOptions = {},
): Promise<Attempt> {
  const timeouts = { connectMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0, ...limits };
  const clock = () => performance.now();
  const transport = await openTransport(clock, { connectMs: timeouts.connectMs, http2: false });
  try {
    return await callService(
      create(modelOptions({ stream: true, hostPort: port, ...options })),
      { prompt, maxOutLen: 16, args: { index: 0, repetition: 0, conversationId: 'c0', turn: 0 } },
      { transport, deadlines: new RequestDeadlines(clock, timeouts), clock, signal, silenceIsAnswer },
    );
  } finally {
    await transport.close();
  }
}
