import { describe, expect, it } from 'vitest';
import { localClass, localPlan, Parrot } from '../../test/support/sample-local.ts';
import { closeLocal, openLocal } from './local-model.ts';

const never = new AbortController().signal;

function aborted(): AbortSignal {
  const controller = new AbortController();
  controller.abort();
  return controller.signal;
}

class Loading extends Parrot {
  state = 'new';
  override async load() {
    this.state = 'loaded';
  }
  override async close() {
    this.state = 'closed';
  }
}

describe('a local model', () => {
  it('is made with frozen options, loaded and closed', async () => {
    const plan = localPlan(localClass(Loading));
    const model = (await openLocal(plan, '', never)) as Loading;
    expect(Object.isFrozen(model.options)).toBe(true);
    expect(model.state).toBe('loaded');
    expect(await closeLocal(plan, model, never)).toBeUndefined();
    expect(model.state).toBe('closed');
  });

  it('may have neither load nor close', async () => {
    const model = await openLocal(localPlan(), '', never);
    expect(await closeLocal(localPlan(), model!, never)).toBeUndefined();
  });

  it('that cannot be loaded is told with the method, the place and the path', async () => {
    class NoWeights extends Parrot {
      override async load() {
        throw new Error('no such file: weights');
      }
    }
    await expect(openLocal(localPlan(localClass(NoWeights)), '', never)).rejects.toMatchObject({
      code: 'MODEL-IMPL-004',
      message: "NoWeights's load threw: no such file: weights",
      where: expect.stringMatching(/local-model\.test\.ts:\d+$/),
      cure: "correct it, or the config's path (weights)",
    });
  });

  it('whose loading is interrupted is none, and nothing is thrown', async () => {
    class Endless extends Parrot {
      override load(): Promise<void> {
        return new Promise(() => {});
      }
    }
    expect(await openLocal(localPlan(localClass(Endless)), '', aborted())).toBeUndefined();
  });

  it('that throws while it is closed is told, and takes nothing from the results', async () => {
    class Sticky extends Parrot {
      override async close() {
        throw new Error('still busy');
      }
    }
    const plan = localPlan(localClass(Sticky));
    const model = await openLocal(plan, '', never);
    expect(await closeLocal(plan, model!, never)).toBe('local: close threw: still busy');
  });
});
