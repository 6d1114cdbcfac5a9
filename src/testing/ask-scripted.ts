/** One real request of a model, over a real socket, through the transport that a run uses. */
import type { APIModelOptions, BaseAPIModel } from '../contract/base-api-model.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { type Attempt, callService } from '../transport/call-service.ts';
import { RequestDeadlines, type Timeouts } from '../transport/deadlines.ts';
import { openTransport } from '../transport/open-transport.ts';
import { type ReceivedRequest, type Script, startScriptedServer } from './scripted-server.ts';
import { modelOptions } from './service-model-spec.ts';

/** Limits that are not given do not apply. */
export interface AskSetting extends Partial<Timeouts> {
  /** Options of the model beside host and port; it streams unless they say otherwise. */
  readonly options?: Partial<APIModelOptions>;
  readonly prompt?: PromptType;
  /** Stops the request. */
  readonly signal?: AbortSignal;
  /** Whether a finished reply without a word is an answer, as where answers are scored. */
  readonly silenceIsAnswer?: boolean;
}

/** Asks a scripted server once. The attempt tells what came of it, `received` what the server saw. */
export async function askScripted(
  create: (options: APIModelOptions) => BaseAPIModel,
  script: Script,
  setting?: AskSetting,
): Promise<Attempt & { readonly received: readonly ReceivedRequest[] }> {
  const server = await startScriptedServer(script);
  try {
    return { ...(await askPort(create, server.port, setting)), received: server.received };
  } finally {
    await server.close();
  }
}

/** Asks whoever listens on a port of this machine once. */
export async function askPort(
  create: (options: APIModelOptions) => BaseAPIModel,
  port: number,
  {
    options,
    prompt = 'Hello',
    signal = new AbortController().signal,
    silenceIsAnswer = false,
    ...limits
  }: AskSetting = {},
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
