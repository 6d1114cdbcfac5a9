/**
 * A Python process that answers requests over JSON lines on separate descriptors, and every way in which it can fail:
 * it crashes, is killed, hangs, or writes what is no message. Whatever happens, its open requests are answered.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { childEnvironment } from '../basics/environment.ts';
import { shipped } from '../basics/package-folder.ts';
import { AisBenchError } from '../contract/errors.ts';
import { JsonLines, PythonError, WorkerDied } from './messages.ts';

/** Started by its path: with `-m`, the working directory would come before the worker's own packages. */
const WORKER = shipped('python/ais_bench_worker/__main__.py');

/** Heartbeats come every 2 s; a worker without one for this long hangs. */
const SILENCE_MS = 30_000;

/** Reading a large library from a slow disk stops all of Python: until the first answer it may be silent so much longer. */
const LOADING_FACTOR = 10;

/** How long a killed process may take to be gone. */
const UNKILLABLE_MS = 5000;

/** How long pipes may stay open after the process has ended: a program that it started may hold them. */
const DRAIN_MS = 500;

/** How to start a worker. */
export interface PythonWorkerOptions {
  /** Interpreter: a path, or a name on the search path. */
  readonly python: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds without a heartbeat after which it is killed; default 30 000, ten times that until it has answered once. */
  readonly silenceMs?: number;
}

interface RequestOptions {
  /** Rejects the request, and cancels it in the worker. */
  readonly signal?: AbortSignal;
  /** Gets what the worker says while it works on the request: `{id, event, …}`. */
  readonly onEvent?: (event: Readonly<Record<string, unknown>>) => void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: unknown): void;
  onEvent(event: Readonly<Record<string, unknown>>): void;
}

/** Sends requests to one Python process and survives its death. */
export class PythonWorker {
  readonly #child: ChildProcess;
  readonly #requests: Writable;
  readonly #words = new LastWords();
  readonly #pending = new Map<number, Pending>();
  readonly #pulse: Pulse;
  readonly #silenceMs: number;
  /** Resolves with its death. */
  readonly #ended: Promise<void>;
  #markEnded: () => void = () => {};
  #death: WorkerDied | AisBenchError | undefined;
  /** Why it is being killed. */
  #verdict: string | undefined;
  #nextId = 1;

