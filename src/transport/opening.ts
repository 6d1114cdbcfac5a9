import type { Socket } from 'node:net';
import { DeadlineError } from './failure.ts';

/** One connection on its way: at most one socket that waits for one thing, and a deadline over all of it. */
export class Opening {
  #socket: Socket | undefined;
  #waitsFor = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    if (limitMs === 0) return;
    // Timers run before sockets are read: after a stall of ours, what came in time must be seen first.
    this.#timer = setTimeout(() => setImmediate(() => this.#expire(limitMs)), limitMs);
  }

  /** The socket, once it has emitted `event`. Rejects when it fails or closes before. */
  async reached<S extends Socket>(socket: S, event: string, waitsFor: string): Promise<S> {
    await this.wait(socket, waitsFor, (done) => {
      socket.once(event, done);
      return () => socket.off(event, done);
    });
    return socket;
  }

  /** Waits for whatever `listen` listens to; it returns how to stop listening. */
  wait(
    socket: Socket,
    waitsFor: string,
    listen: (done: () => void, failed: (error: Error) => void) => () => void,
  ): Promise<void> {
    this.#socket = socket;
    this.#waitsFor = waitsFor;
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        stop();
        socket.off('close', onClose);
        socket.off('error', failed);
        outcome();
      };
      const failed = (error: Error) => settle(() => reject(error));
      const onClose = () => failed(hangUp(waitsFor));
      socket.on('error', failed);
      // It stays: an error between this step and the next owner's listener would end the process.
      if (socket.listeners('error').indexOf(ignore) < 0) socket.on('error', ignore);
      socket.once('close', onClose);
      const stop = listen(() => settle(resolve), failed);
    });
  }

  giveUp(reason: Error): void {
    this.#socket?.destroy(reason);
  }

  /** The connection is open, or given up. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #expire(limitMs: number): void {
    if (this.#timer === undefined) return;
    this.giveUp(
      new DeadlineError(`no connection within ${limitMs / 1000} s: ${this.#waitsFor} did not come about`),
    );
  }
}

function ignore(): void {}

function hangUp(waitsFor: string): Error {
  return Object.assign(new Error(`the peer hung up before ${waitsFor} was made`), { code: 'ECONNRESET' });
}
