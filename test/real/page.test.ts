/**
 * The report page in Chromium: `node scripts/test-real.mjs page`. Every state of a page, opened from disk: it asks for nothing, runs
 * nothing that a model said, and is drawn without overlaps and cut texts in two languages, two themes and three widths.
 *
 * `page-layout.json` and `compare-layout.json` hold where the cards of each state lie; `UPDATE_LAYOUT=1` writes them anew.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { renderPage } from '../../src/report/page/render.ts';
import { compareStates } from '../support/compare-states.ts';
import { pageStates } from '../support/page-states.ts';
import { findChromium, openBrowser } from './browser.ts';
import { layoutFaults } from './layout.ts';

const template = readFileSync(new URL('../../dist/viewer/page.html', import.meta.url), 'utf8');
const layoutOf = (key: string) =>
  fileURLToPath(
    new URL(key.startsWith('compare') ? 'compare-layout.json' : 'page-layout.json', import.meta.url),
  );
/** Where screenshots are kept, for a person to look at; nowhere when not set. */
const SHOTS = process.env['AIS_BENCH_SHOTS'];
const WIDTHS = [390, 800, 1600];

const found = findChromium();
const reason = 'reason' in found ? found.reason : undefined;
if (reason !== undefined) console.warn(`not run: ${reason}`);

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-page-'));
const states = { ...(await pageStates()), ...compareStates() };
let browser: Browser;

beforeAll(async () => {
  if ('path' in found) browser = await openBrowser(found.path);
  for (const [name, page] of Object.entries(states))
    writeFileSync(join(folder, `${name}.html`), renderPage(template, page));
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Every address that was asked for. */
  readonly requests: readonly string[];
  /** What went wrong, in the browser's words. */
  readonly errors: readonly string[];
}

async function open(state: string, choices: Record<string, string> = {}, width = 1280): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'en-GB' });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const address = pathToFileURL(join(folder, `${state}.html`));
  address.hash = new URLSearchParams(choices).toString();
  await page.goto(address.href);
  await page.locator('footer').waitFor();
  return { page, requests, errors };
}

/** Goes to what waits to be seen, and waits until it is drawn. */
async function seeAll(page: Page): Promise<void> {
  await expect.poll(() => page.locator('.waiting').count(), { timeout: 30_000 }).toBe(0);
  if ((await page.locator('#samples').count()) === 0) return;
  await page.locator('#samples').scrollIntoViewIfNeeded();
  await page.locator('.list .row').first().waitFor();
  await page.evaluate(() => scrollTo(0, 0));
}

