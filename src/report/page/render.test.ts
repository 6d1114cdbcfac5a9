import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Column, unpacked } from './codec.ts';
import { renderPage } from './render.ts';

const TEMPLATE = `<meta content="default-src 'none'; connect-src 'none'"><title>empty</title><!--data--><script>viewer</script>`;

function read(page: string, id: string): unknown {
  const data = new RegExp(`id="${id}">([A-Za-z0-9+/=]*)</script>`).exec(page)![1]!;
  return unpacked(inflateRawSync(Buffer.from(data, 'base64')));
}

describe('renderPage', () => {
  it('puts kind, payload and attachments into the viewer', () => {
    const page = renderPage(TEMPLATE, {
      kind: 'run',
      title: 'a run',
      payload: { n: 1, column: new Column([1, 2]) },
      attachments: { samples: { answer: '</script><script>alert(1)</script>' } },
    });
    expect(page).toContain('<title>a run</title>');
    expect(read(page, 'payload')).toEqual({ kind: 'run', payload: { n: 1, column: Float64Array.of(1, 2) } });
    expect(read(page, 'attachment-samples')).toEqual({ answer: '</script><script>alert(1)</script>' });
    expect(page.match(/<script/g)).toHaveLength(3);
  });

  it('lets nothing of the title be HTML, and masks it', () => {
    const page = renderPage(
      TEMPLATE,
      { kind: 'run', title: '</title><script>$& secret', payload: { text: 'a secret' } },
      (text) => text.replaceAll('secret', '***'),
    );
    expect(page).toContain('<title>&#60;/title&#62;&#60;script&#62;$&#38; ***</title>');
    expect(read(page, 'payload')).toEqual({ kind: 'run', payload: { text: 'a ***' } });
  });

  it('allows a live page its own server, and other pages nothing', () => {
    const policy = (kind: 'live' | 'run') => renderPage(TEMPLATE, { kind, title: '', payload: {} });
    expect(policy('live')).toContain("connect-src 'self'");
    expect(policy('run')).toContain("connect-src 'none'");
  });

  it('refuses what is not the viewer', () => {
    expect(() => renderPage('<html>', { kind: 'run', title: '', payload: {} })).toThrow(
      'not the built viewer',
    );
  });
});
