import { describe, expect, it } from 'vitest';
import { runFake } from '../../test/support/fake-ask.ts';
import { localClass, localPlan, Parrot } from '../../test/support/sample-local.ts';
import {
  type Answering,
  reply,
  sampleClass,
  sampleDataset,
  sampleOptions,
  samplePlan,
  sampleTarget,
  sampleWire,
} from '../../test/support/sample-source.ts';
import { BaseAPIModel, type RequestArgs } from '../contract/base-api-model.ts';
import type { PromptLoss } from '../contract/base-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { fakeClock } from '../testing/index.ts';
import { perplexity } from './inferencers.ts';
import { PromptScorer } from './prompt-scorer.ts';
import { sendRequest } from './send-request.ts';

class Scoring extends BaseAPIModel {
  getUrl(): string {
    return `${this.baseUrl}own`;
  }
  getRequestBody(): object {
    throw new Error('a plain body is not wanted here');
  }
  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = data.text;
    output.inputTokens = data.tokens;
    output.finishReason = data.finish;
  }
  override getPplRequestBody(input: PromptType, _output: RequestOutput, { index }: RequestArgs): object {
    return { score: input, index };
  }
  override getPromptLogprobs(data: any): readonly (number | null)[] {
    return data.logprobs;
  }
  override headers(): Record<string, string> {
    return { 'x-own': 'yes' };
  }
}

const dataset = sampleDataset({
  prompt_template: { template: { A: '{question} yes', B: '{question} no', C: '{question} {maybe}' } },
  inferencer: { type: 'PPLInferencer' },
});
const model = samplePlan(sampleClass(Scoring));
const shape = perplexity({ model, dataset, train: [] }, 'all');
const row = { question: 'Q', answer: 'B', maybe: 'maybe' };
const one = shape.makeRun({ index: 3, row }, 0);
const score = (loss: number) => ({ content: '', details: { loss, perplexity: Math.exp(loss), tokens: 4 } });

describe('a choice between labels', () => {
  it('is the label with the lowest perplexity; one transcript tells all', async () => {
    const losses = [2, 0.5, 3];
    const { asked, told } = await runFake(one, 100, (_call, n) => score(losses[n]!));
    expect(asked.map(({ call, due }) => [call.ref.label, call.prompt, due])).toEqual([
      ['A', 'Q yes', 100],
      ['B', 'Q no', 110],
      ['C', 'Q maybe', 120],
    ]);
    expect(told).toEqual([
      {
        call: { id: one.ref.id, model: 'model', dataset: 'data', index: 3, repetition: 0 },
        success: true,
        prompt: ['Q yes', 'Q no', 'Q maybe'],
        content: 'B',
        reasoningContent: '',
        toolCalls: [],
        gold: 'B',
        details: {
          ppl_list: [
            { label: 'A', loss: 2, perplexity: Math.exp(2), tokens: 4 },
            { label: 'B', loss: 0.5, perplexity: Math.exp(0.5), tokens: 4 },
            { label: 'C', loss: 3, perplexity: Math.exp(3), tokens: 4 },
          ],
        },
      },
    ]);
  });

  it('the first of equals is chosen', async () => {
    const { told } = await runFake(one, 0, () => score(1));
    expect(told[0]!.content).toBe('A');
  });

  it('fails with its first failed request, and keeps what was scored', async () => {
    const { asked, told } = await runFake(one, 0, (_call, n) => (n === 1 ? { fail: 'timeout' } : score(1)));
    expect(asked).toHaveLength(2);
    expect(told).toMatchObject([
      {
        success: false,
        content: '',
        gold: 'B',
        failure: { kind: 'timeout' },
        details: { ppl_list: [{ label: 'A' }] },
      },
    ]);
    expect(told[0]!.call).not.toHaveProperty('label');
  });

  it('of a run that is stopped is not told', async () => {
    const { told } = await runFake(one, 0, (_call, n) => (n === 1 ? undefined : score(1)));
    expect(told).toEqual([]);
  });

  it('makes a request for each label of the row', () => {
    expect(shape.countRequests(row)).toBe(3);
    expect(shape.countRequests({ ...row, maybe: null })).toBe(2);
    expect(() => shape.countRequests({ question: null, maybe: 'x' })).toThrow('a row leaves 0 of the labels');
  });
});

