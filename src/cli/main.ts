#!/usr/bin/env node
import { Argument, Command, CommanderError } from 'commander';
import { toolVersion } from '../basics/version.ts';
import { describeError, EXIT, exitCodeOf } from '../contract/errors.ts';
import { KINDS } from '../kit/kinds.ts';
import { COMPARE_FLAGS } from './compare-flags.ts';
import { PULL_FLAGS } from './datasets-flags.ts';
import { EXPORT_FLAGS } from './export-flags.ts';
import { type FlagSpec, RUN_FLAGS, toOption } from './flags.ts';
import { IMPORT_FLAGS } from './import-flags.ts';
import { K8S_FLAGS } from './k8s-flags.ts';
import { CHECK_FLAGS, NEW_FLAGS } from './kit-flags.ts';
import { maskKnown } from './masked.ts';
import { withOurWord } from './other-words.ts';
import { EXPLAIN_FLAGS } from './report-flags.ts';
import { SELFTEST_FLAGS } from './selftest-flags.ts';
import { SEARCH_FLAGS, SWEEP_FLAGS } from './series-flags.ts';
import { DEMO_FLAGS, SERVE_FLAGS } from './service-flags.ts';
import { WORKER_FLAGS } from './worker-flags.ts';

/** Builds the parser. Each command's code is loaded when it is run, so that `--help` answers at once. */
function program(finish: (exitCode: number) => void): Command {
  const run = withFlags(new Command('ais_bench'), RUN_FLAGS)
    .description('Accuracy and performance of large language models, from one command.')
    .version(toolVersion(), '-V, --version')
    // `serve --api-key` and `demo --work-dir` are theirs, not this command's flags of the same name.
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .argument('[config]', 'a file that holds models and datasets: .py .ts .js .yaml .json')
    .action(async (config, flags) =>
      finish(await (await import('./commands/run.ts')).run({ ...flags, config })),
    );
  run.command('worker-process', { hidden: true }).action(async () => {
    finish(await (await import('./commands/worker-process.ts')).workerProcess());
  });
  run.command('truth-server', { hidden: true }).action(async () => {
    finish(await (await import('./commands/selftest.ts')).truthServer());
  });
  const command = (name: string, specs: readonly FlagSpec[], description: string) =>
    withFlags(run.command(name).description(description), specs).exitOverride();
  command('serve', SERVE_FLAGS, 'serve a simulated or a real small model over HTTP').action(async (flags) =>
    finish(await (await import('./commands/serve.ts')).serve(flags)),
  );
  command('worker', WORKER_FLAGS, 'send for the runs of other machines that name its group').action(
    async (flags) => finish(await (await import('./commands/worker.ts')).worker(flags)),
  );
  run
    .command('agent', { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .exitOverride()
    .action(() =>
      run.error("error: 'ais_bench agent' is now 'ais_bench worker', and its --workers is --processes"),
    );
  command('demo', DEMO_FLAGS, 'evaluate the embedded service: accuracy, then performance').action(
    async (flags) => finish(await (await import('./commands/demo.ts')).demo(flags)),
  );
  command('schema', [], 'print the JSON Schema of a config file, for editors').action(async () =>
    finish((await import('./commands/schema.ts')).printSchema()),
  );
  command('new', NEW_FLAGS, 'write class, config and test of a model of your own into this folder')
    .addArgument(new Argument('<kind>', 'what it is').choices(KINDS))
    .argument('<name>', 'its name, e.g. my_custom_api')
    .action(async (kind, name, flags) =>
      finish((await import('./commands/new.ts')).newModel(kind, name, flags)),
    );
  command('check', CHECK_FLAGS, 'ask a model once in each way and show what its class makes of the replies')
    .argument('<model>', 'model config, by name or path, or the file of a class')
    .action(async (name, flags) => finish(await (await import('./commands/check.ts')).check(name, flags)));
  addReaders(command, finish);
  addSeries(command, finish);
  addDatasets(command, finish);
  command('k8s', K8S_FLAGS, 'print workers, a NATS server and a run on them for a Kubernetes cluster')
    .argument('[run...]', 'after --: arguments of a run, which the cluster begins by itself')
    .action(async (run, flags) => finish((await import('./commands/k8s.ts')).k8s(run, flags)));
  command(
    'selftest',
    SELFTEST_FLAGS,
    'measure what this machine can send, for runs to be held against',
  ).action(async (flags) => finish(await (await import('./commands/selftest.ts')).selftest(flags)));
  return run;
}

/** Runs that plan runs. */
function addSeries(command: AddCommand, finish: (exitCode: number) => void): void {
  const config = new Argument('[config]', 'a file that holds models and datasets');
  command('sweep', SWEEP_FLAGS, 'measure one load after the other, and show the curve')
    .addArgument(config)
    .action(async (file, flags) =>
      finish(await (await import('./commands/sweep.ts')).sweep({ ...flags, config: file })),
    );
  command('search', SEARCH_FLAGS, 'find the largest load at which a service keeps its objectives')
    .addArgument(config)
    .action(async (file, flags) =>
      finish(await (await import('./commands/capacity.ts')).capacity({ ...flags, config: file })),
    );
}

type AddCommand = (name: string, specs: readonly FlagSpec[], description: string) => Command;

/** Commands that read finished runs. */
function addReaders(command: AddCommand, finish: (exitCode: number) => void): void {
  command('explain', EXPLAIN_FLAGS, 'show what other tools would have made of a run, and why it differs')
    .argument('<run>', 'folder of a run, e.g. outputs/default/latest')
    .action(async (folder, flags) =>
      finish(await (await import('./commands/explain.ts')).explain(folder, flags)),
    );
  command(
    'export',
    EXPORT_FLAGS,
    'write what runs came to for other tools: CSV, Parquet, OpenMetrics, Markdown',
  )
    .argument('<runs...>', 'folders of runs, e.g. outputs/default/latest')
    .action(async (runs, flags) =>
      finish(await (await import('./commands/export.ts')).exportRuns(runs, flags)),
    );
  command('import', IMPORT_FLAGS, 'read a finished run of AISBench into a run of ours, and report on it')
    .argument('<dir>', 'run folder of AISBench, e.g. outputs/default/20260105_070809')
    .action(async (folder, flags) =>
      finish(await (await import('./commands/import.ts')).importRun(folder, flags)),
    );
  command(
    'compare',
    COMPARE_FLAGS,
    'hold finished runs against the first of them: what changed, and whether by chance',
  )
    .argument('<runs...>', 'folders of two runs or more, e.g. outputs/default/20260105_070809')
    .action(async (runs, flags) =>
      finish(await (await import('./commands/compare.ts')).compare(runs, flags)),
    );
}

function addDatasets(command: AddCommand, finish: (exitCode: number) => void): void {
  const datasets = command(
    'datasets',
    [],
    'list the datasets: what is found, where, and the source of the rest',
  ).action(async () => finish(await (await import('./commands/datasets.ts')).listDatasets()));
  withFlags(datasets.command('pull').description('download the files of a dataset'), PULL_FLAGS)
    .exitOverride()
    .argument('<name>', 'name that ais_bench datasets lists')
    .action(async (name, flags) => finish(await (await import('./commands/datasets.ts')).pull(name, flags)));
}

function withFlags(command: Command, specs: readonly FlagSpec[]): Command {
  for (const spec of specs) command.addOption(toOption(spec));
  const known = command.options.map(({ long }) => long ?? '');
  return command.configureOutput({ outputError: (said, write) => write(withOurWord(said, known)) });
}

/** What a thrown error means to the shell; commander has already written its own. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  process.stderr.write(`${maskKnown(describeError(error))}\n`);
  return exitCodeOf(error);
}

/** A reader that has left (`| head`, a terminal that is gone) loses what is shown; the run goes on and its files are written. */
const READER_LEFT = new Set(['EPIPE', 'EIO', 'ECONNRESET']);

// What a class of the user's throws in a timer, and every rejection that nobody waits for: Node would show it as it is.
process.on('uncaughtException', (error) => process.exit(tell(error)));

let exitCode: number = EXIT.ok;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    if (!READER_LEFT.has(code)) process.exitCode = EXIT.failed;
  });
}
try {
  await program((code) => {
    exitCode = code;
  }).parseAsync();
} catch (error) {
  exitCode = tell(error);
}
// Every server, socket and timer of ours is closed by now; a library's idle handle must not keep the shell waiting.
process.exit(exitCode === EXIT.ok ? process.exitCode : exitCode);
