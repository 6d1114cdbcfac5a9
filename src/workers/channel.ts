/** The way to one process that sends, and the watch over its silence. */
import { type ChildProcess, spawn } from 'node:child_process';
import { MAIN } from '../basics/package-folder.ts';
import type { Order, Report } from './protocol.ts';

/** In the limit each end looks, and sends a heartbeat, so often. */
export const BEATS_PER_LIMIT = 5;

export interface SilenceOptions {
  /** Returns the ms of silence that are allowed now, and since when silence counts (ms on `now`; default: the last sign of life). */
  readonly limit: () => { readonly ms: number; readonly since?: number };
  /** ms between two looks. */
  readonly everyMs: number;
  /** Called at every look, before the silence is measured. */
  readonly onLook?: () => void;
  /** Called once, with the ms of silence; the watch has ended then. */
  readonly onSilence: (silentMs: number) => void;
  /** Clock, ms (default: `performance.now`). */
  readonly now?: () => number;
}

/** Watches the other end of a channel: reports it once when it has been silent for longer than the limit. */
export class SilenceWatch {
  readonly #options: SilenceOptions;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #lastSign: number;
  #lastLook: number;

  constructor(options: SilenceOptions) {
    const { now = () => performance.now() } = options;
    this.#options = options;
    this.#now = now;
    this.#lastSign = now();
    this.#lastLook = this.#lastSign;
    this.#timer = setInterval(() => this.#look(), options.everyMs);
  }

  /** Notes a sign of life. */
  heard(): void {
    this.#lastSign = this.#now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { limit, everyMs, onLook, onSilence } = this.#options;
    onLook?.();
    const now = this.#now();
    // Time in which this process itself did not run says nothing about the other end.
    this.#lastSign += Math.max(0, now - this.#lastLook - 2 * everyMs);
    this.#lastLook = now;
    const { ms, since = this.#lastSign } = limit();
    const silentMs = now - Math.max(this.#lastSign, since);
    if (silentMs <= ms) return;
    this.stop();
    onSilence(silentMs);
  }
}

/** Says why a worker is lost that sends no sign of life. */
export function silentFor(milliseconds: number): string {
  return `silent for ${Math.round(milliseconds / 1000)} s`;
}

/**
 * How Node is started for a process that only sends: garbage is collected by the sending thread itself, often and little at a time.
 * Helper threads that wait for a core keep the sending thread waiting, and every stamp is late by that (`bench/load stamps`).
 */
export const SENDER_FLAGS = ['--single-threaded-gc', '--max-semi-space-size=4'] as const;

/** Receives what a process that sends reports. */
export interface ChannelListener {
  report(report: Report): void;
  /** Called once, and last: the process is gone, and why. */
  gone(why: string): void;
}

/** The way to one process that sends, wherever it runs: a child process, or a process of a remote worker over NATS. */
export interface Channel {
  /** For people: `worker 3 of 4`. */
  readonly name: string;
  /** ms that an order may take to arrive. */
  readonly leadMs: number;
  /** Called once, before anything else. */
  listen(listener: ChannelListener): void;
  /** Sends an order; to a process that is gone it does nothing. */
  send(order: Order): void;
  kill(): void;
}

/** What a child process must have to be one end of a channel; a test plays it. */
export type ChannelProcess = Pick<ChildProcess, 'on' | 'once' | 'send' | 'kill' | 'connected'>;

/** All children of this machine have an order when so much has passed, ms. */
const LEAD_MS = 50;
/** Before it sends, a process reads data and opens its model, and may be busy for so many times the limit. */
const PREPARATION = 10;
const LEAST_PREPARATION_MS = 60_000;
/** A process that SIGKILL does not end within so long, ms, counts as gone. */
const KILL_MS = 1000;

/**
 * A child process that sends, over IPC. It sends heartbeats; one that is silent for longer than `silenceMs` while it sends is lost
 * and gets SIGKILL.
 */
export class ChildChannel implements Channel {
  readonly name: string;
  readonly leadMs = LEAD_MS;
  readonly #child: ChannelProcess;
  readonly #silenceMs: number;
  #isSending = false;
  #watch: SilenceWatch | undefined;

  constructor(name: string, silenceMs: number, child: ChannelProcess = startProcess()) {
    this.name = name;
    this.#silenceMs = silenceMs;
    this.#child = child;
  }

  listen({ report, gone }: ChannelListener): void {
    const child = this.#child;
    let lostTo: string | undefined;
    let isGone = false;
    const end = (why: string) => {
      this.#watch?.stop();
      if (!isGone) gone(lostTo ?? why);
      isGone = true;
    };
    this.#watch = new SilenceWatch({
      limit: () => ({ ms: this.#isSending ? this.#silenceMs : this.#preparationMs() }),
      everyMs: this.#silenceMs / BEATS_PER_LIMIT,
      onSilence: (silentMs) => {
        lostTo = silentFor(silentMs);
        this.kill();
        setTimeout(() => end('SIGKILL'), KILL_MS);
      },
    });
    child.on('message', (message) => {
      this.#watch?.heard();
      if (isGone || lostTo !== undefined) return;
      const received = message as Report;
      if (received.type === 'opened') this.#isSending = true;
      if (received.type === 'sent') this.#isSending = false;
      if (received.type !== 'heartbeat') report(received);
    });
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  }

  send(order: Order): void {
    if (!this.#child.connected) return;
    const heartbeatMs = this.#silenceMs / BEATS_PER_LIMIT;
    this.#child.send(order.type === 'assign' ? { ...order, heartbeatMs } : order, () => {});
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #preparationMs(): number {
    return Math.max(PREPARATION * this.#silenceMs, LEAST_PREPARATION_MS);
  }
}

/** A process that does not stop within so long gets SIGKILL, ms. */
const STOP_MS = 3000;

/** Waits for the end of a process that was ordered to stop, and kills one that takes too long. Resolves within 5 s, whatever it does. */
export async function awaitEnd(channel: Pick<Channel, 'kill'>, closed: Promise<void>): Promise<void> {
  let wait: NodeJS.Timeout | undefined;
  const gaveUp = new Promise<void>((resolve) => {
    wait = setTimeout(() => {
      channel.kill();
      wait = setTimeout(resolve, 2 * KILL_MS);
    }, STOP_MS);
  });
  await Promise.race([closed, gaveUp]);
  clearTimeout(wait);
}

/** Starts `ais_bench worker-process` with an IPC channel: no flag or key is seen in a list of processes. */
function startProcess(): ChannelProcess {
  // A group of its own: Ctrl-C reaches the workers through the coordinator, which lets them finish.
  return spawn(process.execPath, [...process.execArgv, ...SENDER_FLAGS, MAIN, 'worker-process'], {
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
