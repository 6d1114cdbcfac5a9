import { expect, it } from 'vitest';
import { ServerChild } from './server-process.ts';

it('says how the process ended that should have been a server', async () => {
  const lost = new ServerChild(['-e', 'process.exit(3)']);
  await expect(lost.port()).rejects.toMatchObject({
    code: 'RUN-SELFTEST-001',
    message: 'the self-test lost its server: exit code 3',
  });
  await lost.end();
  await expect(lost.report()).rejects.toThrow('exit code 3');
});

it('says what the process could not do', async () => {
  const broken = new ServerChild(['-e', `process.send({ type: 'broken', why: 'no port is free' })`]);
  await expect(broken.port()).rejects.toThrow('the self-test lost its server: no port is free');
  await broken.end();
});
