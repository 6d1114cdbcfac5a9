/** `kill -9` of the command at seeded random moments; then the run goes on and ends as if nothing had been. */
import { expect, it } from 'vitest';
import { durable, killed, pause, recordsIn, scoreOf, seeded } from '../e2e/killed.ts';
import { aisBench, CHAT, chatServer, DEMO, emptyFolder, start, streamed } from '../e2e/support.ts';

const KILLS = Number(process.env['RELIABILITY_KILLS'] ?? 40);
/** Times that each of the eight questions is asked: so often that no number of kills outlasts them. */
const ROUNDS = 3 * KILLS;
/** After which it is killed at the latest: once it has said that it begins, has been started, has something new on disk. */
const LONGEST_MS = [1000, 2000, 500];
const REPEAT = 'models.0.generation_kwargs.num_return_sequences';
const MODEL = 'vllm-api-stream-chat';

it(`killed ${KILLS} times at random moments: no durable request is sent again, and the score is the same`, {
  timeout: 1_200_000,
}, async () => {
  const sent: string[] = [];
  let pauseMs = 100;
  const server = await chatServer(({ headers, body }) => {
    sent.push(String(headers['x-case']));
    const reply = streamed(body.length % 2 === 0 ? '450' : '46');
    return { ...reply, body: [{ pauseMs }, ...reply.body!] };
  });
  const args = ['--models', CHAT, '--datasets', DEMO, '--url', server.url, '--num-warmups', '0'];
  args.push('--set', `${REPEAT}=${ROUNDS}`, '--header', 'X-Case: {conversation_id}', '--batch-size');
  const whole = emptyFolder();
  pauseMs = 0;
  expect((await aisBench(whole, ...args, '32')).code).toBe(0);
  pauseMs = 100;

  const random = seeded(11);
  const cwd = emptyFolder();
  const kept = new Set<string>();
  let kills = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    sent.length = 0;
    const running = start(cwd, [...args, '3', ...(kill === 0 ? [] : ['--reuse'])]);
    // A third of the times at any moment, while it starts and reads what there is too; a third after it has got further.
    if (kill % 3 !== 1) await running.said('time-outs');
    const isFurther = () => durable(cwd, MODEL).length > kept.size || running.child.exitCode !== null;
    while (kill % 3 === 2 && !isFurther()) await pause(100);
    await pause(LONGEST_MS[kill % 3]! * random());
    if (running.child.exitCode === null) kills += 1;
    await killed(running);
    expect(sent.filter((id) => kept.has(id))).toEqual([]);
    const ok = recordsIn(cwd, MODEL).filter(({ outcome }) => outcome === 'ok');
    for (const { call } of ok) kept.add(call.id);
    // Whatever record is whole, its answer is.
    expect(new Set(durable(cwd, MODEL))).toEqual(kept);
  }
  expect(kills).toBe(KILLS);
  expect(kept.size).toBeGreaterThanOrEqual(Math.floor(KILLS / 3));
  sent.length = 0;
  pauseMs = 0;
  const end = await aisBench(cwd, ...args, '32', '--reuse');
  expect(end.code, end.stderr).toBe(0);
  expect(sent.filter((id) => kept.has(id))).toEqual([]);
  expect(sent).toHaveLength(8 * ROUNDS - kept.size);
  expect(scoreOf(cwd, MODEL)).toEqual(scoreOf(whole, MODEL));
});
