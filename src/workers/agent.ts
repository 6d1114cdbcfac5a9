import { messageOf } from '../contract/errors.ts';
import type { Connection } from './connect.ts';
import type { HostClock } from './host-clock.ts';
import {
  type Acceptance,
  type Greeting,
  helloSubject,
  hereSubject,
  type Invitation,
  inviteSubject,
  PROTOCOL,
} from './protocol.ts';
import { type Launch, Session } from './session.ts';
import type { Wire } from './wire.ts';

export interface AgentOptions {
  readonly connection: Connection;
  readonly wire: Wire;
  readonly group: string;
  readonly self: Omit<Greeting, 'protocol' | 'run'>;
  readonly clock: HostClock;
  readonly launch: Launch;
  /** Makes a folder for the files of a run. */
  readonly newFolder: () => string;
  /** Tells a person what happens. */
  readonly say: (text: string) => void;
}

/** Works for one run after the other, until it is stopped. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #stops: readonly (() => void)[];
  #session: Session | undefined;
  #stopped = false;

  constructor(options: AgentOptions) {
    const { wire, group, self } = options;
    this.#options = options;
    this.#stops = [
      wire.subscribe(helloSubject(group), () => this.#greet()),
      wire.subscribe(inviteSubject(group, self.id), (invitation, answer) =>
        answer(this.#accept(invitation as Invitation)),
      ),
    ];
    this.#greet();
  }

  /** Ends what it works on, and takes nothing more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const stop of this.#stops) stop();
    await this.#session?.close();
  }

  #greet(): void {
    const { wire, group, self } = this.#options;
    const run = this.#session === undefined ? {} : { run: this.#session.run };
    wire.publish(hereSubject(group), { ...self, protocol: PROTOCOL, ...run } satisfies Greeting);
  }

  #accept(invitation: Invitation): Acceptance {
    const { self, clock, say, newFolder, group, ...rest } = this.#options;
    const { run, version, protocol } = invitation;
    if (protocol !== PROTOCOL || version !== self.version) return { refused: otherVersion(self, invitation) };
    if (this.#stopped) return { refused: 'it is being stopped' };
    // An invitation that is heard twice was answered, and the answer was lost.
    if (this.#session !== undefined && this.#session.run !== run)
      return { refused: `it works for the run ${this.#session.run}` };
    if (this.#session === undefined) {
      let folder: string;
      try {
        folder = newFolder();
      } catch (cause) {
        return { refused: `it cannot write: ${messageOf(cause)}` };
      }
      say(`works for the run ${run}`);
      this.#session = new Session(invitation, {
        ...rest,
        ...{ clock, folder, agent: self.id, workers: self.workers },
        ended: (lostTo) => this.#free(run, lostTo),
      });
    }
    return { shiftMs: clock.shiftMs };
  }

  #free(run: string, lostTo: string | undefined): void {
    const { say, group } = this.#options;
    this.#session = undefined;
    say(
      lostTo === undefined
        ? `the run ${run} is over`
        : `gave up the run ${run}: its coordinator is lost (${lostTo})`,
    );
    if (this.#stopped) return;
    say(`waits for work as one of ${group}`);
    this.#greet();
  }
}

function otherVersion(self: { readonly version: string }, { version, protocol }: Invitation): string {
  const own = `it is ais_bench ${self.version} (protocol ${PROTOCOL})`;
  return `${own}, the run is made by ${version} (protocol ${protocol}): install the same version on both`;
}
