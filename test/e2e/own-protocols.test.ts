/**
 * A load test of the classes of `examples/backends`, against services that log when they send: what the tool calls TTFT is what the
 * service did, within a millisecond.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { EVENT_KINDS, PAYLOAD_KINDS } from '../../src/contract/record.ts';
import { decodeRecord } from '../../src/contract/record-codec.ts';
import {
  type ExampleService,
  SECRET,
  startBedrock,
  startJobs,
  startPlainEvents,
} from '../support/example-services.ts';
import { aisBench, emptyFolder, recordsOf } from './support.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/backends', import.meta.url));
const REQUESTS = 40;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

it.each([
  [
    'BedrockConverse',
    'signed-event-stream',
    startBedrock,
    { region: 'eu-central-1', access_key: 'AKID', secret_key: SECRET },
  ],
  ['JobsAPI', 'submit-and-poll', startJobs, { poll_ms: 7 }],
  ['PlainTextEvents', 'plain-text-events', startPlainEvents, {}],
] as const)('%s: TTFT is that of the service’s own log', async (type, file, start, fields) => {
  const medians: string[] = [];
  // Where the machine is busy, both processes wait for it: then a quieter moment has to show the tool's own share.
  for (let attempt = 0; attempt < 3; attempt++) {
    const differences = await differencesOf({ type: `./backends/${file}.ts:${type}`, ...fields }, start);
    // What is between them is the way to the service and back: never less than nothing, most often far less than a millisecond.
    expect(Math.min(...differences)).toBeGreaterThan(0);
    if (median(differences) < 1) return;
    medians.push(`${median(differences).toFixed(3)} ms (largest ${Math.max(...differences).toFixed(3)})`);
  }
  expect(medians).toEqual([]);
});

/** Runs a load test; returns TTFT less the time that the service took by its own log, of each request. */
async function differencesOf(own: object, start: () => Promise<ExampleService>): Promise<number[]> {
  const service = await start();
  onTestFinished(() => service.close());
  const model = {
    attr: 'service',
    abbr: 'own',
    model: 'any',
    url: service.url,
    stream: true,
    max_out_len: 8,
    batch_size: 1,
    ...own,
  };
  const questions = Array.from({ length: REQUESTS }, (_, n) =>
    JSON.stringify({ question: `What is ${n} + 1?`, answer: `${n + 1}` }),
  );
  const cwd = emptyFolder({
    'configs/models/own.json': JSON.stringify({ models: [model] }),
    'questions.jsonl': questions.join('\n'),
  });
  cpSync(EXAMPLES, join(cwd, 'backends'), { recursive: true });
  const { code, stdout, stderr } = await aisBench(
    cwd,
    ...['--models', 'own', '--custom-dataset-path', 'questions.jsonl', '--custom-dataset-data-type', 'qa'],
    ...['--mode', 'perf', '--num-warmups', '0'],
  );
  expect(code, stdout + stderr).toBe(0);
  const records = recordsOf(cwd)
    .map((record) => decodeRecord(JSON.stringify(record), 'records'))
    .filter((record) => record.outcome === 'ok');
  expect(records).toHaveLength(REQUESTS);
  expect(service.served).toHaveLength(REQUESTS);
  const sent = records.toSorted((a, b) => a.times.sent - b.times.sent);
  return sent.map(({ times }, n) => {
    const first = times.events.kind.findIndex((kind) => PAYLOAD_KINDS.has(EVENT_KINDS[kind]!));
    const ttft = times.events.at[first]! - times.sent;
    const { received, firstText } = service.served[n]!;
    return ttft - (firstText - received);
  });
}