describe('what is refused before anything is sent', () => {
  const make = (plan: Parameters<typeof samplePlan>[0], mode: 'all' | 'perf' = 'all') =>
    perplexity({ model: samplePlan({ ...sampleClass(Scoring), ...plan }), dataset, train: [] }, mode);

  class Mute extends Scoring {}
  Object.defineProperty(Mute.prototype, 'getPromptLogprobs', { value: undefined });

  it.each([
    ['ICLI-PARAM-006', () => make({}, 'perf')],
    ['ICLI-PARAM-007', () => make({ options: sampleOptions({ stream: true }) })],
    ['ICLI-IMPL-008', () => make(samplePlan())],
    ['ICLI-IMPL-008', () => make(sampleClass(Mute))],
  ])('%s', (code, refused) => {
    expect(refused).toThrow(expect.objectContaining({ code, where: 'model × data' }));
  });

  it('a local model is asked that has getPpl', () => {
    const local = (modelClass: typeof Parrot) =>
      perplexity({ model: localPlan(localClass(modelClass)), dataset, train: [] }, 'all');
    class Scored extends Parrot {
      override async getPpl(): Promise<readonly PromptLoss[]> {
        return [];
      }
    }
    expect(local(Scored).countRequests(row)).toBe(3);
    expect(() => local(Parrot)).toThrow('Parrot has no getPpl, which PPLInferencer needs');
  });

  it('names the method that the class lacks', () => {
    expect(() => make(sampleClass(Mute))).toThrow('Mute has no getPromptLogprobs');
    expect(() => make(samplePlan())).toThrow('has no getPplRequestBody');
  });
});

describe('asking for the score of a prompt', () => {
  const clock = fakeClock();

  async function answer(body: unknown, first = one.first) {
    const answering: Answering = (sink) => reply(sink, clock, body);
    const wire = sampleWire(clock, answering);
    const target = { ...sampleTarget(), model: new Scoring(sampleOptions({ url: 'http://host/' })) };
    const { record, transcript } = await sendRequest(target, first, wire, { attempts: 3, scheduled: 0 });
    return { record: record as any, transcript, sent: wire.sent };
  }

  it("sends the class's own body to its own URL with its own headers, and keeps the server's counts", async () => {
    const { record, transcript, sent } = await answer({
      text: 'ignored',
      tokens: 5,
      finish: 'length',
      logprobs: [null, -1, -3],
    });
    expect(sent).toMatchObject([
      { url: 'http://host/own', headers: { 'x-own': 'yes' }, body: '{"score":"Q yes","index":3}' },
    ]);
    expect(record).toMatchObject({
      outcome: 'ok',
      streamed: false,
      inputTokens: { value: 5, source: 'server' },
      call: { label: 'A' },
    });
    expect(transcript).toMatchObject({ content: '2', details: { loss: 2, tokens: 2 } });
  });

  it.each([[[]], [[null]]])(
    'a reply with the log probabilities %j is a failure, asked once',
    async (logprobs) => {
      const { record, sent } = await answer({ text: 'x', tokens: 1, finish: 'stop', logprobs });
      expect(record).toMatchObject({
        outcome: 'failed',
        failure: { message: 'the reply holds no log probability of a prompt token' },
      });
      expect(sent).toHaveLength(1);
    },
  );

  it.each([
    [{ text: 'x', logprobs: ['-1'] }, 'getPromptLogprobs threw: "-1" is no log probability'],
    [{ text: 'x' }, 'getPromptLogprobs threw: '],
  ])('what the class makes of %j is its bug', async (body, message) => {
    const { record } = await answer(body);
    expect(record.failure).toMatchObject({ kind: 'model-bug', message: expect.stringContaining(message) });
  });

  it('a class that throws while it builds the body is named with the method', async () => {
    class Broken extends Scoring {
      override getPplRequestBody(): object {
        throw new Error('no idea');
      }
    }
    const scorer = new PromptScorer(new Broken(sampleOptions()));
    await expect(scorer.getRequestBody('x', 1, {} as RequestOutput, {} as RequestArgs)).rejects.toThrow(
      'getPplRequestBody threw: no idea',
    );
  });
});
