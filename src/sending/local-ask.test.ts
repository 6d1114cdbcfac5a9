import { describe, expect, it } from 'vitest';
import { localOptions, localPlan, Parrot } from '../../test/support/sample-local.ts';
import { sampleSource } from '../../test/support/sample-source.ts';
import type { LocalModelPlan } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { RunRecord, Transcript } from '../contract/record.ts';
import { RunControl } from './control.ts';
import { localAsk } from './local-batch.ts';
import { runTask } from './run-task.ts';
import type { TaskSamples } from './shape.ts';

async function run(
  count: number,
  model: Parrot,
  plan: Partial<LocalModelPlan> = {},
  control = new RunControl(),
  records: RunRecord[] = [],
) {
  const local = localPlan(plan);
  const source: TaskSamples = { ...sampleSource(count), model: local };
  const clock = () => performance.now();
  const ask = localAsk(model, local, { clock, signal: control.signal });
  const transcripts: Transcript[] = [];
  const sink = {
    record: (record: RunRecord) => void records.push(record),
    transcript: (one: Transcript) => void transcripts.push(one),
  };
  const progress = { total: count, done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
  const answerer = { clock, open: () => ({ ask, release: () => {} }) };
  const outcome = await runTask(source, answerer, sink, control, progress);
  return { outcome, records, transcripts, progress };
}

const parrot = () => new Parrot(localOptions());

describe('a load on a local model', () => {
  it('comes in batches of batch_size, in the order of the rows', async () => {
    const model = parrot();
    const { outcome } = await run(8, model);
    expect(outcome).toEqual({ planned: 8, sent: 8, stopped: undefined });
    expect(model.batches.map(({ prompts }) => prompts.map((prompt) => Number(prompt.slice(9))))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ]);
  });

  it('gives each prompt a record with the times of its batch, and its text', async () => {
    const { records, transcripts } = await run(5, parrot());
    expect(records.map(({ call }) => call.index)).toEqual([0, 1, 2, 3, 4]);
    for (const record of records) {
      expect(record).toMatchObject({ outcome: 'ok', attempt: 1, streamed: false });
      expect(record).not.toHaveProperty('outputTokens');
    }
    const times = records.map(({ times: { sent, done } }) => `${sent} ${done}`);
    expect(new Set(times.slice(0, 3)).size).toBe(1);
    expect(new Set(times).size).toBe(2);
    expect(transcripts.map(({ content, gold }) => [content, gold])).toContainEqual([
      'said question 4',
      'question 4',
    ]);
  });

  it('counts tokens where the class can', async () => {
    class Counting extends Parrot {
      override getTokenLen(text: string): number {
        return text.split(' ').length;
      }
    }
    const { records, progress } = await run(2, new Counting(localOptions()));
    expect(records[0]).toMatchObject({
      inputTokens: { value: 2, source: 'tokenizer' },
      outputTokens: { value: 3, source: 'tokenizer' },
    });
    expect(progress.outputTokens).toBe(6);
  });

  it('takes counts and reasons that come with an answer', async () => {
    class Telling extends Parrot {
      override async generate() {
        return [{ text: 'yes', inputTokens: 5, outputTokens: 1, finishReason: 'stop' }, 'no'];
      }
    }
    const { records, transcripts } = await run(2, new Telling(localOptions()));
    expect(records[0]).toMatchObject({
      inputTokens: { value: 5, source: 'token-ids' },
      outputTokens: { value: 1, source: 'token-ids' },
      finishReason: 'stop',
    });
    expect(records[1]).not.toHaveProperty('outputTokens');
    expect(transcripts.map(({ content, finishReason }) => [content, finishReason])).toEqual([
      ['yes', 'stop'],
      ['no', undefined],
    ]);
  });

  it('ends where the model is lost, with the records so far', async () => {
    class Dying extends Parrot {
      override async generate(...given: Parameters<Parrot['generate']>) {
        if (this.batches.length === 1)
          throw new AisBenchError('MODEL-RUN-001', 'it is gone', { cure: 'buy' });
        return super.generate(...given);
      }
    }
    const model = new Dying(localOptions());
    const kept: RunRecord[] = [];
    await expect(run(30, model, {}, new RunControl(), kept)).rejects.toMatchObject({ code: 'MODEL-RUN-001' });
    expect(kept.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'failed', 'failed', 'failed']);
    expect(kept[3]).toMatchObject({ failure: { kind: 'model-bug', message: 'generate threw: it is gone' } });
  });

  it('fails the prompts of a batch that throws, and no others', async () => {
    class Fragile extends Parrot {
      override async generate(...given: Parameters<Parrot['generate']>) {
        if (given[0].includes('question 4')) throw new Error('out of memory');
        return super.generate(...given);
      }
    }
    const { records, transcripts, progress } = await run(9, new Fragile(localOptions()));
    expect(records.map(({ outcome }) => outcome).join(' ')).toBe('ok ok ok failed failed failed ok ok ok');
    expect(records[3]).toMatchObject({
      failure: { kind: 'model-bug', message: 'generate threw: out of memory' },
    });
    expect(transcripts[3]).toMatchObject({ success: false, content: '', failure: { kind: 'model-bug' } });
    expect(progress).toMatchObject({ done: 9, failed: 3 });
  });

  it('fails the prompts whose tokens cannot be counted', async () => {
    class Innumerate extends Parrot {
      override getTokenLen(): number {
        throw new Error('no tokenizer');
      }
    }
    const { records } = await run(1, new Innumerate(localOptions()));
    expect(records[0]).toMatchObject({
      failure: { kind: 'model-bug', message: 'getTokenLen threw: no tokenizer' },
    });
  });

  it('is given up when nothing ever succeeds', async () => {
    class Broken extends Parrot {
      override async generate(): Promise<readonly string[]> {
        throw new Error('no');
      }
    }
    expect((await run(90, new Broken(localOptions()))).outcome).toEqual({
      planned: 90,
      sent: 21,
      stopped: 'gave-up',
    });
  });

  it('ends after the batch that is being answered, or at once', async () => {
    const control = new RunControl();
    class Slow extends Parrot {
      override async generate(...given: Parameters<Parrot['generate']>) {
        if (this.batches.length === 1) control.drain();
        return super.generate(...given);
      }
    }
    expect((await run(30, new Slow(localOptions()), {}, control)).outcome).toMatchObject({
      sent: 6,
      stopped: 'interrupted',
    });
    const stopped = new RunControl();
    class Stuck extends Parrot {
      override generate(): Promise<readonly string[]> {
        stopped.abort();
        return new Promise(() => {});
      }
    }
    const { records } = await run(30, new Stuck(localOptions()), {}, stopped);
    expect(records.map((record) => record.outcome === 'failed' && record.failure.kind)).toEqual(
      Array(3).fill('cancelled'),
    );
  });
});
