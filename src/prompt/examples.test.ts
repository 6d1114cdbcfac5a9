import { describe, expect, it } from 'vitest';
import { retrieveExamples } from './examples.ts';

const train = [{ q: 'a' }, { q: 'b' }, { q: 'c' }];

describe('retrieveExamples', () => {
  it('gives the listed rows in the listed order, also twice', () => {
    expect(retrieveExamples({ type: 'FixKRetriever', fix_id_list: [2, 0, 2] }, train)).toEqual([
      { q: 'c' },
      { q: 'a' },
      { q: 'c' },
    ]);
  });

  it('gives none for ZeroRetriever, which needs no train rows', () => {
    expect(retrieveExamples({ type: 'ZeroRetriever' }, [])).toEqual([]);
  });

  it.each([3, -1, 1.5, '1', null])('refuses row %j', (id) => {
    expect(() => retrieveExamples({ type: 'FixKRetriever', fix_id_list: [id] }, train)).toThrow(
      expect.objectContaining({ code: 'ICLR-PARAM-004', cure: expect.stringContaining('0 to 2') }),
    );
  });

  it('names the file when there are no train rows', () => {
    expect(() => retrieveExamples({ type: 'FixKRetriever', fix_id_list: [0] }, [])).toThrow(
      expect.objectContaining({ code: 'ICLR-PARAM-004', cure: expect.stringContaining('train.jsonl') }),
    );
  });

  it('refuses a missing list and an unknown retriever', () => {
    expect(() => retrieveExamples({ type: 'FixKRetriever' }, train)).toThrow(
      expect.objectContaining({ code: 'ICLR-PARAM-004' }),
    );
    expect(() => retrieveExamples({ type: 'BM25Retriever' }, train)).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-003' }),
    );
  });
});
