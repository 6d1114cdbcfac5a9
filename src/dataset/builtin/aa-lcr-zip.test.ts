import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../../../test/support/zip-of.ts';
import { openZip } from './long-context.ts';

describe('a ZIP archive', () => {
  it('gives back its files, deflated or stored', () => {
    const files = fc.dictionary(
      fc
        .string({ unit: fc.constantFrom('a', 'é', '/', ' ', '—'), minLength: 1 })
        .map((name) => `${name}.txt`),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(files, fc.boolean(), (wanted, stored) => {
        const zip = openZip(zipOf(wanted, { stored }), 'f.zip');
        expect([...zip.names].sort()).toEqual(Object.keys(wanted).sort());
        for (const [name, content] of Object.entries(wanted))
          expect(zip.read(name)!.toString('utf8')).toBe(content);
        expect(zip.read('not there')).toBeUndefined();
      }),
    );
  });

  it('knows a name by its composed form, however it was written', () => {
    const zip = openZip(zipOf({ ['e\u0301.txt']: 'x' }), 'f.zip');
    expect(zip.names).toEqual(['\u00e9.txt']);
    expect(zip.read('e\u0301.txt')!.toString()).toBe('x');
  });

  it('is refused, or read, wherever it was cut or changed: nothing else happens', () => {
    const whole = zipOf({ 'a/b.txt': 'text '.repeat(50), 'c.txt': 'more' });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
        const bytes = isCut ? whole.subarray(0, at) : Buffer.from(whole);
        if (!isCut) bytes[at] = byte;
        try {
          const zip = openZip(bytes, 'f.zip');
          for (const name of zip.names) zip.read(name);
        } catch (error) {
          expect(error).toMatchObject({ code: 'DSET-DATA-002', where: expect.stringContaining('f.zip') });
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([[''], ['PK'], ['no archive at all']])('is none of %j', (text) => {
    expect(() => openZip(Buffer.from(text), 'f.zip')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('no ZIP archive') }),
    );
  });
});

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

it.skipIf(!hasPython)("is read as Python's zipfile writes it (skipped without python3)", () => {
  const script = `
import io, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.comment = b"a comment"
    archive.mkdir("lcr") if hasattr(archive, "mkdir") else None
    archive.writestr("lcr/a/caf\\u00e9.txt", "text " * 1000)
    archive.writestr("lcr/b.txt", "", zipfile.ZIP_STORED)
sys.stdout.buffer.write(out.getvalue())
`;
  const { stdout } = spawnSync('python3', ['-c', script]);
  const zip = openZip(stdout, 'f.zip');
  expect(zip.names).toEqual(['lcr/a/café.txt', 'lcr/b.txt']);
  expect(zip.read('lcr/a/café.txt')!.toString()).toBe('text '.repeat(1000));
  expect(zip.read('lcr/b.txt')!.length).toBe(0);
});
