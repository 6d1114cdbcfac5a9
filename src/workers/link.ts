import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Wire } from './wire.ts';

/** What one end sends to the other. */
type Packet<T> =
  /** Counted, and answered; sent again until it is. */
  | { readonly seq: number; readonly messages: readonly T[] }
  /** May be lost. */
  | { readonly news: T }
  | { readonly beat: true };

export interface ChannelOptions<In> {
  /** Subjects of the other end and of this one. */
  readonly to: string;
  readonly from: string;
  /** Hears each message; what was told comes once and in order. */
  readonly hear: (message: In) => void;
  /** Called once, with why, when the other end has been silent for too long. The channel is closed then. */
  readonly lost: (why: string) => void;
  /** ms without a word after which the other end counts as lost. */
  readonly silenceMs: number;
  /** ms after which what is not answered is sent again (default: 1000). */
  readonly retryMs?: number;
  /** ms until then where it failed at once: nobody listens yet, or the connection is down (default: 100). */
  readonly pauseMs?: number;
  /** ms that the connection itself may be down (default: 60,000). */
  readonly outageMs?: number;
}

/** What JSON of one packet comes to at most; a longer message travels alone. */
const PACKET_CHARACTERS = 128 * 1024;
/** In the time after which the other end counts as lost, each end looks and beats so often. */
const WATCHES = 5;

/** Two ends that hear all that they tell each other, once and in order, over a wire that loses messages. */
export class Channel<Out, In> {
  readonly #wire: Wire;
  readonly #options: ChannelOptions<In>;
  readonly #unsubscribe: () => void;
  readonly #timer: NodeJS.Timeout;
  #queue: Out[] = [];
  #sent = 0;
  #heard = 0;
  #lastWord = performance.now();
  #lastWatch = performance.now();
  #pumping: Promise<void> | undefined;
  #closed = false;

  constructor(wire: Wire, options: ChannelOptions<In>) {
    this.#wire = wire;
    this.#options = options;
    this.#unsubscribe = wire.subscribe(options.from, (packet, answer) => {
      this.#take(packet as Packet<In>, answer);
    });
    this.#timer = setInterval(() => this.#watch(), options.silenceMs / WATCHES);
  }

  /** Is heard, if the other end lives. */
  tell(message: Out): void {
    if (this.#closed) return;
    this.#queue.push(message);
    this.#pumping ??= this.#pump();
  }

  /** Is heard at once or never. */
  mention(message: Out): void {
    if (!this.#closed) this.#wire.publish(this.#options.to, { news: message } satisfies Packet<Out>);
  }

  /** Resolves when all that was told was heard, or the channel is closed. */
  async settled(): Promise<void> {
    await this.#pumping;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#unsubscribe();
  }

  async #pump(): Promise<void> {
    // What is told in one turn travels together.
    await Promise.resolve();
    while (this.#queue.length > 0 && !this.#closed) {
      const packet: Packet<Out> = { seq: this.#sent, messages: this.#takePacket() };
      await this.#sendUntilHeard(packet);
      this.#sent += 1;
    }
    // In the turn that found nothing to send: what is told from now on begins anew.
    this.#pumping = undefined;
  }

  #takePacket(): Out[] {
    let [count, characters] = [0, 0];
    do characters += JSON.stringify(this.#queue[count++]).length;
    while (count < this.#queue.length && characters < PACKET_CHARACTERS);
    return this.#queue.splice(0, count);
  }

  async #sendUntilHeard(packet: Packet<Out>): Promise<void> {
    const { to, retryMs = 1000, pauseMs = 100 } = this.#options;
    while (!this.#closed) {
      try {
        await this.#wire.request(to, packet, retryMs);
        this.#lastWord = performance.now();
        return;
      } catch {
        await sleep(pauseMs);
      }
    }
  }

  #take(packet: Packet<In>, answer: (body: unknown) => void): void {
    this.#lastWord = performance.now();
    if ('news' in packet) this.#options.hear(packet.news);
    if (!('seq' in packet)) return;
    // One that came before was heard, and its answer was lost.
    if (packet.seq === this.#heard) {
      this.#heard += 1;
      for (const message of packet.messages) this.#options.hear(message);
    }
    answer({ heard: packet.seq });
  }

  #watch(): void {
    const { silenceMs, outageMs = 60_000, to, lost } = this.#options;
    this.#wire.publish(to, { beat: true } satisfies Packet<Out>);
    const { isUp, since } = this.#wire.state();
    const now = performance.now();
    // Time in which this process itself stood still says nothing of the other end.
    this.#lastWord += Math.max(0, now - this.#lastWatch - (2 * silenceMs) / WATCHES);
    this.#lastWatch = now;
    // While the connection is down nobody can be heard: that says nothing of the other end.
    const silence = now - Math.max(this.#lastWord, since);
    if (silence <= (isUp ? silenceMs : outageMs)) return;
    this.close();
    const seconds = Math.round(silence / 1000);
    lost(isUp ? `nothing was heard of it for ${seconds} s` : `NATS could not be reached for ${seconds} s`);
  }
}
