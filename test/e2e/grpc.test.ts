/** Triton over gRPC from the command line: a config's TLS reaches the class's own connection, and a run ends with it closed. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { startKserve } from '../support/kserve-server.ts';
import { aisBench, DEMO, emptyFolder, recordsOf } from './support.ts';

const tlsFile = (name: string) => resolve('test/fixtures/tls', name);
const pair = {
  private_key: readFileSync(tlsFile('server.key')),
  cert_chain: readFileSync(tlsFile('server.pem')),
};

it('runs over TLS with the authority of the config', async () => {
  const server = await startKserve({
    answer: () => ['The answer is', ' 40.'],
    credentials: ServerCredentials.createSsl(null, [pair]),
  });
  const cwd = emptyFolder();
  const where = ['--url', `https://localhost:${server.port}/`, '--model', 'echo'];
  const flags = ['--models', 'triton_grpc_stream', '--datasets', DEMO, ...where, '--batch-size', '4'];
  const { code, stderr } = await aisBench(cwd, ...flags, '--set', `models.0.tls.ca=${tlsFile('ca.pem')}`);
  expect(code, stderr).toBe(0);
  expect(recordsOf(cwd).map(({ outcome }) => outcome)).toEqual(Array(8).fill('ok'));
  expect(server.peers.size).toBe(1);
});
