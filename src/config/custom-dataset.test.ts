import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { catalog } from '../catalog.ts';
import { CustomDataset, inspectCustomFile } from '../dataset/builtin/custom.ts';
import { promptRenderer } from '../prompt/render.ts';
import type { RunFlags } from './flags.ts';
import { customDataset, resolveDataset } from './resolve-dataset.ts';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-custom-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const flags = (own: Partial<RunFlags>) => ({ datasets: [], ...own }) as unknown as RunFlags;

const found = (own: Partial<RunFlags>) => customDataset(flags(own), folder, inspectCustomFile);

/** The first prompt of a file, and the config that it got. */
async function prompted(own: Partial<RunFlags>) {
  const plan = await resolveDataset((await found(own))!, catalog, folder);
  const { config, params, abbr } = plan;
  const { test } = await CustomDataset.load({ path: config.path, roots: [], params });
  const render = promptRenderer(config.infer_cfg, config.reader_cfg, undefined, []);
  return { abbr, config, prompt: render(test[0]!) };
}

describe('--custom-dataset-path', () => {
  it('asks multiple choice with its options, and scores it by them', async () => {
    const path = file('pick.v1.csv', 'question,A,B,C,answer\nWhich?,one,two,three,B\n');
    const { abbr, config, prompt } = await prompted({ customDatasetPath: path });
    expect(abbr).toBe('pick');
    expect(prompt).toBe('Question: Which?\nA. one\nB. two\nC. three\nAnswer: ');
    expect(config.eval_cfg?.evaluator).toEqual({ type: 'OptionSimAccEvaluator', options: 'ABC' });
  });

  it('asks questions, and scores those that have answers', async () => {
    const path = file('qa.jsonl', '{"question": "2+2?", "answer": "4", "A": "x", "B": "y"}');
    const { config, prompt } = await prompted({ customDatasetPath: path, customDatasetDataType: 'qa' });
    expect(prompt).toBe('Question: 2+2?\nAnswer: ');
    expect(config.eval_cfg?.evaluator.type).toBe('AccEvaluator');
    const open = await prompted({ customDatasetPath: file('open.jsonl', '{"question": "Hello?"}') });
    expect(open.prompt).toBe('Question: Hello?\nAnswer: ');
    expect(open.config.eval_cfg).toBeUndefined();
  });

  it('is nothing beside --datasets, and its other flags are nothing without it', async () => {
    expect(await found({ datasets: ['x'], customDatasetPath: 'y' })).toBeUndefined();
    expect(await found({})).toBeUndefined();
    await expect(found({ customDatasetMetaPath: 'x' })).rejects.toThrow(
      expect.objectContaining({ code: 'TMAN-CMD-001' }),
    );
    await expect(found({ customDatasetPath: join(folder, 'no.csv') })).rejects.toThrow(
      expect.objectContaining({ code: 'DSET-FILE-001' }),
    );
  });
});
