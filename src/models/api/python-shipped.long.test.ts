/** The classes that the Python package ships are those of this folder: same bodies, and the same out of every recorded reply. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isStream, recordingsOf } from '../../../test/support/recordings.ts';
import type { APIModelOptions, BaseAPIModel } from '../../contract/base-api-model.ts';
import { RequestOutput } from '../../contract/output.ts';
import type { PromptType } from '../../contract/prompt-list.ts';
import { modelOptions, replay } from '../../testing/index.ts';
import { MindieStreamApi } from './mindie-stream-api.ts';
import { pythonAPIModelClass } from './python-api-model.ts';
import { TGICustomAPI } from './tgi-custom-api.ts';
import { TritonCustomAPI } from './triton-custom-api.ts';
import { VITAGenerateAPI } from './vita-generate-api.ts';
import { VLLMCustomAPI } from './vllm-custom-api.ts';
import { VLLMCustomAPIChat } from './vllm-custom-api-chat.ts';
import { VLLMCustomAPIOld } from './vllm-custom-api-old.ts';

const CLASSES = {
  VLLMCustomAPI,
  VLLMCustomAPIChat,
  VLLMCustomAPIOld,
  TGICustomAPI,
  TritonCustomAPI,
  MindieStreamApi,
  VITAGenerateAPI,
};
type Name = keyof typeof CLASSES;
const NAMES = Object.keys(CLASSES) as Name[];

/** Where recordings of a class's protocol were requested. */
const RECORDED: readonly (readonly [Name, readonly string[], RegExp])[] = [
  ['VLLMCustomAPI', ['vllm'], /^\/v1\/completions/],
  ['VLLMCustomAPIChat', ['vllm', 'vllm-tools'], /^\/v1\/chat\/completions/],
  ['TGICustomAPI', ['tgi'], /^\/generate/],
  ['TritonCustomAPI', ['triton'], /\/generate/],
];

let folder = '';
const open: BaseAPIModel[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ais-bench-shipped-'));
  const heirs = NAMES.map((name) => `class My${name}(models.${name}):\n    pass\n`);
  writeFileSync(join(folder, 'heirs.py'), `from ais_bench.benchmark import models\n\n${heirs.join('\n')}`);
});
afterAll(async () => {
  await Promise.all(open.map((model) => model.close?.()));
  rmSync(folder, { recursive: true });
});

/** Both classes with the same options. */
function pair(name: Name, given: Partial<APIModelOptions>) {
  const options = modelOptions({
    generationKwargs: { temperature: 0.5, top_p: 1 },
    ...(name === 'TritonCustomAPI' ? { parametersAt: 'top_level' } : {}),
    ...given,
  });
  const { extraOptions } = CLASSES[name] as { readonly extraOptions: readonly string[] };
  const place = { file: join(folder, 'heirs.py'), name: `My${name}`, folder, extraOptions };
  const Heir = pythonAPIModelClass({ ...place, parsesText: true, parsesStream: true, scoresPrompts: true });
  const python = new Heir(options);
  open.push(python);
  return { ours: new CLASSES[name](options) as BaseAPIModel, python };
}

const ARGS = { index: 3, repetition: 0, conversationId: 'c', turn: 0 };
const PROMPTS: readonly PromptType[] = [
  'Hello',
  [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello', name: 'n' },
    { role: 'assistant', content: 'Hi' },
    { role: 'user', content: '2 + 2?' },
  ],
];

describe.each(NAMES)('%s in Python', (name) => {
  it.each([true, false])('requests the same, stream: %s', async (stream) => {
    const { ours, python } = pair(name, { stream, url: 'http://there/v1/' });
    for (const prompt of PROMPTS) {
      for (const more of [{}, { adapter: 'a' }, { fixedLength: true }]) {
        if (more.adapter !== undefined && (name === 'TritonCustomAPI' || name === 'VLLMCustomAPIOld'))
          continue;
        const args = { ...ARGS, ...more };
        const bodyOf = async (model: BaseAPIModel) => {
          const body: object = (await model.getRequestBody(prompt, 7, new RequestOutput(), args)) as object;
          return { ...body, ...('id' in body ? { id: 'its own' } : {}) };
        };
        expect(await bodyOf(python)).toEqual(await bodyOf(ours));
        expect(python.getUrl(args)).toBe(ours.getUrl(args));
      }
    }
  });
});

describe.each(RECORDED)('%s in Python, recordings of %j', (name, servers, path) => {
  it('reads the same', async () => {
    const pairs = new Map([true, false].map((stream) => [stream, pair(name, { stream })]));
    const recordings = recordingsOf(servers, path);
    expect(recordings.length).toBeGreaterThan(5);
    for (const recording of recordings) {
      const { ours, python } = pairs.get(isStream(recording))!;
      const [expected, found] = [await replay(ours, recording), await replay(python, recording)];
      const told = ({ output, failure, kinds }: typeof expected) => ({
        content: output.content,
        reasoningContent: output.reasoningContent,
        toolCalls: output.toolCalls,
        inputTokens: output.inputTokens,
        outputTokens: output.outputTokens,
        finishReason: output.finishReason,
        details: output.extraDetailsData,
        failure: failure?.kind,
        kinds,
      });
      expect({ of: recording.request?.path, ...told(found) }).toEqual({
        of: recording.request?.path,
        ...told(expected),
      });
    }
  });
});

it('reads the log probabilities of a prompt as the shipped classes do', async () => {
  for (const [name, given] of [
    ['VLLMCustomAPI', {}],
    ['VLLMCustomAPI', { pplMethod: 'echo' }],
    ['VLLMCustomAPIChat', {}],
  ] as const) {
    const { ours, python } = pair(name, given);
    let compared = 0;
    for (const { body } of recordingsOf(['vllm'], /v1/)) {
      let data: any;
      try {
        data = JSON.parse(Buffer.from(body).toString('utf8'));
      } catch {
        continue;
      }
      if (data?.choices === undefined) continue;
      const expected = await ours.getPromptLogprobs!(data);
      if (expected.length > 0) compared += 1;
      expect(await python.getPromptLogprobs!(data)).toEqual(expected);
    }
    expect(compared).toBeGreaterThan(0);
    const args = { ...ARGS };
    expect(await python.getPplRequestBody!('Hi', new RequestOutput(), args)).toEqual(
      JSON.parse(JSON.stringify(await ours.getPplRequestBody!('Hi', new RequestOutput(), args))),
    );
  }
});
