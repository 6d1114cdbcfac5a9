import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pythonTexts } from './texts.ts';

const python = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!python)('reads every list of texts as Python writes it', () => {
  const lists = fc.sample(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), 300);
  const script = 'import json, sys\nprint(json.dumps([repr(one) for one in json.load(sys.stdin)]))';
  const { stdout } = spawnSync('python3', ['-c', script], { input: JSON.stringify(lists), encoding: 'utf8' });
  expect((JSON.parse(stdout) as string[]).map(pythonTexts)).toEqual(lists);
});

it.each([
  [`['a', "b's", 3, -1.5]`, ['a', "b's", '3', '-1.5']],
  [`['x\\'y', '\\x41\\u00e9\\n\\d',]`, ["x'y", 'Aé\n\\d']],
  ['[]', []],
  ["('a', 'b')", ['a', 'b']],
  [' [ 1 ] ', ['1']],
])('reads %s', (text, wanted) => {
  expect(pythonTexts(text)).toEqual(wanted);
});

it.each(["['a'", "'a'", "['a' 'b']", "[['a']]", '[a]', '', "['a'] + x]", "['a\n']"])(
  'does not read %s',
  (text) => {
    expect(pythonTexts(text)).toBeUndefined();
  },
);
