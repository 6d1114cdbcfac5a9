import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
// @ts-expect-error: a config that is shipped as JavaScript
import { entry } from '../../../configs/datasets/BFCL/_bfcl.js';
import { BFCLDataset } from './instructions.ts';

const fixtures = fileURLToPath(new URL('../../../test/fixtures/bfcl', import.meta.url));

const load = (category: unknown, path = fixtures) =>
  BFCLDataset.load({ path, roots: [], params: { category } });

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-bfcl-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('rows of BFCL', () => {
  it('show functions as Python does, and as JSON Schema to services', async () => {
    const { test } = await load('parallel_multiple');
    expect(test).toHaveLength(2);
    const [row] = test as [Record<string, any>];
    expect(row['messages']).toEqual([{ role: 'user', content: expect.stringContaining('two litres') }]);
    expect(row['functions']).toContain(
      "'litres': {'type': 'float', 'description': 'How much water.', 'default': 1.0}",
    );
    expect(row['functions']).toContain(
      "[{'name': 'kitchen.boil', 'description': 'Boils water in a pot. (Written in Python 3 syntax.)'",
    );
    const [boil, timer] = row['tools'] as [any, any];
    expect(boil.function).toMatchObject({
      name: 'kitchen_boil',
      parameters: {
        type: 'object',
        required: ['litres'],
        properties: { litres: { type: 'number', format: 'float' }, salt: { type: 'boolean' } },
      },
    });
    expect(timer.function.parameters.properties).toMatchObject({
      minutes: { type: 'integer' },
      labels: { type: 'array', items: { type: 'string' } },
      sound: { type: 'object', properties: { level: { type: 'integer' } } },
    });
  });

  it('are those that test_ids names, in its order', async () => {
    const all = (await load('parallel_multiple')).test.map(({ id }) => id);
    const some = (test_ids: unknown) =>
      BFCLDataset.load({ path: fixtures, roots: [], params: { category: 'parallel_multiple', test_ids } });
    expect((await some([all[1]])).test.map(({ id }) => id)).toEqual([all[1]]);
    expect((await some([])).test).toHaveLength(2);
    await expect(some(['none'])).rejects.toMatchObject({ message: expect.stringContaining("no row 'none'") });
    await expect(some('all')).rejects.toMatchObject({ code: 'UTILS-CFG-002' });
  });

  it('have the system message that the shipped configs make of their functions', async () => {
    const [row] = (await load('parallel_multiple')).test;
    const { template } = entry('parallel_multiple').infer_cfg.prompt_template;
    expect(row!['system_prompt']).toBe(template.replace('{functions}', () => String(row!['functions'])));
  });

  it('keep what scoring needs, the right answer as it is written', async () => {
    const { test } = await load('parallel_multiple');
    const reference = BFCLDataset.reference!(test[0]!) as Record<string, any>;
    expect(reference['category']).toBe('parallel_multiple');
    expect(reference['answer']).toContain('"litres": [2.0]');
    expect(reference['functions'][1]).toEqual({
      name: 'set_timer',
      required: ['minutes'],
      parameters: [
        { name: 'minutes', type: 'integer' },
        { name: 'labels', type: 'array', items: 'string' },
        { name: 'sound', type: 'dict' },
      ],
    });
    const [one] = (await load('irrelevance')).test;
    expect(BFCLDataset.reference!(one!)).not.toHaveProperty('answer');
  });

  it('ask Java and JavaScript for texts that hold the literals; the types for scoring stay', async () => {
    const [row] = (await load('java')).test as [Record<string, any>];
    const { properties } = row['tools'][0].function.parameters;
    expect(properties.items).toEqual({
      type: 'string',
      description:
        'The list. Give a string that holds a Java 8 value of the type ArrayList with items of the type String.',
    });
    expect(row['reference'].functions[0].parameters[0]).toEqual({
      name: 'items',
      type: 'ArrayList',
      items: 'String',
    });
  });

  it('are refused in one sentence where something is wrong', async () => {
    await expect(load('paralel')).rejects.toThrow(/category: there is no "paralel"/);
    await expect(load(undefined)).rejects.toMatchObject({ cure: expect.stringContaining('live_simple') });
    await expect(load('simple')).rejects.toThrow(
      /no BFCL_v3_simple.json and possible_answer\/BFCL_v3_simple.json/,
    );
    const file = (text: string) => folderWith({ 'BFCL_v3_irrelevance.json': text });
    await expect(load('irrelevance', file('{"id": 1}'))).rejects.toThrow(/no text in column 'id'/);
    await expect(load('irrelevance', file('\n{"id": "a", }'))).rejects.toMatchObject({
      where: expect.stringMatching(/irrelevance.json:2$/),
    });
    const turns = '{"id": "a", "question": [[], []], "function": []}';
    await expect(load('irrelevance', file(turns))).rejects.toThrow(/has not one turn/);
    const bare = '{"id": "a", "question": [[]], "function": [{"name": "f"}]}';
    await expect(load('irrelevance', file(bare))).rejects.toThrow(/no table of parameters/);
  });
});
