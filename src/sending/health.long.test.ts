import { connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { HealthMonitor, processName } from './health.ts';

const clock = () => performance.now();

/** So much time and, on a busy machine, at least half as much of a core. */
function busyFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  const before = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  while (performance.now() < end || spent() < milliseconds / 2) Math.sqrt(end);
}

it('measures its own process', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const monitor = new HealthMonitor(clock, 'worker 3', { everyMs: 50 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  busyFor(100);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const health = monitor.stop();
  socket.destroy();
  server.close();
  expect(health.process).toBe('worker 3');
  expect(health.memoryLimit).toBeGreaterThan(1e6);
  expect(health.samples.length).toBeGreaterThanOrEqual(2);
  const sum = (of: (sample: (typeof health.samples)[number]) => number | undefined) =>
    health.samples.reduce((all, sample) => all + (of(sample) ?? 0), 0);
  expect(sum(({ cpuUser, cpuSystem }) => cpuUser! + cpuSystem!)).toBeGreaterThan(20);
  expect(Math.max(...health.samples.map(({ loopLagP99 = 0 }) => loopLagP99))).toBeGreaterThan(50);
  expect(Math.max(...health.samples.map(({ loopUtilization }) => loopUtilization!))).toBeGreaterThan(0.3);
  expect(Math.max(...health.samples.map(({ openSockets }) => openSockets!))).toBeGreaterThanOrEqual(1);
  expect(health.samples.every(({ rss, span }) => rss! > 1e6 && span > 0)).toBe(true);
});

it('names the process by its records', () => {
  expect(['p/d_records.jsonl', 'p/d_records.w12.jsonl'].map(processName)).toEqual(['main', 'worker 12']);
});
