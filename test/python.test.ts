/** The Python side has tests of its own, in Python. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('python/tests pass', async () => {
  const child = spawn('python3', ['-B', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'], {
    cwd: fileURLToPath(new URL('../python', import.meta.url)),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(said).toMatch(/^Ran [1-9]\d* tests/m);
  expect({ code, said }).toMatchObject({ code: 0 });
});
