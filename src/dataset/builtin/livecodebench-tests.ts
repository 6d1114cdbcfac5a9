/** The tests of a problem of LiveCodeBench, which only scoring needs: they are most of its files. */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { Row } from '../../contract/dataset.ts';
import { messageOf } from '../../contract/errors.ts';
import { badRow } from '../read.ts';
import { pickledText } from './pickled-text.ts';

/** What a program must do. */
export interface LcbTests {
  /** The function to be called with each line of an input as JSON; absent: inputs are standard input. */
  readonly call?: string;
  readonly inputs: readonly string[];
  /** What has to be printed, or the returned value as JSON. */
  readonly outputs: readonly string[];
}

/** Bytes: no text of V8's is longer. */
const MOST_BYTES = 2 ** 29 - 25;

/** The public tests, then the private ones. Throws DSET-DATA-002 naming `where`. */
export async function testsIn(row: Row, where: string): Promise<LcbTests> {
  const tests = [
    ...testList(jsonIn(row, 'public_test_cases', where), `${where}, public_test_cases`),
    ...testList(await privateTests(row, where), `${where}, private_test_cases`),
  ];
  if (tests.length === 0) throw badRow(where, 'it has no tests');
  const call = functionOf(row, where);
  return {
    ...(call === undefined ? {} : { call }),
    inputs: tests.map(({ input }) => input as string),
    outputs: tests.map(({ output }) => output as string),
  };
}

/** `metadata.func_name`, of problems whose answers are functions. */
function functionOf(row: Row, where: string): string | undefined {
  const metadata = jsonIn(row, 'metadata', where);
  const { func_name: name } = (metadata ?? {}) as Row;
  if (name === undefined || name === null) return undefined;
  if (typeof name === 'string' && name !== '') return name;
  throw badRow(where, "its metadata's func_name is no name");
}

function jsonIn(row: Row, column: string, where: string): unknown {
  const text = row[column];
  if (typeof text !== 'string') throw badRow(where, `it has no text in column '${column}'`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badRow(where, `its column '${column}' is not JSON (${messageOf(cause)})`, cause);
  }
}

/** JSON as it is, or packed: base64 of zlib of a pickled text. */
async function privateTests(row: Row, where: string): Promise<unknown> {
  const column = 'private_test_cases';
  const packed = row[column];
  if (typeof packed !== 'string') throw badRow(where, `it has no text in column '${column}'`);
  if (/^\s*\[/.test(packed)) return jsonIn(row, column, where);
  try {
    const pickle = await promisify(inflate)(Buffer.from(packed, 'base64'), { maxOutputLength: MOST_BYTES });
    const text = pickledText(pickle);
    if (!isUtf8(text)) throw new Error('the pickled text is not UTF-8');
    return JSON.parse(text.toString('utf8'));
  } catch (cause) {
    const what = `its column '${column}' is not base64 of zlib of a pickled JSON text (${messageOf(cause)})`;
    throw badRow(where, what, cause);
  }
}

function testList(value: unknown, where: string): Row[] {
  if (!Array.isArray(value)) throw badRow(where, 'it is no list of tests');
  for (const [n, test] of value.entries()) {
    const { input, output } = (test ?? {}) as Row;
    if (typeof input !== 'string' || typeof output !== 'string')
      throw badRow(where, `test ${n + 1} has not the texts 'input' and 'output'`);
  }
  return value as Row[];
}
