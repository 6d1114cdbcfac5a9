/**
 * The server of the soak in a process of its own: faults for a share of the requests, a good reply for the others. Each fault is as likely
 * as the others, but the two that send megabytes a tenth as often. Ends with its parent.
 */
import { FAULTS, faulty, startScriptedServer } from '../../dist/testing/index.js';

const LARGE = ['error with a body of 5 MB', 'event of 100 MB'];
const [share, seed] = process.argv.slice(2).map(Number);
const ending = Object.keys(FAULTS).filter((name) => !FAULTS[name].hangs);
const faults = ending.flatMap((name) => Array(LARGE.includes(name) ? 1 : 10).fill(name));
const server = await startScriptedServer(faulty({ share, seed, faults }), { keeps: false });
process.on('message', () => {
  const { requests, inFlight } = server;
  process.send({ requests, inFlight, rss: process.memoryUsage.rss(), cpu: process.cpuUsage() });
});
process.on('disconnect', () => process.exit());
process.send({ port: server.port });
