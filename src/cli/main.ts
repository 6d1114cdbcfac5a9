#!/usr/bin/env node
/** The command: reads the arguments, runs one command, and ends with its exit code. */
import { toolVersion } from '../basics/version.ts';
import { EXIT } from '../contract/errors.ts';
import { buildParser } from './args/parser.ts';
import { maskToo, outputIsWritten, printError, watchOutput } from './print/exit.ts';

type CommandCode = (flags: any, ...parameters: any[]) => Promise<number>;

/** Code of each command, loaded when it is run: `--help` answers at once. */
const COMMANDS: Readonly<Record<string, CommandCode>> = {
  '': async (flags, config) => (await import('./commands/run.ts')).run({ ...flags, config }),
  demo: async (flags) => (await import('./commands/run.ts')).demo(flags),
  sweep: async (flags, config) => (await import('./commands/series.ts')).sweep({ ...flags, config }),
  search: async (flags, config) =>
    (await import('./commands/series.ts')).searchCapacity({ ...flags, config }),
  compare: async (flags, runs) => (await import('./commands/finished-runs.ts')).compare(runs, flags),
  explain: async (flags, run) => (await import('./commands/finished-runs.ts')).explain(run, flags),
  export: async (flags, runs) => (await import('./commands/finished-runs.ts')).exportRuns(runs, flags),
  import: async (flags, folder) => (await import('./commands/finished-runs.ts')).importCommand(folder, flags),
  plugins: async (flags, config) => (await import('./commands/plugins.ts')).listPlugins(config, flags),
  check: async (flags, model) => (await import('./commands/model-class.ts')).check(model, flags),
  new: async (flags, kind, name) => (await import('./commands/model-class.ts')).newModel(kind, name, flags),
  datasets: async () => (await import('./commands/lists.ts')).listDatasets(),
  'datasets pull': async (flags, name) => (await import('./commands/lists.ts')).pull(name, flags),
  serve: async (flags) => (await import('./commands/serve.ts')).serve(flags),
  worker: async (flags) => (await import('./commands/workers.ts')).worker(flags),
  k8s: async (flags, run) => (await import('./commands/workers.ts')).k8s(run, flags),
  selftest: async (flags) => (await import('./commands/serve.ts')).selftest(flags),
  schema: async () => (await import('./commands/lists.ts')).printSchema(),
  'worker-process': async () => (await import('../workers/worker-process.ts')).runWorkerProcess(maskToo),
  'truth-server': async () => (await import('./commands/serve.ts')).truthServer(),
};

/** A crashed process does not wait longer for a reader of its output. */
const CRASH_PATIENCE_MS = 2000;

watchOutput();
// Errors in timers of a user's class, and unhandled rejections: Node would print them unmasked.
process.on('uncaughtException', (error) => {
  const code = printError(error);
  setTimeout(() => process.exit(code), CRASH_PATIENCE_MS);
  void outputIsWritten().then(() => process.exit(code));
});

let exitCode: number = EXIT.ok;
try {
  const parser = buildParser(async (name, parameters, flags) => {
    exitCode = await COMMANDS[name]!(flags, ...parameters);
  }, toolVersion());
  await parser.parseAsync();
} catch (error) {
  exitCode = printError(error);
}
await outputIsWritten();
// Every server, socket and timer of the tool is closed by now; an idle handle of a library must not keep the shell waiting.
process.exit(exitCode === EXIT.ok ? process.exitCode : exitCode);
