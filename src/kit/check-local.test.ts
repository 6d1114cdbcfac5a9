import { expect, it } from 'vitest';
import { localClass, localPlan, Parrot } from '../../test/support/sample-local.ts';
import { checkLocal } from './check-local.ts';

const codesOf = async (modelClass: typeof Parrot) => {
  const options = { base: '', signal: new AbortController().signal };
  const { findings } = await checkLocal(localPlan(localClass(modelClass)), 8, options);
  return findings.map(({ code }) => code);
};

it('finds nothing in a model that answers', async () => {
  expect(await codesOf(Parrot)).toEqual([]);
});

it('finds an empty answer, and a model that cannot be closed', async () => {
  class Silent extends Parrot {
    override async generate(inputs: readonly unknown[]): Promise<any> {
      return inputs.map(() => '');
    }
    override async close() {
      throw new Error('busy');
    }
  }
  expect(await codesOf(Silent)).toEqual(['CLOSE-FAILED', 'EMPTY-ANSWER']);
});
