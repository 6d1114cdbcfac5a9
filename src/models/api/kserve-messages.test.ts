/** Messages of KServe's protocol, against protobufjs and against what a live Triton sent. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageType, plain } from '../../../test/support/kserve-server.ts';
import {
  decodeInferResponse,
  decodeInputs,
  decodeStreamResponse,
  encodeInferRequest,
  encodeMetadataRequest,
} from './kserve-messages.ts';

const encode = (type: string, value: object) =>
  Buffer.from(messageType(type).encode(messageType(type).fromObject(value)).finish());
const recorded = (name: string) => {
  const { replies, ...rest } = JSON.parse(readFileSync(`test/fixtures/triton-grpc/${name}.json`, 'utf8'));
  return { ...rest, replies: replies.map((base64: string) => Buffer.from(base64, 'base64')) };
};
const inputs = decodeInputs(recorded('metadata').replies[0]);

it('reads the inputs that Triton lists', () => {
  expect(Object.fromEntries(inputs)).toEqual({
    text_input: { datatype: 'BYTES', shape: [-1, 1] },
    max_tokens: { datatype: 'INT32', shape: [-1, 1] },
    stream: { datatype: 'BOOL', shape: [-1, 1] },
    temperature: { datatype: 'FP32', shape: [-1, 1] },
  });
  expect(plain('ModelMetadataRequest', encodeMetadataRequest('Modell'))).toEqual({ name: 'Modell' });
});

it('reads what Triton streams', () => {
  const { replies } = recorded('stream');
  const words = 'Der Zug nach Köln fährt um 8'.split(' ');
  expect(replies.map(decodeStreamResponse)).toEqual(
    words.map((word, n) => ({
      id: 'c0-0',
      model_name: 'smollm2',
      text_output: n === 0 ? word : ` ${word}`,
    })),
  );
  const [failed] = recorded('err_model_exception').replies.map(decodeStreamResponse);
  expect(failed.error).toContain('model blew up on purpose');
});

describe('a request', () => {
  const written = (body: object) => plain('ModelInferRequest', encodeInferRequest('m', { ...body }, inputs));

  it('has tensors where the model has such inputs, else parameters', () => {
    const body = { id: 'c0-0', text_input: 'Grüße', max_tokens: 5, stream: true, temperature: 0.5, seed: 7 };
    const parameters = { ignore_eos: true, top_p: 0.25, stop: 'x', bias: { a: 1 }, far: 2 ** 40, low: -3 };
    const message = written({ ...body, parameters });
    expect(message).toMatchObject({
      model_name: 'm',
      id: 'c0-0',
      parameters: {
        seed: { int64_param: 7 },
        ignore_eos: { bool_param: true },
        top_p: { double_param: 0.25 },
        stop: { string_param: 'x' },
        bias: { string_param: '{"a":1}' },
        far: { int64_param: 2 ** 40 },
        low: { int64_param: -3 },
      },
      inputs: [
        { name: 'text_input', datatype: 'BYTES', shape: [1, 1] },
        { name: 'max_tokens', datatype: 'INT32', shape: [1, 1] },
        { name: 'stream', datatype: 'BOOL', shape: [1, 1] },
        { name: 'temperature', datatype: 'FP32', shape: [1, 1] },
      ],
    });
    expect(message.raw_input_contents.map((raw: Buffer) => raw.toString('hex'))).toEqual([
      `07000000${Buffer.from('Grüße').toString('hex')}`,
      '05000000',
      '01',
      '0000003f',
    ]);
  });

  it('gives a list the size that may vary', () => {
    const own = new Map([['stop_words', { datatype: 'BYTES', shape: [-1, -1] }]]);
    const message = plain('ModelInferRequest', encodeInferRequest('m', { stop_words: ['a', 'bc'] }, own));
    expect(message.inputs).toEqual([{ name: 'stop_words', datatype: 'BYTES', shape: [1, 2] }]);
    expect(message.raw_input_contents[0].toString('latin1')).toBe('\x01\0\0\0a\x02\0\0\0bc');
  });

  it('leaves out what is not set', () => {
    expect(written({ text_input: 'a', seed: null, top_k: undefined })).not.toHaveProperty('parameters');
  });

  it('says which input a value does not fit', () => {
    expect(() => written({ max_tokens: 'five' })).toThrow(
      'the model\'s input max_tokens is of the type INT32, which "five" is not',
    );
  });
});

/** Types of outputs, with values that each holds exactly. */
const VALUES = {
  BYTES: fc.string({ unit: 'grapheme' }),
  BOOL: fc.boolean(),
  INT8: fc.integer({ min: -128, max: 127 }),
  UINT16: fc.integer({ min: 0, max: 65_535 }),
  INT32: fc.integer(),
  UINT32: fc.nat(),
  INT64: fc.maxSafeInteger(),
  FP32: fc.float({ noNaN: true }),
  FP64: fc.double({ noNaN: true }),
};

it('reads every type of output that protobufjs writes, and that its own requests hold', () => {
  const tensor = fc.constantFrom(...(Object.keys(VALUES) as (keyof typeof VALUES)[])).chain((datatype) =>
    fc.record({
      datatype: fc.constant(datatype),
      values: fc.array<unknown>(VALUES[datatype], { minLength: 1, maxLength: 3 }),
    }),
  );
  // `id` in a body is the request's own.
  const name = fc.stringMatching(/^[a-z_]{1,9}$/).filter((text) => text !== 'id');
  fc.assert(
    fc.property(fc.dictionary(name, tensor), fc.string(), (tensors, model) => {
      const specs = Object.entries(tensors).map(([name, { datatype, values }]) => ({
        name,
        datatype,
        shape: [1, values.length],
      }));
      const body = Object.fromEntries(Object.entries(tensors).map(([name, { values }]) => [name, values]));
      const request = encodeInferRequest(
        model,
        body,
        new Map(specs.map(({ name, ...spec }) => [name, spec])),
      );
      const { raw_input_contents } = plain('ModelInferRequest', request);
      const response = encode('ModelInferResponse', {
        model_name: model,
        outputs: specs,
        raw_output_contents: raw_input_contents,
      });
      const read = decodeInferResponse(response);
      for (const [name, { values }] of Object.entries(tensors))
        expect([read[name]].flat()).toEqual(values.map((value) => (Object.is(value, -0) ? -0 : value)));
    }),
  );
});

it('reads texts that a server wrote into their tensors', () => {
  const contents = { bytes_contents: [Buffer.from('Paris')] };
  const outputs = [{ name: 'text_output', datatype: 'BYTES', shape: [1], contents }];
  expect(decodeInferResponse(encode('ModelInferResponse', { outputs }))).toMatchObject({
    text_output: 'Paris',
  });
});

it('reads or refuses any bytes, and never hangs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      for (const read of [decodeStreamResponse, decodeInferResponse, decodeInputs]) {
        try {
          read(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }),
    { numRuns: 2000 },
  );
});
