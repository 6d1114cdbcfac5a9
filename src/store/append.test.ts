import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AisBenchError } from '../contract/errors.ts';
import { LineAppender } from './append.ts';
import { redactor } from './redact.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'append-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const open = (name = 'records.jsonl', secrets: string[] = []) =>
  new LineAppender(join(folder, name), redactor(secrets));
const content = (name = 'records.jsonl') => readFileSync(join(folder, name), 'utf8');

describe('lines', () => {
  it('are in the file half a second later, and not each by itself', () => {
    vi.useFakeTimers();
    const appender = open();
    appender.append('{"n":1}');
    vi.advanceTimersByTime(300);
    appender.append('{"n":2}');
    expect(content()).toBe('');
    vi.advanceTimersByTime(200);
    expect(content()).toBe('{"n":1}\n{"n":2}\n');
    appender.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are in the file after flush and after close', () => {
    const appender = open();
    appender.append('"é 漢 😀"');
    appender.flush();
    expect(content()).toBe('"é 漢 😀"\n');
    appender.append('2');
    appender.close();
    expect(content()).toBe('"é 漢 😀"\n2\n');
  });

  it('are in the file after those of the file that goes first', () => {
    const first = open('predictions.jsonl');
    const appender = new LineAppender(join(folder, 'records.jsonl'), redactor([]), first);
    first.append('answer');
    appender.append('record');
    appender.flush();
    expect([content('predictions.jsonl'), content()]).toEqual(['answer\n', 'record\n']);
    first.append('another');
    appender.append('its record');
    appender.close();
    expect(content('predictions.jsonl')).toBe('answer\nanother\n');
    first.close();
  });

  it('are not written where the file that goes first cannot be', () => {
    const first = open('predictions.jsonl');
    const appender = new LineAppender(join(folder, 'records.jsonl'), redactor([]), first);
    first.append('answer');
    appender.append('record');
    vi.spyOn(first, 'flush').mockImplementation(() => {
      throw new AisBenchError('RUN-FILE-001', 'cannot write: full', { cure: 'free space' });
    });
    expect(() => appender.flush()).toThrow('cannot write: full');
    expect(content()).toBe('');
    expect(() => appender.close()).toThrow('cannot write: full');
  });

  it('do not wait when they are many', async () => {
    const appender = open();
    for (let n = 0; n < 300; n++) appender.append('x'.repeat(1000));
    expect(content()).toBe('');
    await new Promise((resolve) => setImmediate(resolve));
    expect(content().length).toBeGreaterThan(200_000);
    expect(content().endsWith('\n')).toBe(true);
    appender.close();
  });

  it('lose their secrets and stay JSON', () => {
    const appender = open('records.jsonl', ['sk-1234', '5678']);
    appender.append(JSON.stringify({ n: 5678, message: 'wrong key sk-1234 (5678)' }));
    appender.close();
    expect(content()).toBe('{"n":5678,"message":"wrong key *** (***)"}\n');
  });
});

describe('a file', () => {
  it('is made with its folders and kept when it is there', () => {
    open('a/b/c.jsonl').close();
    writeFileSync(join(folder, 'a/b/c.jsonl'), '1\n');
    const appender = open('a/b/c.jsonl');
    appender.append('2');
    appender.close();
    expect(content('a/b/c.jsonl')).toBe('1\n2\n');
  });

  it('may have several appenders, whose lines stay whole', () => {
    const [one, two] = [open(), open()];
    const letters = ['a', 'b'] as const;
    for (let n = 0; n < 200; n++) {
      one.append('a'.repeat(997));
      two.append('b'.repeat(1499));
      if (n % 7 === 0) one.flush();
      if (n % 11 === 0) two.flush();
    }
    one.close();
    two.close();
    const lines = content().split('\n').slice(0, -1);
    expect(lines).toHaveLength(400);
    for (const [letter, length] of [
      [letters[0], 997],
      [letters[1], 1499],
    ] as const) {
      expect(lines.filter((line) => line === letter.repeat(length))).toHaveLength(200);
    }
  });

  it.each([
    ['a half line', '{"n":1}\n{"n":', '{"n":1}\n'],
    ['a long half line', `1\n${'x'.repeat(200_000)}`, '1\n'],
    ['nothing but a half line', 'x'.repeat(70_000), ''],
    ['whole lines', '1\n2\n', '1\n2\n'],
  ])('that a crash left with %s goes on behind its last whole one', (_name, before, kept) => {
    writeFileSync(join(folder, 'records.jsonl'), before);
    const appender = open();
    appender.append('new');
    appender.close();
    expect(content()).toBe(`${kept}new\n`);
  });
});

describe('what cannot be written', () => {
  it('is said when the file is opened', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => open('file/records.jsonl')).toThrow(
      expect.objectContaining({ code: 'RUN-FILE-001', where: join(folder, 'file/records.jsonl') }),
    );
    mkdirSync(join(folder, 'folder'));
    expect(() => open('folder')).toThrow(expect.objectContaining({ code: 'RUN-FILE-001' }));
  });

  // A device that is always full.
  it.skipIf(!existsSync('/dev/full'))('is said to the next caller when the timer met it', () => {
    vi.useFakeTimers();
    const appender = new LineAppender('/dev/full', redactor([]));
    appender.append('1');
    vi.advanceTimersByTime(500);
    for (const act of [() => appender.append('2'), () => appender.flush(), () => appender.close()]) {
      expect(act).toThrow(expect.objectContaining({ code: 'RUN-FILE-001', where: '/dev/full' }));
    }
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('goes on behind what another process appended', () => {
  const appender = open();
  appender.append('1');
  appender.flush();
  appendFileSync(appender.path, '2\n');
  appender.append('3');
  appender.close();
  expect(content()).toBe('1\n2\n3\n');
});

/** Reads a pipe, 40 KB every 10 ms, and tells how much it has read at which time. */
const SLOW_READER = `
const { openSync, readSync } = require('node:fs');
const fd = openSync(process.argv[1], 'r');
const block = Buffer.alloc(40_000);
let total = 0;
const next = () => {
  const read = readSync(fd, block);
  total += read;
  process.send([Date.now(), total]);
  if (total < Number(process.argv[2])) setTimeout(next, 10);
};
next();
`;

it('holds back whoever appends faster than the disk takes it: nothing piles up', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const line = 'x'.repeat(4095);
  const lines = 1000;
  const reader = spawn(process.execPath, ['-e', SLOW_READER, pipe, String(4096 * lines)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onTestFinished(() => void reader.kill());
  const read: [number, number][] = [];
  reader.on('message', (one: [number, number]) => read.push(one));
  const ended = new Promise((resolve) => reader.once('close', resolve));
  const file = new LineAppender(pipe, (text) => text);
  const unread: [number, number][] = [];
  for (let n = 1; n <= lines; n++) {
    file.append(line);
    unread.push([Date.now(), 4096 * n]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  file.flush();
  await ended;
  file.close();
  const most = unread.map(([at, given]) => given - (read.findLast(([time]) => time <= at)?.[1] ?? 0));
  // What waits for the next write, what is being written, and the pipe's own 64 KiB.
  expect(Math.max(...most)).toBeLessThan(2 * 256 * 1024 + 64 * 1024 + 40_000 + 4096);
  expect(read.at(-1)![1]).toBe(4096 * lines);
});
