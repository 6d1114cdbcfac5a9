/** Network namespaces of Linux: hosts of their own for the network, joined with this one by a virtual cable each. */
import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { onTestFinished } from 'vitest';

export interface Namespace {
  readonly name: string;
  /** What stands before a command that shall run in it. */
  readonly prefix: readonly string[];
  /** Its own address. */
  readonly address: string;
  /** The address at which it sees this machine. */
  readonly hostAddress: string;
  /** Pulls the cable: what is sent is lost, and neither end is told. */
  unplug(): void;
  plug(): void;
}

/** Why namespaces cannot be made here; undefined where they can. For `describe.skipIf`. */
export const noNamespaces: string | undefined = whyNot();

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  const name = `aisb-${process.pid}-probe`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.error !== undefined) return 'there is no `ip`: install iproute2';
  if (made.status !== 0) return `network namespaces cannot be made: ${made.stderr.trim()}`;
  const cable = spawnSync(
    'ip',
    ['link', 'add', `ab${process.pid}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name],
    {
      encoding: 'utf8',
    },
  );
  spawnSync('ip', ['netns', 'del', name]);
  return cable.status === 0 ? undefined : `no virtual cable can be made: ${cable.stderr.trim()}`;
}

let made = 0;

/** A namespace with loopback and a cable to this machine; gone after the test. */
export function makeNamespace(): Namespace {
  made += 1;
  const name = `aisb-${process.pid}-${made}`;
  // Names of interfaces have room for 15 characters.
  const cable = `ab${process.pid}.${made}`;
  const [hostAddress, address] = freePair();
  ip('netns', 'add', name);
  onTestFinished(() => {
    // The cable goes with the end that lies in the namespace.
    ip('netns', 'del', name);
  });
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  ip('addr', 'add', `${hostAddress}/30`, 'dev', cable);
  ip('link', 'set', cable, 'up');
  ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', 'eth0');
  ip('-n', name, 'link', 'set', 'eth0', 'up');
  ip('-n', name, 'link', 'set', 'lo', 'up');
  // Whatever address of this machine it asks for lies at the other end.
  ip('-n', name, 'route', 'add', 'default', 'via', hostAddress);
  return {
    name,
    prefix: ['ip', 'netns', 'exec', name],
    address,
    hostAddress,
    // From inside, so that this machine's address stays, and what listens on it.
    unplug: () => ip('-n', name, 'link', 'set', 'eth0', 'down'),
    plug: () => ip('-n', name, 'link', 'set', 'eth0', 'up'),
  };
}

/** Two neighbouring addresses out of 198.18.0.0/15, which is kept free for benchmarks (RFC 2544). */
function freePair(): readonly [string, string] {
  const taken = new Set(Object.values(networkInterfaces()).flatMap((all) => all?.map((one) => one.address)));
  for (;;) {
    const block = Math.floor(Math.random() * 2 ** 15) * 4;
    const address = (n: number) => `198.${18 + (block >> 16)}.${(block >> 8) & 255}.${(block & 255) + n}`;
    if (!taken.has(address(1))) return [address(1), address(2)];
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
