/** An evaluation over remote workers in which every process is killed: what the quick test and the full harness share. */
import { expect, onTestFinished } from 'vitest';
import { connect } from '../../src/workers/nats.ts';
import { type NatsServer, startNats } from '../support/nats-server.ts';
import { childrenOf, killed, pause, recordsIn, runsIn, scoreOf, seeded } from './killed.ts';
import {
  aisBench,
  CHAT,
  type ChatServer,
  chatServer,
  DEMO,
  emptyFolder,
  type Running,
  start,
  streamed,
  until,
} from './support.ts';

const MODEL = 'vllm-api-stream-chat';
const REPEAT = 'models.0.generation_kwargs.num_return_sequences';
const QUESTIONS = 8;

/** A worker that waits for work. */
export async function startWorker(
  cwd: string,
  nats: string,
  name: string,
  ...args: readonly string[]
): Promise<Running> {
  const running = start(cwd, ['worker', '--nats', nats, '--group', 'g', '--name', name, ...args]);
  await running.said('waits for runs');
  return running;
}

/** Names of the streams that the server keeps. */
export async function streamsOf({ url }: NatsServer): Promise<string[]> {
  const connection = await connect({ servers: [url], name: 'test' });
  try {
    const names: string[] = [];
    for await (const name of connection.manager.streams.names()) names.push(name);
    return names;
  } finally {
    await connection.close();
  }
}

export type Victim = 'worker' | 'process of a worker' | 'coordinator' | 'nats';

interface Fire {
  /** Times that each of the eight questions is asked. */
  readonly rounds: number;
  readonly batchSize: number;
  /** How long the service takes for an answer. */
  readonly pauseMs: number;
  readonly kills: readonly Victim[];
  readonly seed: number;
  /** Answers between two kills at least. */
  readonly between: number;
}

/** Kills workers, the command and the NATS server while they evaluate; then every case has one answer and the score is the same. */
export async function survives({ rounds, batchSize, pauseMs, kills, seed, between }: Fire): Promise<void> {
  const total = QUESTIONS * rounds;
  const { server, slowTo } = await service();
  const args = ['--models', CHAT, '--datasets', DEMO, '--url', server.url, '--num-warmups', '0'];
  args.push('--set', `${REPEAT}=${rounds}`, '--batch-size');
  const whole = emptyFolder();
  expect((await aisBench(whole, ...args, '32')).code).toBe(0);

  slowTo(pauseMs);
  const nats = await startNats();
  const workers: Running[] = [];
  const startOne = async (): Promise<void> => {
    workers.push(await startWorker(emptyFolder(), nats.url, `a${workers.length + 1}`));
  };
  await startOne();
  await startOne();
  const cwd = emptyFolder();
  const over = [...args, String(batchSize), '--workers', 'g', '--nats', nats.url, '--worker-silence', '2'];
  let command = start(cwd, over);
  onTestFinished(() => void command.child.kill('SIGKILL'));
  const before = server.asked.length;
  const random = seeded(seed);
  for (const victim of kills) {
    await command.said('takes samples');
    const asked = server.asked.length;
    const hasEnded = () => command.child.exitCode !== null;
    const isDue = () => hasEnded() || server.asked.length >= asked + between;
    await until(isDue, `questions before the ${victim} is killed`);
    await pause(random() * 500);
    if (hasEnded()) throw new Error(`it ended too early: ${(await command.finished).stderr}`);
    if (victim === 'worker') {
      await killed(workers.splice(Math.floor(random() * workers.length), 1)[0]!);
      await startOne();
    } else if (victim === 'process of a worker') {
      const processes = workers.flatMap(({ child }) => childrenOf(child.pid!));
      process.kill(processes[Math.floor(random() * processes.length)]!, 'SIGKILL');
    } else if (victim === 'nats') {
      await nats.kill();
      await pause(random() * 1000);
      await nats.start();
    } else {
      await killed(command);
      command = start(cwd, [...over, '--reuse']);
    }
  }
  const end = await command.finished;
  expect(end.code, end.stderr).toBe(0);
  expect(runsIn(cwd)).toHaveLength(1);
  const records = recordsIn(cwd, MODEL);
  expect(records.every(({ outcome }) => outcome === 'ok')).toBe(true);
  expect(new Set(records.map(({ call }) => call.id)).size).toBe(total);
  expect(records).toHaveLength(total);
  expect(scoreOf(cwd, MODEL)).toEqual(scoreOf(whole, MODEL));
  // Whoever dies takes what it had in hand with it, and no more.
  expect(server.asked.length - before).toBeLessThanOrEqual(total + 3 * batchSize * kills.length);
  expect(await streamsOf(nats)).toEqual([]);
}

/** Half of its answers are right, by what is asked alone. */
async function service(): Promise<{ server: ChatServer; slowTo(pauseMs: number): void }> {
  let pauseMs = 0;
  const server = await chatServer(({ body }) => {
    const reply = streamed(body.length % 2 === 0 ? '450' : '46');
    return { ...reply, body: [{ pauseMs }, ...reply.body!] };
  });
  return {
    server,
    slowTo: (ms) => {
      pauseMs = ms;
    },
  };
}
