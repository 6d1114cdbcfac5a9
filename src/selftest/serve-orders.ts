import { AisBenchError, messageOf } from '../contract/errors.ts';
import { TruthServer } from './truth-server.ts';
import type { FromServer, ToServer } from './wire.ts';

/** The truth server's process: does what its parent says over the channel, until that ends or the parent is gone. */
export async function serveOrders(): Promise<void> {
  if (process.send === undefined) {
    throw new AisBenchError('TMAN-CMD-001', 'the truth server is started by a self-test', {
      cure: 'run ais_bench selftest',
    });
  }
  const tell = (message: FromServer) => process.send?.(message, () => {});
  const server = new TruthServer();
  try {
    const ended = new Promise<void>((resolve) => {
      process.on('message', (message: ToServer) => {
        if (message.type === 'end') resolve();
        else if (message.type === 'report') tell({ type: 'report', ...server.report() });
        else {
          server.obey(message.order);
          tell({ type: 'ready' });
        }
      });
      process.once('disconnect', resolve);
    });
    tell({ type: 'listening', port: await server.listen() });
    await ended;
  } catch (error) {
    tell({ type: 'broken', why: messageOf(error) });
  } finally {
    server.close();
  }
}