  /** Starts the process; the first request rejects where that fails. */
  constructor({ python, env, silenceMs = SILENCE_MS }: PythonWorkerOptions) {
    this.#child = spawn(python, ['-u', WORKER], {
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      // Its own process group: a terminal's interrupt does not reach it, and what it starts ends with it.
      detached: true,
    });
    const [, stdout, stderr, requests, replies] = this.#child.stdio as unknown as Readable[];
    this.#requests = requests as unknown as Writable;
    this.#silenceMs = silenceMs;
    this.#pulse = new Pulse(silenceMs * LOADING_FACTOR, () =>
      this.#giveUp(`sent no heartbeat for ${this.#pulse.silenceMs / 1000} s`),
    );
    for (const stream of [stdout, stderr]) this.#words.listenTo(stream!);
    // A write to a process that is gone: its end is reported where it is seen.
    this.#requests.on('error', () => {});
    this.#readReplies(replies!);
    this.#ended = new Promise((resolve) => {
      this.#markEnded = resolve;
    });
    void this.#watch(python);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Why no request is answered any more; undefined while it lives. */
  get death(): Error | undefined {
    return this.#death;
  }

  /**
   * What the worker answers to `{op, …fields}`. Rejects with PythonError where Python raised, WorkerDied where the worker is
   * gone, UTILS-DEPENDENCY-001 where there is no such interpreter, and the signal's reason.
   */
  request(
    op: string,
    fields: Readonly<Record<string, unknown>>,
    { signal, onEvent = () => {} }: RequestOptions = {},
  ): Promise<unknown> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) =>
      this.#pending.set(id, { resolve, reject, onEvent }),
    );
    this.#write({ id, op, ...fields });
    const stop = () => {
      this.#settle(id)?.reject(signal?.reason);
      this.#write({ op: 'cancel', target: id });
    };
    signal?.addEventListener('abort', stop, { once: true });
    return answer.finally(() => signal?.removeEventListener('abort', stop));
  }

  /** Lets it free what it took, and kills it when that takes longer than `graceMs`. Never throws. */
  async close(graceMs = 5000): Promise<void> {
    const kill = setTimeout(() => this.#giveUp(`was not closed after ${graceMs / 1000} s`), graceMs);
    await this.request('close', {}).catch(() => {});
    await this.#ended;
    clearTimeout(kill);
  }

  /** Ends it and whatever it started, at once. */
  kill(): void {
    const { pid } = this.#child;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It is gone.
    }
  }

  #write(message: object): void {
    if (!this.#requests.destroyed) this.#requests.write(`${JSON.stringify(message)}\n`);
  }

  #readReplies(replies: Readable): void {
    const lines = new JsonLines();
    replies.on('error', () => {});
    replies.on('data', (bytes: Buffer) => {
      this.#pulse.beat();
      if (this.#verdict !== undefined) return;
      try {
        for (const message of lines.push(bytes)) this.#take(message);
      } catch (error) {
        this.#giveUp(`sent ${(error as Error).message}`);
      }
    });
  }

  #take(message: Readonly<Record<string, unknown>>): void {
    if (message['event'] === 'heartbeat') return;
    if (typeof message['id'] !== 'number') throw new Error(`what is no reply: ${quoteMessage(message)}`);
    if (message['event'] !== undefined) {
      this.#pending.get(message['id'])?.onEvent(message);
      return;
    }
    // A cancelled request has no pending entry for its answer.
    const pending = this.#settle(message['id']);
    this.#pulse.expectWithin(this.#silenceMs);
    if (message['ok'] === true) pending?.resolve(message['result']);
    else pending?.reject(new PythonError(message['error'] as Readonly<Record<string, unknown>>));
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** Kills it; its death is reported once it has happened, with all its output. */
  #giveUp(verdict: string): void {
    this.#verdict ??= verdict;
    this.kill();
    // A driver may keep a process that is killed.
    setTimeout(() => this.#die(), UNKILLABLE_MS).unref();
  }

  #die(how: string | AisBenchError = 'ended'): void {
    this.#pulse.stop();
    this.#markEnded();
    this.#death ??=
      typeof how === 'string'
        ? new WorkerDied(this.#verdict ?? how, this.#words.text, this.#words.lastLine)
        : how;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(this.#death);
  }

  async #watch(python: string): Promise<void> {
    const how = await waitForEnd(this.#child);
    this.kill();
    this.#die(how instanceof Error ? noPython(python, how) : how);
    for (const stream of this.#child.stdio) stream?.destroy();
  }
}

/**
 * The environment of a worker. From Python 3.11 on, PYTHONSAFEPATH keeps the working directory out of the search path of the programs that
 * `multiprocessing` starts; the worker takes a value of ours out of its environment again (`search_path.py`).
 */
function environment(added: Readonly<Record<string, string>> | undefined): NodeJS.ProcessEnv {
  const env = childEnvironment(added);
  return { ...env, PYTHONSAFEPATH: env['PYTHONSAFEPATH'] || 'ais_bench' };
}

/** How the process ended, in words, once everything that it wrote is read; the error where it never began. */
function waitForEnd(child: ChildProcess): Promise<string | Error> {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => {
      const words =
        signal === null ? `ended with exit code ${code}` : `was killed by ${signal}${guess(signal)}`;
      const settle = () => resolve(words);
      const late = setTimeout(settle, DRAIN_MS);
      child.once('close', () => {
        clearTimeout(late);
        settle();
      });
    });
  });
}

function guess(signal: NodeJS.Signals): string {
  return signal === 'SIGKILL' ? ' (as the system does when memory runs out)' : '';
}

function noPython(python: string, cause: Error): AisBenchError {
  return new AisBenchError('UTILS-DEPENDENCY-001', `Python cannot be started: ${cause.message}`, {
    where: python,
    cure: 'install Python 3.9 or later, or name one with --python or the config’s python',
    cause,
  });
}

function quoteMessage(message: unknown): string {
  return JSON.stringify(message).slice(0, 200);
}

/** Reports when heartbeats stop. */
class Pulse {
  #silenceMs: number;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #hasBeat = false;
  #stopped = false;

  constructor(silenceMs: number, onSilence: () => void) {
    this.#silenceMs = silenceMs;
    this.#onSilence = onSilence;
    this.beat();
  }

  beat(): void {
    if (this.#stopped) return;
    this.#hasBeat = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#late(), this.#silenceMs).unref();
  }

  get silenceMs(): number {
    return this.#silenceMs;
  }

  /** Beats, and sets the longest silence from now on. */
  expectWithin(silenceMs: number): void {
    this.#silenceMs = silenceMs;
    this.beat();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Where this process itself was busy all the time, heartbeats lie unread: they are read before silence is reported. */
  #late(): void {
    this.#hasBeat = false;
    setImmediate(() => {
      if (!this.#hasBeat && !this.#stopped) this.#onSilence();
    });
  }
}

/** Characters that are kept. */
const KEPT = 8192;

/** The end of what a process printed, on both of its streams, as it came. */
class LastWords {
  #text = '';

  listenTo(stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      this.#text = (this.#text + text).slice(-KEPT);
    });
  }

  /** Empty where it printed nothing. */
  get text(): string {
    return this.#text.trim();
  }

  /** The last line, cut to what fits in a message. */
  get lastLine(): string {
    return (this.text.split('\n').at(-1) ?? '').trim().slice(0, 300);
  }
}
