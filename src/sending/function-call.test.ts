import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sampleDataset, samplePlan } from '../../test/support/sample-source.ts';
import type { PromptList } from '../contract/prompt-list.ts';
import { BFCLDataset } from '../dataset/builtin/instructions.ts';
import { functionCall } from './single.ts';

const path = fileURLToPath(new URL('../../test/fixtures/bfcl', import.meta.url));
const { test } = await BFCLDataset.load({ path, roots: [], params: { category: 'parallel_multiple' } });

const dataset = {
  ...sampleDataset({
    prompt_template: { template: 'You have {functions}' },
    inferencer: { type: 'BFCLV3FunctionCallInferencer' },
  }),
  type: BFCLDataset,
};

const firstOf = (sendsTools: boolean, index: number) =>
  functionCall({ model: samplePlan({ sendsTools }), dataset, train: [] }).makeRun(
    { index, row: test[index]! },
    0,
  ).first;

describe('functions that may be called', () => {
  it('go as tools where the model takes them', () => {
    const { prompt, tools, gold } = firstOf(true, 0);
    expect(prompt).toEqual(test[0]!['messages']);
    expect(tools).toHaveLength(2);
    expect(gold).toMatchObject({ asked: 'tools', category: 'parallel_multiple' });
  });

  it('are written in a system message elsewhere, before one that is there', () => {
    const { prompt, tools, gold } = firstOf(false, 0);
    const [system, user] = prompt as PromptList;
    expect(system!.role).toBe('system');
    expect(system!.content).toMatch(/^You have \[\{'name': 'kitchen.boil'/);
    expect(user).toEqual((test[0]!['messages'] as unknown[])[0]);
    expect(tools).toBeUndefined();
    expect(gold).toMatchObject({ asked: 'text' });
    const [both, ...rest] = firstOf(false, 1).prompt as PromptList;
    expect(both!.content).toMatch(/^You have [\s\S]*\n\nBe brief\.$/);
    expect(rest).toEqual((test[1]!['messages'] as unknown[]).slice(1));
  });

  it('ways to ask are other cases; a row without a dialogue is refused', () => {
    expect(firstOf(true, 0).ref.id).not.toBe(firstOf(false, 0).ref.id);
    const shape = functionCall({ model: samplePlan(), dataset, train: [] });
    expect(() => shape.makeRun({ index: 4, row: { functions: '' } }, 0)).toThrow(
      /no dialogue in its column messages/,
    );
  });
});
