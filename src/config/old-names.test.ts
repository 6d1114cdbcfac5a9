import { expect, it } from 'vitest';
import { catalog } from '../catalog.ts';
import { scopedText } from '../contract/finding.ts';
import { oldFields, oldNames, underPresentName } from './old-names.ts';
import type { RawEntry } from './validate.ts';

const entryOf = (values: RawEntry['values']): RawEntry => ({
  ...{ values, label: 'models.0', overridden: {}, where: () => 'c.py' },
});

it.each([
  ['VLLMCustomAPIStream', 'VLLMCustomAPI', true],
  ['VLLMCustomAPIChatStream', 'VLLMCustomAPIChat', true],
  ['TGICustomAPIStream', 'TGICustomAPI', true],
  ['TritonCustomAPIStream', 'TritonCustomAPI', true],
  ['VllmMultiturnAPIChatStream', 'VLLMCustomAPIChat', true],
  ['VLLMFunctionCallAPIChat', 'VLLMCustomAPIChat', false],
])('%s is %s with stream: %s', (type, name, stream) => {
  const entry = entryOf({ type, abbr: 'm', stream: !stream, custom_client: 1 });
  const { values } = underPresentName(entry, {});
  expect(values).toMatchObject({ type: name, abbr: 'm', stream });
  expect('custom_client' in values).toBe(type !== 'VllmMultiturnAPIChatStream');
  expect(Object.keys(catalog.models)).toContain(name);
  expect(oldNames([entry, entry], {}).map((one) => scopedText(one))).toEqual([
    `${type} is an old name: ${name} with stream: ${stream} is used`,
  ]);
});

it('a class of one’s own keeps its name, and so does every other', () => {
  const entry = entryOf({ type: 'VLLMCustomAPIStream' });
  const own = { ownNames: () => ['VLLMCustomAPIStream'] } as never;
  expect(underPresentName(entry, { own })).toBe(entry);
  expect(oldNames([entry], { own })).toEqual([]);
  for (const type of ['VLLMCustomAPI', 'toString', 5]) {
    const other = entryOf({ type });
    expect(underPresentName(other, {})).toBe(other);
  }
});

it('old fields of a service say nothing, unless its class takes them', () => {
  const values = {
    attr: 'service',
    max_seq_len: 4096,
    rpm_verbose: true,
    query_per_second: 1,
    max_out_len: 5,
  };
  expect(oldFields(values, { rpmVerbose: true }).map((one) => scopedText(one))).toEqual([
    'max_seq_len has no effect: only older versions of AISBench have this field',
    'query_per_second has no effect: it is a field of older versions of AISBench, and request_rate is its present name',
  ]);
});
