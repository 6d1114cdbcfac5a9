import assert from 'node:assert/strict';
import type { BaseAPIModel } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import { PAYLOAD_KINDS } from '../contract/record.ts';
import type { RecordedReply } from './recorded-reply.ts';
import { eventEnds, range, splitOffsets, usageIn, withInserted } from './recorded-stream.ts';
import { type Replayed, type ReplayOptions, replay } from './replay.ts';
import { type Check, modelOptions, type ServiceModelSpec } from './service-model-spec.ts';

/** A recorded stream and the way to put (changed copies of) it through the model. */
interface StreamUnderTest {
  readonly recording: RecordedReply;
  model(): BaseAPIModel;
  run(body: Uint8Array, options?: ReplayOptions): Promise<Replayed>;
}

/** What must hold for the recorded stream of a service model. */
export function streamChecks(spec: ServiceModelSpec): Check[] {
  const { stream: recording, usage } = spec.recordings;
  if (recording === undefined) return [];
  const model = () => spec.create(modelOptions({ stream: true }));
  const stream: StreamUnderTest = {
    recording,
    model,
    run: (body, options) => replay(model(), { status: 200, body }, { ...spec, ...options }),
  };
  const counts = usage?.stream ?? usageIn(recording.body);
  return [
    {
      name: 'reads the recorded stream, with the server’s token counts',
      run: async () => {
        const { failure, output } = await stream.run(recording.body);
        assert.equal(failure, undefined);
        assert.deepEqual(
          [output.inputTokens, output.outputTokens],
          [counts.inputTokens, counts.outputTokens],
        );
      },
    },
    {
      name: 'every byte split of the stream gives the same output and events',
      run: () => checkSplits(stream),
    },
    { name: 'an event without payload is not a first token', run: () => checkFirstToken(stream) },
    { name: 'an error inside the stream fails the request', run: () => checkErrorInside(stream) },
    { name: 'a stream that breaks off fails the request', run: () => checkBrokenOff(stream) },
  ];
}

async function checkSplits({ recording: { body }, run }: StreamUnderTest): Promise<void> {
  const expected = summaryOf(await run(body));
  for (const offset of splitOffsets(body)) {
    assert.deepEqual(
      summaryOf(await run(body, { splits: [offset] })),
      expected,
      `cut in two at byte ${offset}`,
    );
  }
  const everyByte = await run(body, { splits: range(1, body.length) });
  assert.deepEqual(summaryOf(everyByte), expected, 'one byte at a time');
}

/** Looks at the output right before and right after the event that counts as the first token. */
async function checkFirstToken({ recording: { body }, run }: StreamUnderTest): Promise<void> {
  const { kinds } = await run(body);
  const first = kinds.findIndex((kind) => PAYLOAD_KINDS.has(kind));
  assert.notEqual(first, -1, 'no event of the recorded stream brought any payload');
  const ends = eventEnds(body);
  const before = await run(body, { breakAt: ends[first - 1] ?? 0 });
  assert.equal(payloadOf(before.output), '', 'payload came before the first payload event');
  const after = await run(body, { breakAt: ends[first] as number });
  assert.notEqual(
    payloadOf(after.output),
    '',
    `event ${first} counts as the first token but brought no payload`,
  );
}

async function checkErrorInside({ recording: { body }, run }: StreamUnderTest): Promise<void> {
  const ends = eventEnds(body);
  const errors = [
    'data: {"error":{"message":"out of luck 4711","code":500}}\n\n',
    'event: error\ndata: {"message":"out of luck 4711"}\n\n',
  ];
  for (const offset of [0, ends[Math.floor((ends.length - 1) / 2)] as number]) {
    for (const error of errors) {
      for (const keepRest of [true, false]) {
        const { failure } = await run(withInserted(body, offset, error, { keepRest }));
        assert.equal(failure?.kind, 'server-error', `an error at byte ${offset} came to ${failure?.kind}`);
        assert.match(failure?.message ?? '', /out of luck 4711/);
      }
    }
  }
}

async function checkBrokenOff({ recording: { body }, run, model }: StreamUnderTest): Promise<void> {
  const ends = eventEnds(body);
  const lastEventStart = ends.at(-2) ?? 0;
  for (const breakAt of splitOffsets(body).filter((offset) => offset <= lastEventStart)) {
    const { failure } = await run(body, { breakAt });
    assert.ok(failure, `the connection broke at byte ${breakAt}, and nothing failed`);
  }
  if (model().streamIsComplete === undefined) return;
  const half = body.subarray(0, ends[Math.floor((ends.length - 1) / 2)]);
  const { failure } = await run(half);
  assert.equal(failure?.kind, 'truncated', 'half a stream that ended cleanly passed for a whole one');
}

function payloadOf({ content, reasoningContent, toolCalls }: RequestOutput): string {
  return content + reasoningContent + toolCalls.map((call) => call.arguments).join('');
}

function summaryOf({ output, kinds, failure }: Replayed): object {
  return { output: { ...output }, kinds, failure };
}
