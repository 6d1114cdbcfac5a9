/** Tools for tests of your own model class (`ais-bench/testing`). They work with any test framework. */
export { type AskOptions, askPort, askScripted } from './ask-scripted.ts';
export { type FakeClock, fakeClock } from './fake-clock.ts';
export { FAULTS, type Fault, type FaultName, type FaultyOptions, faulty, goodReply } from './faults.ts';
export { importModule } from './import-module.ts';
export {
  type RecordedReply,
  type RecordedRequest,
  readRecordedReply,
  streamReply,
  textReply,
} from './recorded-reply.ts';
export { type Replayed, type ReplayOptions, replay } from './replay.ts';
export {
  closedPort,
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
