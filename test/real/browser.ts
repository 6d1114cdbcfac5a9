/** A real Chromium, installed where it is missing. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

function installed(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
}

/** Path of a Chromium, or why there is none. */
export function findChromium(): { readonly path: string } | { readonly reason: string } {
  const found = process.env['CHROMIUM'] ?? installed();
  if (found !== undefined) return { path: found };
  const script = fileURLToPath(new URL('install.sh', import.meta.url));
  const { status } = spawnSync('bash', [script, 'page'], { stdio: ['ignore', 'inherit', 'inherit'] });
  const path = installed();
  if (path !== undefined) return { path };
  return { reason: `no Chromium is here, and test/real/install.sh page ended with ${status}` };
}

export async function openBrowser(path: string): Promise<Browser> {
  // Containers seldom let Chromium make its sandbox; what it opens here are pages of our own.
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}
