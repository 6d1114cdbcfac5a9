/** One HTML file that holds the viewer and what it shows. */

import { existsSync, readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { shipped } from '../../basics/package-folder.ts';
import { packed } from './codec.ts';

/** Which view the page opens. */
type PageKind = 'run' | 'compare' | 'sweep' | 'live';

export interface Page {
  readonly kind: PageKind;
  /** Of the browser's tab. */
  readonly title: string;
  /** Plain data and `Column`s; the view of this kind knows its type. */
  readonly payload: object;
  /** What the view reads only when it is asked for, by name: the texts of samples. */
  readonly attachments?: Readonly<Record<string, object>>;
}

/** The viewer as it is built: `viewer/index.html` with scripts and styles inside and these two marks. */
const TITLE = /<title>[^<]*<\/title>/;
const DATA = '<!--data-->';

/**
 * Puts a page's data into the built viewer. `mask` takes secrets out of every text. The result makes no request of any kind: its
 * policy forbids that, except for a live page, which listens to the server that it came from.
 * Throws an Error for a text that is not the built viewer.
 */
export function renderPage(template: string, page: Page, mask?: (text: string) => string): string {
  if (!template.includes(DATA)) throw new Error('this is not the built viewer: it has no place for data');
  const { kind, title, payload, attachments = {} } = page;
  const block = (id: string, value: object) =>
    `<script type="application/octet-stream" id="${id}">${deflateRawSync(packed(value, mask)).toString('base64')}</script>`;
  const blocks = [
    block('payload', { kind, payload }),
    ...Object.entries(attachments).map(([name, value]) => block(`attachment-${name}`, value)),
  ];
  const policy = kind === 'live' ? template.replace("connect-src 'none'", "connect-src 'self'") : template;
  // Functions, because `$&` in a replacement text means something.
  return policy
    .replace(TITLE, () => `<title>${escaped(mask === undefined ? title : mask(title))}</title>`)
    .replace(DATA, () => blocks.join('\n'));
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** The built viewer (`viewer/`); undefined where it was not built. */
export function pageTemplate(): string | undefined {
  const file = shipped('dist/viewer/page.html');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** What a live page knows before it is told anything. */
export interface LivePage {
  /** Name of the run's folder. */
  readonly name: string;
  readonly version: string;
}