describe.skipIf(reason !== undefined)(
  `the report page${reason === undefined ? '' : ` (not run: ${reason})`}`,
  () => {
    it.each(Object.keys(states))(
      '%s: opens from disk without any request, error or breach of its policy',
      async (state) => {
        const { page, requests, errors } = await open(state);
        await seeAll(page);
        expect(requests).toEqual([pathToFileURL(join(folder, `${state}.html`)).href]);
        expect(errors).toEqual([]);
      },
    );

    it('shows a hostile answer as text, and runs nothing of it', async () => {
      const { page, errors } = await open('accuracy', { q: 'hacked' });
      await seeAll(page);
      await page.locator('.list .number').getByText('#5', { exact: true }).click();
      const answer = page.locator('.sample .text').first();
      await expect.poll(() => answer.textContent()).toContain('<img src=x onerror="globalThis.hacked = 1">');
      await page.locator('.sample summary').first().click();
      expect(await page.evaluate(() => (globalThis as { hacked?: unknown }).hacked)).toBeUndefined();
      expect(
        await page.locator('.sample img, .sample a, .sample iframe, .sample svg, .sample script').count(),
      ).toBe(0);
      expect(errors).toEqual([]);
    });

    it('would stop a script that came into the page all the same', async () => {
      const { page } = await open('load');
      await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.hacked = 1';
        document.body.append(script);
      });
      expect(await page.evaluate(() => (globalThis as { hacked?: unknown }).hacked)).toBeUndefined();
      const reached = await page.evaluate(() =>
        fetch('http://127.0.0.1:9/').then(
          () => 'yes',
          (error) => String(error),
        ),
      );
      expect(reached).toContain('Failed to fetch');
    });

    it('finds answers by verdict and by words, and shows what was extracted of each', async () => {
      const { page } = await open('accuracy');
      await seeAll(page);
      await page.locator('.chip', { hasText: 'truncated' }).click();
      await expect.poll(() => page.locator('.list .row').count()).toBe(1);
      await page.locator('.chip', { hasText: 'truncated' }).click();
      await page.keyboard.press('/');
      await page.keyboard.type('苹果 两堆');
      await expect.poll(() => page.locator('.list .row').count()).toBe(1);
      await expect.poll(() => page.locator('.sample mark').textContent()).toMatch(/^\d+$/);
      const marked = await page.locator('.sample mark').textContent();
      expect(await page.locator('.facts dd').first().textContent()).toBe(marked);
      expect(await page.locator('.facts').textContent()).toMatch(/TTFT[\d.]+\u202fms/);
    });

    it('is looked at by a check that finds overlaps, cut texts and a page that is too wide', async () => {
      const { page } = await open('text');
      expect(await page.evaluate(layoutFaults)).toEqual([]);
      await page.evaluate(() => {
        const put = (text: string, style: string) => {
          const element = document.createElement('p');
          element.textContent = text;
          element.style.cssText = style;
          document.getElementById('summary')!.append(element);
        };
        put('this is cut', 'width: 30px; overflow: hidden; white-space: nowrap');
        put('this lies on another', 'position: absolute; left: 20px; top: 60px');
        put('x'.repeat(400), 'white-space: nowrap; overflow-wrap: normal');
      });
      const faults = (await page.evaluate(layoutFaults)).join('\n');
      expect(faults).toMatch(/cut at its side.*this is cut/);
      expect(faults).toMatch(/overlap: .*this lies on another|overlap: .* and .*this lies on another/);
      expect(faults).toMatch(/the page is \d+ wide/);
    });

    it('is operated with keys', async () => {
      const { page } = await open('several', { lang: 'en', theme: 'light' });
      await seeAll(page);
      const root = page.locator('html');
      await page.keyboard.press('t');
      await expect.poll(() => root.getAttribute('data-theme')).toBe('dark');
      await page.keyboard.press('l');
      await expect.poll(() => root.getAttribute('lang')).toBe('zh-CN');
      await page.keyboard.press('l');
      await page.keyboard.press('j');
      await expect.poll(() => page.locator('.row[aria-current="true"]').textContent()).toContain('#1');
      await page.keyboard.press('k');
      await expect.poll(() => page.locator('.row[aria-current="true"]').textContent()).toContain('#0');
      await page.keyboard.press(']');
      await expect.poll(() => page.locator('.sub').textContent()).toBe('qwen3-8b × sharegpt');
      await page.keyboard.press('?');
      await page.locator('dialog[open]').waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('dialog').count()).toBe(0);
      await page.locator('.timeline canvas').focus();
      const before = await page.locator('.timeline canvas').screenshot();
      await page.keyboard.press('+');
      await expect
        .poll(async () => (await page.locator('.timeline canvas').screenshot()).equals(before))
        .toBe(false);
    });

    describe.each(WIDTHS)('at %i pixels', (width) => {
      it.each(Object.keys(states))(
        '%s: no overlap and no cut text, in every language and theme',
        async (state) => {
          const { page } = await open(state, { lang: 'en', theme: 'light' }, width);
          await seeAll(page);
          expectCards(`${state} ${width}`, await page.evaluate(cardsOf));
          for (const [lang, theme] of LOOKS) {
            await choose(page, { lang, theme });
            await keep(page, `${state}-${width}-${lang}-${theme}`);
            expect([lang, theme, ...(await page.evaluate(layoutFaults))]).toEqual([lang, theme]);
          }
        },
      );

      it('the keys, a hostile answer, a long one and none: no overlap and no cut text', async () => {
        const { page } = await open('accuracy', { lang: 'en' }, width);
        await seeAll(page);
        for (const choices of [
          { sample: '5' },
          { sample: '7', lang: 'zh' },
          { q: 'no answer has these words' },
        ]) {
          await choose(page, choices);
          await keep(page, `answers-${width}-${Object.values(choices)[0]!.slice(0, 2)}`);
          expect(await page.evaluate(layoutFaults)).toEqual([]);
        }
        for (const lang of ['en', 'zh']) {
          await choose(page, { lang });
          await page.keyboard.press('?');
          await page.locator('dialog[open]').waitFor();
          await keep(page, `keys-${width}-${lang}`);
          expect(await page.evaluate(layoutFaults)).toEqual([]);
          await page.keyboard.press('Escape');
        }
      });
    });
  },
);

const LOOKS = [
  ['en', 'light'],
  ['zh', 'light'],
  ['zh', 'dark'],
  ['en', 'dark'],
] as const;

/** As if the reader had chosen it; drawn when it resolves. */
async function choose(page: Page, choices: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate(async (hash) => {
    location.hash = hash;
    for (let frame = 0; frame < 4; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  }, new URLSearchParams(choices).toString());
}

function expectCards(key: string, cards: readonly string[]): void {
  const file = layoutOf(key);
  const known = JSON.parse(readFileSync(file, 'utf8'));
  if (process.env['UPDATE_LAYOUT'])
    writeFileSync(file, `${JSON.stringify({ ...known, [key]: cards }, null, 2)}\n`);
  else expect(cards).toEqual(known[key]);
}

/** Heights depend on fonts; which cards there are, in which order, where each begins and how wide it is does not. */
function cardsOf(): string[] {
  return [...document.querySelectorAll('.card')].map((card) => {
    const { left, width } = card.getBoundingClientRect();
    const section = card.closest('section')?.id ?? '';
    return `${section}: ${card.querySelector('h3')?.textContent ?? ''} @${Math.round(left)} ${Math.round(width)}`;
  });
}

async function keep(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
