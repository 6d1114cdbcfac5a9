/** What `renderPage` put into the page, read back. */
import { unpacked } from '../../src/report/page/codec.ts';

/** The block of that id; undefined where the page has none. */
async function block(id: string): Promise<unknown> {
  const element = document.getElementById(id);
  if (element === null) return undefined;
  const text = element.textContent ?? '';
  // The text is not needed any more, and it can be most of the page's memory.
  element.remove();
  const stream = new Blob([fromBase64(text)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return unpacked(new Uint8Array(await new Response(stream).arrayBuffer()));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let n = 0; n < binary.length; n++) bytes[n] = binary.charCodeAt(n);
  return bytes;
}

/** Kind and payload of the page. */
export async function readPage(): Promise<{ readonly kind: string; readonly payload: unknown }> {
  const page = await block('payload');
  if (page === undefined) throw new Error('this file holds no data: it is the empty viewer');
  return page as { kind: string; payload: unknown };
}

const attachments = new Map<string, Promise<unknown>>();

/** An attachment of the page by its name; unpacked when it is first asked for. */
export function readAttachment<T>(name: string): Promise<T> {
  const known = attachments.get(name) ?? block(`attachment-${name}`);
  attachments.set(name, known);
  return known as Promise<T>;
}
