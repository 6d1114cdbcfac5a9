/**
 * The few messages of KServe's v2 protocol over gRPC that text generation needs, between bytes and the JSON that Triton's `generate` takes
 * and gives. Field numbers: `grpc_service.proto` of Triton; how they are written: https://protobuf.dev/programming-guides/encoding/
 */

/** Type and shape of a model's input; -1 in the shape stands for any size. */
export interface TensorSpec {
  readonly datatype: string;
  readonly shape: readonly number[];
}

/** Writes a ModelMetadataRequest. */
export function encodeMetadataRequest(model: string): Buffer {
  return bytesField(1, model);
}

/** Reads the model's inputs from a ModelMetadataResponse. */
export function decodeInputs(metadata: Buffer): ReadonlyMap<string, TensorSpec> {
  const inputs = listOf(fieldsOf(metadata), 4).map(readTensor);
  return new Map(inputs.map(({ name, datatype, shape }) => [name, { datatype, shape }]));
}

/**
 * Writes a ModelInferRequest. A key of the body that is an input of the model becomes a tensor; every other one, and what
 * `parameters` holds, a parameter of the request.
 */
export function encodeInferRequest(
  model: string,
  { id, parameters, ...body }: Readonly<Record<string, unknown>>,
  inputs: ReadonlyMap<string, TensorSpec>,
): Buffer {
  const given = Object.entries(body).filter(([, value]) => value !== undefined && value !== null);
  const tensors = given.flatMap(([name, value]) => {
    const spec = inputs.get(name);
    return spec === undefined ? [] : [{ name, ...spec, values: [value].flat(Number.POSITIVE_INFINITY) }];
  });
  const others = [...given.filter(([name]) => !inputs.has(name)), ...Object.entries(parameters ?? {})];
  return Buffer.concat([
    bytesField(1, model),
    bytesField(3, String(id ?? '')),
    ...others.map(([name, value]) =>
      bytesField(4, Buffer.concat([bytesField(1, name), bytesField(2, encodeParameter(value))])),
    ),
    ...tensors.map(({ name, datatype, shape, values }) =>
      bytesField(
        5,
        Buffer.concat([
          bytesField(1, name),
          bytesField(2, datatype),
          bytesField(3, Buffer.concat(fitShape(shape, values.length).map(varint))),
        ]),
      ),
    ),
    ...tensors.map(({ name, datatype, values }) =>
      bytesField(7, Buffer.concat(values.map((value) => encodeElement(name, datatype, value)))),
    ),
  ]);
}

/** Reads a ModelInferResponse into `{ model_name, text_output, … }`: each output under its name, a list where it has several values. */
export function decodeInferResponse(bytes: Buffer): Record<string, unknown> {
  const fields = fieldsOf(bytes);
  const raw = listOf(fields, 6);
  const outputs = listOf(fields, 5).map((output, n) => {
    const { name, datatype, contents } = readTensor(output);
    // Triton writes the values beside their tensors, other servers into them.
    const values = raw[n] === undefined ? listOf(contents, 8).map(String) : decodeElements(datatype, raw[n]);
    return [name, values.length === 1 ? values[0] : values];
  });
  const id = textOf(fields, 3);
  return { ...(id === '' ? {} : { id }), model_name: textOf(fields, 1), ...Object.fromEntries(outputs) };
}

/** Reads a ModelStreamInferResponse: `{ error }`, or what `decodeInferResponse` returns. */
export function decodeStreamResponse(bytes: Buffer): Record<string, unknown> {
  const fields = fieldsOf(bytes);
  const error = textOf(fields, 1);
  return error === '' ? decodeInferResponse(listOf(fields, 2)[0] ?? Buffer.alloc(0)) : { error };
}

/** The last size that may vary is that of the list; any other is that of a batch of one request. */
function fitShape(shape: readonly number[], count: number): number[] {
  const last = count === 1 ? -1 : shape.lastIndexOf(-1);
  return shape.map((size, n) => (size !== -1 ? size : n === last ? count : 1));
}

/** A tensor in a message, with the values that it holds itself, if any. */
interface Tensor extends TensorSpec {
  readonly name: string;
  readonly contents: MessageFields;
}

function readTensor(bytes: Buffer): Tensor {
  const fields = fieldsOf(bytes);
  const shape = (fields.get(3) ?? []).flatMap((sizes) =>
    typeof sizes === 'number' ? [sizes] : readVarints(sizes),
  );
  const contents = fieldsOf(listOf(fields, 5)[0] ?? Buffer.alloc(0));
  return { name: textOf(fields, 1), datatype: textOf(fields, 2), shape: shape.map(toSigned), contents };
}

