import { setTimeout as sleep } from 'node:timers/promises';
import { BEATS_PER_LIMIT, SilenceWatch, silentFor } from './channel.ts';
import type { NatsWire } from './nats.ts';

/** What one end sends to the other. */
type Packet<T> =
  /** Counted, and acknowledged; sent again until it is. */
  | { readonly seq: number; readonly messages: readonly T[] }
  /** May be lost. */
  | { readonly news: T }
  /** Heartbeat. */
  | { readonly beat: true };

export interface LinkOptions<In> {
  /** Subjects of the other end and of this one. */
  readonly to: string;
  readonly from: string;
  /** Receives each message; those sent with `send` once and in order. */
  readonly receive: (message: In) => void;
  /** Called once, with why, when the other end has been silent for too long. The link is closed then. */
  readonly lost: (why: string) => void;
  /** ms of silence after which the other end counts as lost. */
  readonly silenceMs: number;
  /** ms after which what is not acknowledged is sent again (default: 1000). */
  readonly retryMs?: number;
  /** The same where sending failed at once: no subscriber yet, or the connection is down (default: 100). */
  readonly pauseMs?: number;
  /** ms that the connection itself may be down (default: 60,000). */
  readonly outageMs?: number;
}

/** Largest JSON of one packet in characters; a longer message travels alone. */
const PACKET_CHARACTERS = 128 * 1024;

/** One of two ends that receive everything that the other sends, once and in order, over a wire that loses messages; with heartbeats. */
export class Link<Out, In> {
  readonly #wire: NatsWire;
  readonly #options: LinkOptions<In>;
  readonly #unsubscribe: () => void;
  readonly #watch: SilenceWatch;
  #queue: Out[] = [];
  #sent = 0;
  #received = 0;
  #pumping: Promise<void> | undefined;
  #closed = false;

  constructor(wire: NatsWire, options: LinkOptions<In>) {
    const { from, to, silenceMs, outageMs = 60_000 } = options;
    this.#wire = wire;
    this.#options = options;
    this.#watch = new SilenceWatch({
      everyMs: silenceMs / BEATS_PER_LIMIT,
      onLook: () => wire.publish(to, { beat: true } satisfies Packet<Out>),
      // While the connection is down the silence says nothing about the other end.
      limit: () => {
        const { isUp, since } = wire.state();
        return { ms: isUp ? silenceMs : outageMs, since };
      },
      onSilence: (silentMs) => {
        this.close();
        const isUp = wire.state().isUp;
        const seconds = Math.round(silentMs / 1000);
        options.lost(isUp ? silentFor(silentMs) : `NATS could not be reached for ${seconds} s`);
      },
    });
    this.#unsubscribe = wire.subscribe(from, (packet, reply) => this.#take(packet as Packet<In>, reply));
  }

  /** Sends a message that arrives, if the other end lives. */
  send(message: Out): void {
    if (this.#closed) return;
    this.#queue.push(message);
    this.#pumping ??= this.#pump();
  }

  /** Sends a message that arrives at once or never. */
  mention(message: Out): void {
    if (!this.#closed) this.#wire.publish(this.#options.to, { news: message } satisfies Packet<Out>);
  }

  /** Resolves when everything that was sent has arrived, or the link is closed. */
  async settled(): Promise<void> {
    await this.#pumping;
  }

  close(): void {
    this.#closed = true;
    this.#watch.stop();
    this.#unsubscribe();
  }

  async #pump(): Promise<void> {
    // What is sent in one turn travels together.
    await Promise.resolve();
    while (this.#queue.length > 0 && !this.#closed) {
      const packet: Packet<Out> = { seq: this.#sent, messages: this.#takePacket() };
      await this.#sendUntilReceived(packet);
      this.#sent += 1;
    }
    // In the turn that found nothing to send: the next message starts a pump of its own.
    this.#pumping = undefined;
  }

  #takePacket(): Out[] {
    let [count, characters] = [0, 0];
    do characters += JSON.stringify(this.#queue[count++]).length;
    while (count < this.#queue.length && characters < PACKET_CHARACTERS);
    return this.#queue.splice(0, count);
  }

  async #sendUntilReceived(packet: Packet<Out>): Promise<void> {
    const { to, retryMs = 1000, pauseMs = 100 } = this.#options;
    while (!this.#closed) {
      try {
        await this.#wire.request(to, packet, retryMs);
        this.#watch.heard();
        return;
      } catch {
        await sleep(pauseMs);
      }
    }
  }

  #take(packet: Packet<In>, reply: (body: unknown) => void): void {
    this.#watch.heard();
    if ('news' in packet) this.#options.receive(packet.news);
    if (!('seq' in packet)) return;
    // An earlier one was received, and its acknowledgement was lost.
    if (packet.seq === this.#received) {
      this.#received += 1;
      for (const message of packet.messages) this.#options.receive(message);
    }
    reply({ received: packet.seq });
  }
}
