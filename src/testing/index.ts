/** Tools for tests of your own model class (`ais-bench/testing`). They work with any test framework. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENTRY } from '../basics/package-folder.ts';
import { importFrom } from '../config/load.ts';

export {
  type RecordedMessages,
  type RecordedReply,
  type RecordedRequest,
  type Recording,
  readRecordedReply,
  type StreamForm,
  streamPieces,
  streamReply,
  textReply,
} from './recorded-reply.ts';
export {
  type AskOptions,
  askPort,
  askScripted,
  type FakeClock,
  fakeClock,
  type Replayable,
  type Replayed,
  type ReplayOptions,
  replay,
} from './replay.ts';
export {
  closedPort,
  FAULTS,
  type Fault,
  type FaultName,
  type FaultyOptions,
  faulty,
  goodReply,
  type Piece,
  type ReceivedRequest,
  type Script,
  type ScriptedReply,
  type ScriptedServer,
  sseEvents,
  startScriptedServer,
} from './scripted-server.ts';
export { type Check, modelOptions, type ServiceModelSpec, type Usage } from './service-model-spec.ts';
export { type LocalModelSpec, localModelChecks, testLocalModel } from './test-local-model.ts';
export { serviceModelChecks, testServiceModel } from './test-service-model.ts';

/**
 * Imports a module, TypeScript or JavaScript, on every version of Node that runs this package:
 *
 *     const { MyAPI } = await importModule('./my-api.ts', import.meta.url);
 *
 * A path that starts with `.` is relative to the module at `from`.
 */
export function importModule(path: string, from: string): Promise<Readonly<Record<string, any>>> {
  const importer = fileURLToPath(from);
  const absolute = path.startsWith('.') ? resolve(importer, '..', path) : path;
  return importFrom(importer, absolute, ENTRY);
}
