/** The server's process: the self-test's truth server, on a core of its own. */
import { serveOrders } from '../../src/selftest/server-process.ts';
import { pinTo } from './pin.ts';

pinTo(process.argv[2]);
await serveOrders();
