import { describe, expect, it } from 'vitest';
import { sampleClass, samplePlan } from '../../test/support/sample-source.ts';
import { scopedText } from '../contract/finding.ts';
import { RequestOutput } from '../contract/output.ts';
import { TGICustomAPI } from '../models/api/tgi-custom-api.ts';
import { VLLMCustomAPI } from '../models/api/vllm-custom-api.ts';
import { VLLMCustomAPIChat } from '../models/api/vllm-custom-api-chat.ts';
import { fixedLengthOf, lengthFindings } from './inferencers.ts';
import { requestArgs } from './model-request.ts';

const ref = { id: 'x', model: 'm', dataset: 'd', index: 0, repetition: 0 };
const wanted = { ignore_eos: true };

describe('an answer of exactly its limit', () => {
  it.each([VLLMCustomAPI, VLLMCustomAPIChat])('is asked for where the class can: %o', (modelClass) => {
    const plan = samplePlan(sampleClass(modelClass));
    const args = requestArgs(
      { ref, prompt: 'p', maxOutLen: 7, gold: 0, ...fixedLengthOf(wanted, plan) },
      undefined,
    );
    const options = { ...plan.options, model: 'x' };
    const body = (own: Readonly<Record<string, unknown>>) =>
      new modelClass({ ...options, generationKwargs: own }).getRequestBody('p', 7, new RequestOutput(), args);
    expect(body({})).toMatchObject({ max_tokens: 7, min_tokens: 7, ignore_eos: true });
    expect(body({ ignore_eos: false })).toMatchObject({ ignore_eos: false });
    expect(lengthFindings([wanted], plan)).toEqual([]);
    expect(fixedLengthOf({}, plan)).toEqual({});
  });

  it('is not asked for where it cannot, which is said', () => {
    const plan = samplePlan(sampleClass(TGICustomAPI));
    expect(fixedLengthOf(wanted, plan)).toEqual({});
    expect(lengthFindings([wanted], plan).map((one) => scopedText(one))).toEqual([
      'TGICustomAPI cannot ask for answers of an exact length: they may end before max_out_len',
    ]);
    expect(lengthFindings([{}], plan)).toEqual([]);
  });
});
