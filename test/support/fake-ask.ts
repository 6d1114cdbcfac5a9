/** Asking without a service: what shapes of cases are tested with. */
import type { FailedRecord, FailureKind, Transcript } from '../../src/contract/record.ts';
import { failedTranscript, type ModelRequest, type SendRequest } from '../../src/sending/model-request.ts';
import type { SampleRun } from '../../src/sending/shape.ts';
import { sampleAnswer, sampleFailure } from './sample-record.ts';

/** What a fake service says to call `n`, from 0: an answer, details beside it, a failure, or nothing more is sent. */
type Reply =
  | string
  | { readonly content: string; readonly reasoning?: string; readonly details?: Transcript['details'] }
  | { readonly fail: FailureKind }
  | undefined;

interface Asked {
  readonly call: ModelRequest;
  readonly due: number;
}

/** Every request takes 10 ms from when it is due. */
export async function runFake(
  one: SampleRun,
  scheduled: number,
  reply: (call: ModelRequest, n: number) => Reply,
) {
  const asked: Asked[] = [];
  const told: Transcript[] = [];
  let now = scheduled;
  const ask: SendRequest = async (call, due) => {
    const said = reply(call, asked.length);
    if (said === undefined) return undefined;
    asked.push({ call, due });
    now = due + 10;
    const times = { scheduled: due, sent: due, done: due + 10 };
    if (typeof said === 'object' && 'fail' in said) {
      const failure = { kind: said.fail, message: 'broken' };
      return {
        record: { ...sampleFailure(failure, times), call: call.ref },
        transcript: failedTranscript(call, failure),
      };
    }
    const { content, reasoning = '', details } = typeof said === 'string' ? { content: said } : said;
    const transcript = {
      ...failedTranscript(call, { kind: 'connect', message: '' }),
      success: true,
      content,
      reasoningContent: reasoning,
      ...(details === undefined ? {} : { details }),
    };
    delete (transcript as { failure?: unknown }).failure;
    return { record: { ...sampleAnswer(times), call: call.ref }, transcript };
  };
  const failed: FailedRecord[] = [];
  const context = { clock: () => now, fail: (record: FailedRecord) => void failed.push(record) };
  await one.run(scheduled, ask, (transcript) => told.push(transcript), context);
  return { asked, told, failed };
}
