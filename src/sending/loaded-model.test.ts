import { expect, it } from 'vitest';
import { localClass, localOptions, localPlan, Parrot } from '../../test/support/sample-local.ts';
import { RunControl } from './control.ts';
import { LoadedModel } from './local-model.ts';

/** What happened to models, in order. */
const events: string[] = [];

class Loading extends Parrot {
  override async load() {
    events.push(`load ${this.options.path}`);
  }
  override async close() {
    events.push(`close ${this.options.path}`);
    if (this.options['fails']) throw new Error('stuck');
  }
}

const planOf = (path: string, more: object = {}) =>
  localPlan({ ...localClass(Loading), options: localOptions({ path, ...more }) });

it('stays as long as the same one is asked for, and another takes its place when it is gone', async () => {
  events.length = 0;
  const warnings: string[] = [];
  const listener = { warned: (text: string) => warnings.push(text) };
  const loaded = new LoadedModel({ base: '', control: new RunControl(), listener });
  const first = await loaded.open(planOf('a'));
  expect(await loaded.open({ ...planOf('a'), abbr: 'another name' })).toBe(first);
  await loaded.open(planOf('a', { batchSize: 7 }));
  await loaded.open(planOf('b', { fails: true }));
  await loaded.close();
  await loaded.close();
  expect(events).toEqual(['load a', 'close a', 'load a', 'close a', 'load b', 'close b']);
  expect(warnings).toEqual(['local: close threw: stuck']);
});

it('is none where it cannot be loaded, and is tried again', async () => {
  let isBroken = true;
  class Broken extends Parrot {
    override async load() {
      if (isBroken) throw new Error('no weights');
    }
  }
  const loaded = new LoadedModel({ base: '', control: new RunControl(), listener: { warned: () => {} } });
  const plan = localPlan(localClass(Broken));
  await expect(loaded.open(plan)).rejects.toMatchObject({ code: 'MODEL-IMPL-004' });
  isBroken = false;
  expect(await loaded.open(plan)).toBeInstanceOf(Broken);
});
