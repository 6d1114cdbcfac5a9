import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../../../test/e2e/support.ts';
import { zipOf } from '../../../test/support/zip-of.ts';
import { AALCRDataset } from './long-context.ts';

const HEAD =
  'document_category,document_set_id,question_id,question,answer,data_source_filenames,data_source_urls,input_tokens\n';
const CSV = `${HEAD}Letters,post,1,"Who, of both, signed?",Ben,b.txt;a.txt,,9\nLetters,post,2,Where?,At home,a.txt,,5\n`;
const DOCUMENTS = {
  'lcr/Letters/post/a.txt': 'From home.\n',
  'lcr/Letters/post/b.txt': '\ufeff Signed, Ben. ',
};

const packed = (place = 'extracted_text') => ({
  [join('aa_lcr', place, 'AA-LCR_extracted-text.zip')]: zipOf(DOCUMENTS),
});
const unpacked = (place = '') =>
  Object.fromEntries(Object.entries(DOCUMENTS).map(([path, text]) => [join('aa_lcr', place, path), text]));

function rootWith(files: Readonly<Record<string, string | Buffer>>, csv = CSV): string {
  const root = emptyFolder();
  for (const [path, content] of Object.entries({ 'aa_lcr/AA-LCR_Dataset.csv': csv, ...files })) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const load = (root: string, path = '') => AALCRDataset.load({ path, roots: [root], params: {} });

describe('AALCRDataset', () => {
  it.each([
    ['packed', packed(), ''],
    ['packed beside the questions', packed(''), 'ais_bench/datasets/aa_lcr'],
    [
      'packed, by the path of the archive',
      packed(),
      'ais_bench/datasets/aa_lcr/extracted_text/AA-LCR_extracted-text.zip',
    ],
    ['unpacked', unpacked(), ''],
    ['unpacked below extracted_text', unpacked('extracted_text'), 'ais_bench/datasets/aa_lcr'],
  ])('puts the documents before their question, in the order of the row: %s', async (_, files, path) => {
    const { test } = await load(rootWith(files), path);
    expect(test).toHaveLength(2);
    const [first, second] = test;
    expect(first).toMatchObject({ question: 'Who, of both, signed?', answers: 'Ben', question_id: '1' });
    expect(String(first!['input'])).toMatch(
      /Document 1 ===\nSigned, Ben\.\n[\s\S]*Document 2 ===\nFrom home\.\n[\s\S]*signed\?$/,
    );
    expect(String(second!['input'])).not.toContain('Signed');
    expect(AALCRDataset.source!(first!)).toBe(AALCRDataset.source!(second!));
  });

  it.each([
    ['no questions', {}, undefined, 'AA-LCR_Dataset.csv'],
    ['no documents', {}, CSV, 'AA-LCR_extracted-text.zip'],
  ])('says what is missing: %s', async (_, files, csv, named) => {
    const root = csv === undefined ? emptyFolder() : rootWith(files, csv);
    await expect(load(root)).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      message: expect.stringContaining(named),
      cure: expect.stringContaining('ArtificialAnalysis/AA-LCR'),
    });
  });

  it.each([
    ['a document that is not there', 'Letters,post,1,Q?,A,c.txt,,9', "'Letters/post/c.txt' is not there"],
    ['a row without documents', 'Letters,post,1,Q?,A,;,,9', 'names no document'],
  ])('refuses %s', async (_, row, what) => {
    for (const files of [packed(), unpacked()])
      await expect(load(rootWith(files, `${HEAD}${row}\n`))).rejects.toMatchObject({
        code: 'DSET-DATA-002',
        message: expect.stringContaining(what),
        where: expect.stringContaining('AA-LCR_Dataset.csv:2'),
      });
  });
});
