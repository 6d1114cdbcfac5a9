import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import type { Http2Exchange } from './http2-exchange.ts';
import type { Opening } from './opening.ts';

/** Opens a connection to the server and holds `lastStep` to the connection's deadline. */
export type OpenConnection = (
  lastStep: (socket: Socket, opening: Opening) => Promise<void>,
) => Promise<Socket>;

interface Session {
  readonly http2: ClientHttp2Session;
  streams: number;
}

/** Streams share their connection's window: node's 64 KiB would make hundreds of them wait for each other. */
const STREAM_WINDOW = 1024 * 1024;
const CONNECTION_WINDOW = 64 * 1024 * 1024;
/** MiB; node's 10 would refuse streams on a busy connection. */
const SESSION_MEMORY = 1024;

/** The connections to one server. A request that finds no room opens another one instead of waiting unseen. */
export class Http2Sessions {
  readonly #origin: string;
  readonly #openConnection: OpenConnection;
  readonly #sessions = new Set<Session>();
  readonly #waiting = new Set<Http2Exchange>();
  #underWay = 0;
  /** Streams a connection, once a server has told. */
  #limit: number | undefined;

  constructor(origin: string, openConnection: OpenConnection) {
    this.#origin = origin;
    this.#openConnection = openConnection;
  }

  /** Sends the request on a connection with room, now or as soon as there is one. */
  place(exchange: Http2Exchange): void {
    this.#waiting.add(exchange);
    this.#serve();
  }

  close(): void {
    const error = new Error('the transport was closed');
    for (const exchange of this.#waiting) exchange.fail(error);
    this.#waiting.clear();
    for (const { http2 } of this.#sessions) http2.destroy();
  }

  #serve(): void {
    for (const exchange of this.#waiting) {
      if (exchange.over) this.#waiting.delete(exchange);
      else {
        const session = this.#sessionWithRoom();
        if (session === undefined) break;
        this.#waiting.delete(exchange);
        this.#start(exchange, session);
      }
    }
    const each = Math.max(1, this.#limit ?? Number.POSITIVE_INFINITY);
    // The first connection tells how many are needed.
    while (this.#waiting.size > (this.#underWay === 0 ? 0 : this.#underWay * each)) void this.#connect();
  }

  #sessionWithRoom(): Session | undefined {
    for (const session of this.#sessions) {
      const { maxConcurrentStreams = Number.POSITIVE_INFINITY } = session.http2.remoteSettings;
      if (session.streams < maxConcurrentStreams) return session;
    }
    return undefined;
  }

  #start(exchange: Http2Exchange, session: Session): void {
    session.streams += 1;
    exchange.start(session.http2, () => {
      session.streams -= 1;
      if (this.#waiting.size > 0) this.#serve();
    });
  }

  async #connect(): Promise<void> {
    this.#underWay += 1;
    try {
      let session: Session | undefined;
      await this.#openConnection(async (socket, opening) => {
        session = await this.#begin(socket, opening);
      });
      this.#underWay -= 1;
      this.#sessions.add(session!);
    } catch (error) {
      this.#underWay -= 1;
      this.#failFirst(error as Error);
    }
    this.#serve();
  }

  /** A session whose server has told its limits. */
  async #begin(socket: Socket, opening: Opening): Promise<Session> {
    const http2 = connect(this.#origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
      maxSessionMemory: SESSION_MEMORY,
    });
    const session: Session = { http2, streams: 0 };
    const retire = () => this.#sessions.delete(session);
    http2.on('goaway', retire).on('close', retire);
    await opening.wait(socket, 'the HTTP/2 settings of the server', (done, failed) => {
      http2.once('remoteSettings', done).on('error', failed);
      return () => http2.off('remoteSettings', done);
    });
    http2.setLocalWindowSize(CONNECTION_WINDOW);
    this.#limit = http2.remoteSettings.maxConcurrentStreams;
    return session;
  }

  /** The requests that the lost connection would have taken. */
  #failFirst(error: Error): void {
    let left = this.#limit ?? Number.POSITIVE_INFINITY;
    for (const exchange of this.#waiting) {
      if (left-- <= 0) return;
      this.#waiting.delete(exchange);
      exchange.fail(error);
    }
  }
}
