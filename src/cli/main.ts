#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError } from 'commander';
import { describeError, EXIT, exitCodeOf } from '../errors.ts';
import { KINDS } from '../kit/kinds.ts';
import { type FlagSpec, RUN_FLAGS, toOption } from './flags.ts';
import { CHECK_FLAGS, NEW_FLAGS } from './kit-flags.ts';
import { DEMO_FLAGS, SERVE_FLAGS } from './service-flags.ts';

/** Builds the parser. Each command's code is loaded when it is run, so that `--help` answers at once. */
function program(finish: (exitCode: number) => void): Command {
  const run = withFlags(new Command('ais_bench'), RUN_FLAGS)
    .description('Accuracy and performance of large language models, from one command.')
    .version(version(), '-V, --version')
    // `serve --api-key` and `demo --work-dir` are theirs, not this command's flags of the same name.
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .argument('[config]', 'a file that holds models and datasets: .py .ts .js .yaml .json')
    .action(async (config, flags) =>
      finish(await (await import('./commands/run.ts')).run({ ...flags, config })),
    );
  const command = (name: string, specs: readonly FlagSpec[], description: string) =>
    withFlags(run.command(name).description(description), specs).exitOverride();
  command('serve', SERVE_FLAGS, 'serve a simulated or a real small model over HTTP').action(async (flags) =>
    finish(await (await import('./commands/serve.ts')).serve(flags)),
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
  return run;
}

function withFlags(command: Command, specs: readonly FlagSpec[]): Command {
  for (const spec of specs) command.addOption(toOption(spec));
  return command;
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** What a thrown error means to the shell; commander has already written its own. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  process.stderr.write(`${describeError(error)}\n`);
  return exitCodeOf(error);
}

let exitCode: number = EXIT.ok;
try {
  await program((code) => {
    exitCode = code;
  }).parseAsync();
} catch (error) {
  exitCode = tell(error);
}
// Every server, socket and timer of ours is closed by now; a library's idle handle must not keep the shell waiting.
process.exit(exitCode);
