import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testLocalModel } from '../../testing/index.ts';
import { pythonModelClass } from './worker-model.ts';

const file = fileURLToPath(new URL('../../../test/support/python/guide_models.py', import.meta.url));
const Repeater = pythonModelClass({ file, name: 'Repeater', folder: dirname(file) });

describe('a local model in Python', () => {
  testLocalModel(it, { create: (options) => new Repeater(options), options: { path: 'weights' } });
});

it('has the name of its class', () => {
  expect(Repeater.name).toBe('Repeater');
});
