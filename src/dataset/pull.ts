/** Datasets that others publish: found on this machine, or downloaded. */
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, request } from 'undici';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { candidateFolders, fileExists } from './locate.ts';
import { addressOf, type DataSource, type PullFile, pathOf } from './sources.ts';

interface PullOptions {
  /** Folder that gets the files. */
  readonly into: string;
  /** Address that serves `<folder>/<file>`, instead of the authors' own. */
  readonly mirror?: string | undefined;
  /** Replace existing files that differ. */
  readonly force?: boolean | undefined;
  /** Reports each address before it is requested. */
  readonly report: (line: string) => void;
}

/** Returns the folder that holds all files of a dataset; undefined when there is none. */
export async function findDataset(source: DataSource, roots: readonly string[]): Promise<string | undefined> {
  for (const folder of candidateFolders(pathOf(source), roots)) {
    const found = await Promise.all(source.files.map((file) => fileExists(`${folder}/${file}`)));
    if (found.every(Boolean)) return folder;
  }
  return undefined;
}

/** Milliseconds without a byte after which a download fails. */
const IDLE_MS = 60_000;

/**
 * Downloads the files of a dataset one after the other; a file that exists with the right checksum is kept. A file gets its name only when
 * its checksum is that of the published one. Throws DSET-PULL-001 for a file that cannot be downloaded or would be overwritten,
 * DSET-PULL-002 for one that is not the published file.
 */
export async function pullDataset(source: DataSource, pull: PullOptions): Promise<void> {
  const dispatcher = new EnvHttpProxyAgent();
  try {
    for (const file of source.pull ?? []) await pullFile(source, file, { ...pull, dispatcher });
  } finally {
    await dispatcher.close();
  }
}

async function pullFile(
  source: DataSource,
  file: PullFile,
  {
    into,
    mirror,
    force = false,
    report,
    dispatcher,
  }: PullOptions & { readonly dispatcher: EnvHttpProxyAgent },
): Promise<void> {
  const target = join(into, file.name);
  if (existsSync(target)) {
    if (sha256(await readFile(target)) === file.sha256) return report(`${target}: exists, checksum right`);
    if (!force) throw wouldOverwrite(target);
  }
  const address = addressOf(source, file, mirror);
  if (address === undefined) throw noAddress(source);
  report(`${address} → ${target} (${file.bytes} bytes)`);
  const part = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  try {
    await download(address, part, file, dispatcher);
    await rename(part, target);
  } finally {
    await rm(part, { force: true });
  }
}

async function download(
  address: string,
  part: string,
  file: PullFile,
  dispatcher: EnvHttpProxyAgent,
): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const { statusCode, body } = await getFollowing(address, dispatcher);
    if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`);
    const watch = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > file.bytes) return;
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(body, watch, createWriteStream(part));
  } catch (cause) {
    throw new AisBenchError('DSET-PULL-001', `the file cannot be downloaded: ${messageOf(cause)}`, {
      where: address,
      cure: 'check the address and the network, or name a mirror with --mirror',
      cause,
    });
  }
  if (bytes !== file.bytes || hash.digest('hex') !== file.sha256) throw wrongFile(address, file, bytes);
}

/** Redirects that one file may need. */
const MOST_REDIRECTS = 5;

async function getFollowing(
  address: string,
  dispatcher: EnvHttpProxyAgent,
  left = MOST_REDIRECTS,
): Promise<Awaited<ReturnType<typeof request>>> {
  const reply = await request(address, { dispatcher, headersTimeout: IDLE_MS, bodyTimeout: IDLE_MS });
  const { location } = reply.headers;
  if (reply.statusCode < 300 || reply.statusCode > 399 || typeof location !== 'string') return reply;
  await reply.body.dump();
  if (left === 0) throw new Error(`it redirects more than ${MOST_REDIRECTS} times`);
  return getFollowing(new URL(location, address).href, dispatcher, left - 1);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function wouldOverwrite(target: string): AisBenchError {
  return new AisBenchError('DSET-PULL-001', 'another file of that name exists', {
    where: target,
    cure: 'move it away, or replace it with --force',
  });
}

function noAddress({ name, source }: DataSource): AisBenchError {
  return new AisBenchError('DSET-PULL-001', `no address is known for the files of ${name}`, {
    where: source,
    cure: 'get them from there by hand, or name a mirror with --mirror',
  });
}

function wrongFile(address: string, { bytes, sha256: wanted }: PullFile, got: number): AisBenchError {
  const what = got === bytes ? `its SHA-256 is not ${wanted}` : `${got} bytes received, of ${bytes}`;
  return new AisBenchError('DSET-PULL-002', `the downloaded file is not the published one: ${what}`, {
    where: address,
    cure: 'try again, or name another mirror; nothing was kept',
  });
}
