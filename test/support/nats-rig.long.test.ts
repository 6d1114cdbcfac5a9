/** Tests of the server and the hosts that tests of remote workers use. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noNats, startNats } from './nats-server.ts';
import { makeNamespace, type Namespace, noNamespaces } from './network-namespaces.ts';

describe.skipIf(noNats)(`nats-server${noNats === undefined ? '' : ` (${noNats})`}`, () => {
  it('keeps what JetStream acknowledged when it is killed and started again', async () => {
    const server = await startNats();
    const client = await connect({ servers: server.url, reconnectTimeWait: 50, maxReconnectAttempts: -1 });
    onTestFinished(() => client.close());
    const manager = await jetstreamManager(client);
    await manager.streams.add({ name: 'kept', subjects: ['kept.>'], storage: 'file' });
    const stream = jetstream(client);
    for (const text of ['one', 'two']) await stream.publish('kept.a', text, { msgID: text });

    await server.kill();
    await server.start();

    // What is published while the connection is away is lost and must be repeated: the server knows a repeat by its id.
    const again = () => stream.publish('kept.a', 'two', { msgID: 'two', timeout: 200 });
    expect(await again().catch(again).catch(again)).toMatchObject({ duplicate: true });
    expect((await manager.streams.info('kept')).state.messages).toBe(2);
  });
});

describe.skipIf(noNamespaces)(
  `a network namespace${noNamespaces === undefined ? '' : ` (${noNamespaces})`}`,
  () => {
    it('is a host of its own, whose cable can be pulled', async () => {
      const space = makeNamespace();
      const { socket, heard } = await visitorOf(space);
      expect(socket.remoteAddress).toBe(space.address);

      space.unplug();
      socket.write('a');
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect({ heard: heard(), destroyed: socket.destroyed }).toEqual({ heard: '', destroyed: false });
      space.plug();
      while (heard() !== 'a') await once(socket, 'data');
    });
  },
);

/** A process in the namespace that connects to this machine and sends back what it is sent. */
async function visitorOf({ prefix, hostAddress }: Namespace): Promise<{ socket: Socket; heard(): string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, hostAddress, resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const script = `const s = require('node:net').connect(${port}, '${hostAddress}'); s.pipe(s);`;
  const child = spawn(prefix[0]!, [...prefix.slice(1), process.execPath, '-e', script], { stdio: 'inherit' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [socket] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString();
  });
  return { socket, heard: () => heard };
}
