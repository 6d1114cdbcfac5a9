import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadPart } from '../load-class.ts';
import type { Catalog } from './catalog.ts';
import { loadConfig } from './load.ts';
import { loadContext } from './places.ts';
import { arrivalPart, datasetParts } from './resolve-parts.ts';
import type { RawEntry } from './validate.ts';

const grade = () => ({ credit: 1 });
const shipped: Catalog = {
  ...{ models: {}, datasets: {}, predPostprocessors: {}, datasetPostprocessors: {} },
  evaluators: { AccEvaluator: 1 },
};

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'ais-bench-parts-')));
  onTestFinished(() => rmSync(base, { recursive: true }));
});

function entry(values: Readonly<Record<string, unknown>>, more: Partial<RawEntry> = {}): RawEntry {
  return { values, label: 'x.0', overridden: {}, where: (keys) => `f.yaml:${keys.join('.')}`, ...more };
}

const dataset = (inferencer: unknown, evaluator: unknown = 'AccEvaluator') =>
  entry({
    infer_cfg: { retriever: { type: 'R' }, inferencer: { type: inferencer, more: 1 } },
    eval_cfg: { evaluator: { type: evaluator } },
  });

const FILE = `export const mine = async () => ({ prediction: '' });
export const Graded = { name: 'Graded', grade: () => ({ credit: 1 }) };
export const text = 'x';`;

describe('an inferencer or evaluator', () => {
  it('that ships, or is not there, leaves the entry as it is', async () => {
    for (const one of [dataset('GenInferencer'), entry({ infer_cfg: {} }), dataset(undefined, null)])
      expect(await datasetParts(one, shipped, base)).toEqual({ entry: one, refs: {} });
  });

  it('of a file is named by its export, and is found beside the config before the folder', async () => {
    writeFileSync(join(base, 'parts.ts'), FILE);
    const found = await datasetParts(dataset('./parts.ts:mine', 'parts.ts:Graded'), shipped, base);
    expect(found.entry.values).toMatchObject({
      infer_cfg: { retriever: { type: 'R' }, inferencer: { type: 'mine', more: 1 } },
      eval_cfg: { evaluator: { type: 'Graded' } },
    });
    const { inferencer, evaluator } = found.refs;
    expect(inferencer).toMatchObject({ module: './parts.ts', export: 'mine', name: 'mine' });
    expect(evaluator).toMatchObject({ module: './parts.ts', export: 'Graded' });
    expect(await loadPart(evaluator!, base)).toMatchObject({ name: 'Graded' });
    const beside = { ...dataset('../parts.ts:mine'), file: join(base, 'configs/x.yaml') };
    expect((await datasetParts(beside, shipped, base)).refs.inferencer).toEqual(inferencer);
  });

  it('of a plugin keeps the name that it has there', async () => {
    const plugins = {
      find: (kind: string, name: string) =>
        kind === 'evaluators' && name === 'Graded'
          ? { value: { name: 'another', grade }, place: { module: './p.ts', export: 'evaluators.Graded' } }
          : undefined,
      names: () => ['Graded'],
    };
    const { refs, entry: named } = await datasetParts(
      dataset('GenInferencer', 'Graded'),
      { ...shipped, plugins },
      base,
    );
    expect(refs.evaluator!.name).toBe('Graded');
    expect(named.values['eval_cfg']).toEqual({ evaluator: { type: 'Graded' } });
    const missing = datasetParts(dataset('GenInferencer', 'Gradd'), { ...shipped, plugins }, base);
    await expect(missing).rejects.toMatchObject({
      ...{ code: 'UTILS-CFG-003', where: 'f.yaml:eval_cfg.evaluator.type', cure: 'did you mean "Graded"?' },
    });
  });

  it('that a config holds is loaded from the config, and one that a program holds in this process alone', async () => {
    const text = `export const datasets = [{ infer_cfg: { inferencer: { type: async () => ({ prediction: '' }) } } }];
export const models = [{ traffic_cfg: { arrival: () => [1] } }];`;
    writeFileSync(join(base, 'run.ts'), text);
    const { values } = await loadConfig(join(base, 'run.ts'), loadContext(base));
    const [held] = values['datasets'] as Record<string, unknown>[];
    const { refs, entry: named } = await datasetParts(entry(held!), shipped, base);
    const place = { module: './run.ts', export: 'datasets.0.infer_cfg.inferencer.type', name: 'inferencer' };
    expect(refs.inferencer).toMatchObject(place);
    expect(named.values['infer_cfg']).toEqual({ inferencer: { type: 'inferencer' } });
    const [model] = values['models'] as Record<string, unknown>[];
    const { ref } = await arrivalPart(entry(model!), shipped, base);
    expect(ref).toMatchObject({ module: './run.ts', export: 'models.0.traffic_cfg.arrival' });
    const inline = await datasetParts(
      dataset(async () => ({ prediction: '' })),
      shipped,
      base,
    );
    expect(inline.refs.inferencer).toMatchObject({ module: 'inline' });
    expect(JSON.stringify(inline.entry.values)).toMatch(/"type":"inferencer \(\d+\)"/);
  });

  it.each([
    ['Genn', 'AccEvaluator', 'there is no inferencer "Genn"'],
    [3, 'AccEvaluator', 'this is no inferencer'],
    ['./none.ts:x', 'AccEvaluator', 'there is no file "./none.ts"'],
    ['./parts.ts:text', 'AccEvaluator', '"./parts.ts" exports no inferencer "text"'],
    ['GenInferencer', { name: 'x' }, 'this is no evaluator'],
  ])('%j with %j is refused', async (inferencer, evaluator, message) => {
    writeFileSync(join(base, 'parts.ts'), FILE);
    await expect(datasetParts(dataset(inferencer, evaluator), shipped, base)).rejects.toThrow(message);
  });
});

describe('an arrival', () => {
  const model = (arrival: unknown, more: Partial<RawEntry> = {}) => entry({ traffic_cfg: { arrival } }, more);

  it('that ships stays; one that no one has is refused where it was given', async () => {
    const one = model('poisson');
    expect(await arrivalPart(one, shipped, base)).toEqual({ entry: one });
    const flagged = model('poison', { overridden: { traffic_cfg: '--arrival' } });
    await expect(arrivalPart(flagged, shipped, base)).rejects.toMatchObject({
      ...{ code: 'UTILS-CFG-003', where: '--arrival', cure: 'did you mean "poisson"?' },
    });
  });
});