/** A whole number, any other number, a truth value, or a text; anything else as JSON. */
function encodeParameter(value: unknown): Buffer {
  if (typeof value === 'boolean') return Buffer.concat([varint(tag(1, VARINT)), varint(value ? 1 : 0)]);
  if (Number.isSafeInteger(value)) return Buffer.concat([varint(tag(2, VARINT)), varint(value as number)]);
  if (typeof value === 'number')
    return Buffer.concat([varint(tag(4, FIXED64)), encodeElement('', 'FP64', value)]);
  return bytesField(3, typeof value === 'string' ? value : JSON.stringify(value));
}

/** How values of a type are written and read: bytes of each, and the methods of DataView for them. */
const ELEMENTS = {
  INT8: [1, 'Int8'],
  UINT8: [1, 'Uint8'],
  INT16: [2, 'Int16'],
  UINT16: [2, 'Uint16'],
  INT32: [4, 'Int32'],
  UINT32: [4, 'Uint32'],
  INT64: [8, 'BigInt64'],
  UINT64: [8, 'BigUint64'],
  FP32: [4, 'Float32'],
  FP64: [8, 'Float64'],
} as const;

function encodeElement(name: string, datatype: string, value: unknown): Buffer {
  if (datatype === 'BYTES') {
    const text = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
    return Buffer.concat([encodeElement(name, 'UINT32', text.length), text]);
  }
  if (datatype === 'BOOL') return Buffer.of(value === true ? 1 : 0);
  const [size, method] = ELEMENTS[datatype as keyof typeof ELEMENTS] ?? [];
  if (size === undefined || typeof value !== 'number') {
    throw new TypeError(
      `the model's input ${name} is of the type ${datatype}, which ${JSON.stringify(value)} is not`,
    );
  }
  const view = new DataView(new ArrayBuffer(size));
  const written = method.startsWith('Big') ? BigInt(Math.round(value)) : value;
  view[`set${method}`](0, written as never, true);
  return Buffer.from(view.buffer);
}

function decodeElements(datatype: string, raw: Buffer): unknown[] {
  const values: unknown[] = [];
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const [size, method] =
    datatype === 'BOOL' ? ELEMENTS.UINT8 : (ELEMENTS[datatype as keyof typeof ELEMENTS] ?? []);
  for (let at = 0; at < raw.length; ) {
    if (size !== undefined) {
      const value = view[`get${method}`](at, true);
      values.push(datatype === 'BOOL' ? value !== 0 : Number(value));
      at += size;
    } else {
      const length = datatype === 'BYTES' ? view.getUint32(at, true) : raw.length;
      values.push(raw.toString('utf8', at + 4, at + 4 + length));
      at += 4 + length;
    }
  }
  return values;
}

/** Kinds of fields. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** Values of a message by field number, in order. */
type MessageFields = ReadonlyMap<number, readonly (number | Buffer)[]>;

function tag(field: number, kind: number): number {
  return field * 8 + kind;
}

function bytesField(field: number, value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint(tag(field, LENGTH)), varint(bytes.length), bytes]);
}

/** Seven bits a byte, lowest first; a negative number is written as 64 bits. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  return Buffer.from([...bytes, Number(left)]);
}

function readVarint(bytes: Buffer, from: number): [value: number, next: number] {
  let value = 0;
  for (let at = from, scale = 1; at < bytes.length && at < from + 10; at += 1, scale *= 128) {
    const byte = bytes[at]!;
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at + 1];
  }
  throw new RangeError('a message of the service ends inside a number');
}

function readVarints(bytes: Buffer): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [value, next] = readVarint(bytes, at);
    values.push(value);
    at = next;
  }
  return values;
}

/** Only -1 is ever negative here. */
function toSigned(value: number): number {
  return value >= 2 ** 63 ? -1 : value;
}

function fieldsOf(bytes: Buffer): MessageFields {
  const fields = new Map<number, (number | Buffer)[]>();
  for (let at = 0; at < bytes.length; ) {
    const [key, start] = readVarint(bytes, at);
    const kind = key % 8;
    const [value, next] = kind === VARINT ? readVarint(bytes, start) : readBytes(bytes, kind, start);
    const field = Math.floor(key / 8);
    const values = fields.get(field);
    if (values === undefined) fields.set(field, [value]);
    else values.push(value);
    at = next;
  }
  return fields;
}

function readBytes(bytes: Buffer, kind: number, from: number): [value: Buffer, next: number] {
  const [length, start] =
    kind === LENGTH
      ? readVarint(bytes, from)
      : [kind === FIXED64 ? 8 : kind === FIXED32 ? 4 : Number.NaN, from];
  const end = start + length;
  if (!(end <= bytes.length)) throw new RangeError('a message of the service is no protocol buffer');
  return [bytes.subarray(start, end), end];
}

function listOf(fields: MessageFields, field: number): Buffer[] {
  return (fields.get(field) ?? []).filter((value) => Buffer.isBuffer(value));
}

function textOf(fields: MessageFields, field: number): string {
  return listOf(fields, field)[0]?.toString('utf8') ?? '';
}
