import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, request } from 'undici';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { addressOf, type DataSource, type PullFile } from '../../dataset/sources.ts';

interface Pull {
  /** Folder that gets the files. */
  readonly into: string;
  /** Address that serves `<folder>/<file>`, instead of the authors' own. */
  readonly mirror?: string | undefined;
  /** Replace files that are there and differ. */
  readonly force?: boolean | undefined;
  readonly say: (line: string) => void;
}

/** Milliseconds without a byte after which a download is given up. */
const IDLE_MS = 60_000;

/**
 * Downloads the files of a dataset one after the other; a file that is there and right is kept. A file gets its name only when
 * its checksum is that of the published one. Throws DSET-PULL-001 where a file cannot be had or would be overwritten,
 * DSET-PULL-002 for a file that is another one.
 */
export async function pullDataset(source: DataSource, pull: Pull): Promise<void> {
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
  { into, mirror, force = false, say, dispatcher }: Pull & { readonly dispatcher: EnvHttpProxyAgent },
): Promise<void> {
  const target = join(into, file.name);
  if (existsSync(target)) {
    if (sha256(await readFile(target)) === file.sha256)
      return say(`${target}: there already, checksum right`);
    if (!force) throw wouldOverwrite(target);
  }
  const address = addressOf(source, file, mirror);
  if (address === undefined) throw noAddress(source);
  say(`${address} → ${target} (${file.bytes} bytes)`);
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
  if (bytes !== file.bytes || hash.digest('hex') !== file.sha256) throw anotherFile(address, file, bytes);
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
  return new AisBenchError('DSET-PULL-001', 'there is another file of that name', {
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

function anotherFile(address: string, { bytes, sha256: wanted }: PullFile, got: number): AisBenchError {
  const what = got === bytes ? `its SHA-256 is not ${wanted}` : `${got} bytes came, of ${bytes}`;
  return new AisBenchError('DSET-PULL-002', `the downloaded file is not the published one: ${what}`, {
    where: address,
    cure: 'try again, or name another mirror; nothing was kept',
  });
}
