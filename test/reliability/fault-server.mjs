/** The server of the soak in a process of its own: `FAULTS` for a share of the requests, a good reply for the others. Ends with its parent. */
import { faulty, startScriptedServer } from '../../dist/testing/index.js';

const [share, seed] = process.argv.slice(2).map(Number);
const server = await startScriptedServer(faulty({ share, seed }), { keeps: false });
process.on('message', () => {
  const { requests, inFlight } = server;
  process.send({ requests, inFlight, rss: process.memoryUsage.rss(), cpu: process.cpuUsage() });
});
process.on('disconnect', () => process.exit());
process.send({ port: server.port });
