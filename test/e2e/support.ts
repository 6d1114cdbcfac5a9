/** What the end-to-end tests share: the built command in an empty folder, and services it can be pointed at. */
import { type ChildProcess, type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { filesBelow as pathsBelow } from '../../src/basics/files-below.ts';
import { unpacked } from '../../src/report/page/codec.ts';
import {
  type ReceivedRequest,
  type ScriptedReply,
  type ScriptedServer,
  sseEvents,
  startScriptedServer,
} from '../../src/testing/index.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export const CHAT = 'vllm_api_stream_chat';
export const DEMO = 'demo_gsm8k_gen_0_shot_cot_str_perf';

export interface Finished {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when standard error holds the words. */
  said(words: string): Promise<void>;
}

/** An empty folder that is gone after the test, filled with `files` (path → text). */
export function emptyFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ais-bench-e2e-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export interface StartOptions extends SpawnOptions {
  /** A program that starts it, with its arguments. */
  readonly through?: readonly string[];
}

/** Starts `ais_bench` with nothing of this process's environment but what a program needs, and `options.env`. */
export function start(
  cwd: string,
  args: readonly string[],
  { through = [], ...options }: StartOptions = {},
): Running {
  const { PATH = '', HOME = '' } = process.env;
  const [command = '', ...rest] = [...through, process.execPath, MAIN, ...args];
  const child = spawn(command, rest, {
    ...options,
    cwd,
    env: { PATH, HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  onTestFinished(() => void child.kill('SIGKILL'));
  let heard = '';
  child.stderr.on('data', (bytes: Buffer) => {
    heard += bytes.toString('utf8');
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const finished = Promise.all([code, text(child.stdout), text(child.stderr)]).then(
    ([exitCode, stdout, stderr]) => ({ code: exitCode, stdout, stderr }),
  );
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  finished.then(over, over);
  const said = async (words: string) => {
    await until(() => isOver || heard.includes(words), `"${words}" on stderr`);
    if (!heard.includes(words)) throw new Error(`it ended and never said "${words}", but: ${heard}`);
  };
  return { child, finished, said };
}

export function aisBench(cwd: string, ...args: readonly string[]): Promise<Finished> {
  return start(cwd, args).finished;
}

/** Whether anything answers there. */
export async function isAnybodyAt(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

/** Waits for a condition, a long time on a slow machine. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The embedded service as a person starts it. */
export async function serve(...args: readonly string[]): Promise<{ url: string; port: string }> {
  return serveWith({}, ...args);
}

/** The same with variables of its environment. */
export async function serveWith(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<{ url: string; port: string }> {
  const { child, finished } = start(emptyFolder(), ['serve', '--port', '0', ...args], { env });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const address = /^listening on (\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    void finished.then(({ stderr }) => reject(new Error(`serve ended: ${stderr}`)));
  });
  return { url, port: new URL(url).port };
}

export interface ChatServer extends ScriptedServer {
  /** Requests for an answer, in the order they came. */
  readonly asked: readonly ReceivedRequest[];
}

/** A service that knows its model's name and answers request for an answer number `n`, from 0, as the script says. */
export async function chatServer(
  script: (request: ReceivedRequest, n: number) => ScriptedReply,
): Promise<ChatServer> {
  const asked: ReceivedRequest[] = [];
  const server = await startScriptedServer((request) => {
    if (request.path === '/v1/models') return json({ data: [{ id: 'scripted' }] });
    if (request.method === 'GET') return json({ detail: 'Not Found' }, 404);
    return script(request, asked.push(request) - 1);
  });
  onTestFinished(() => server.close());
  return Object.assign(server, { asked });
}

export function json(body: unknown, status = 200): ScriptedReply {
  return { status, headers: { 'content-type': 'application/json' }, body: [JSON.stringify(body)] };
}

const delta = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });

/** Events of a streamed chat answer, a word each; the end is missing. */
export function words(...contents: readonly string[]): string[] {
  return sseEvents(contents.map(delta), { done: false });
}

export const SSE = { 'content-type': 'text/event-stream' };

/** A streamed chat answer; its two words come apart, as those of a stream do. */
export function streamed(content: string): ScriptedReply {
  const finish = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  const usage = { choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } };
  const [first = '', second = ''] = words(content, '.');
  return { headers: SSE, body: [first, { pauseMs: 3 }, second, ...sseEvents([finish, usage])] };
}

/** The folder of the run that the folder's `latest` link points to. */
export function latest(cwd: string): string {
  return realpathSync(join(cwd, 'outputs/default/latest'));
}

export function recordsOf(cwd: string): any[] {
  return readdirSync(join(latest(cwd), 'performances'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('_records.jsonl'))
    .flatMap((file) =>
      readFileSync(join(latest(cwd), 'performances', file), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line));
}

/** The plan as the run kept it. */
export function planOf(cwd: string): any {
  const folder = join(latest(cwd), 'configs');
  return JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8'));
}

/** Every file below a folder with its text; links are left out. */
export function filesBelow(folder: string): { path: string; content: string }[] {
  return pathsBelow(folder)
    .filter((path) => lstatSync(join(folder, path)).isFile())
    .map((path) => ({ path, content: readFileSync(join(folder, path), 'utf8') }));
}

/** A block of the data of a `report.html`. */
export function pageBlock<T>(html: string, id: string): T {
  const [, base64] = new RegExp(`id="${id}">([A-Za-z0-9+/=]+)</script>`).exec(html) ?? [];
  if (base64 === undefined) throw new Error(`the page has no block ${id}`);
  return unpacked(inflateRawSync(Buffer.from(base64, 'base64'))) as T;
}

/** What the table "Dropped or degraded" on the screen says, its first column as one line. */
export function degradedIn(stdout: string): string {
  const lines = /^Dropped or degraded\n(.*?)\n\n/ms.exec(stdout)?.[1]?.split('\n') ?? [];
  const end =
    lines.map((line) => /^What +Where$/.test(line) && line.indexOf('Where')).find(Boolean) || undefined;
  return lines.map((line) => line.slice(0, end).trim()).join(' ');
}
