/**
 * Every error that we raise on purpose says what happened, where, and one thing to do about it. Codes follow AISBench's
 * `MODULE-TYPE-nnn` form (`aisbench.md` §1.5) and keep its number where the meaning is the same.
 */

/** Exit codes of the command, in one table. 130 follows the shells' 128 + SIGINT. */
export const EXIT = {
  ok: 0,
  /** Work was begun and failed: requests, a service, a model, or this tool itself. */
  failed: 1,
  /** Nothing was begun: a flag, a config or a file is wrong. */
  badInput: 2,
  /** `--strict`: the run is no valid measurement. */
  notValid: 3,
  /** A gate on a comparison of runs. */
  regression: 4,
  interrupted: 130,
} as const;

/** An exit code of the command. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Exit code and meaning of each error code; source of the table in `docs/errors.md`. */
export const CODES = {
  'TMAN-CMD-001': { exit: EXIT.badInput, meaning: 'a required argument is missing' },
  'TMAN-CMD-002': { exit: EXIT.badInput, meaning: 'an argument has an invalid value' },
  'TMAN-CFG-001': { exit: EXIT.badInput, meaning: 'a config file cannot be read' },
  'TMAN-CFG-002': { exit: EXIT.badInput, meaning: 'a config file lacks what it must define' },
  'UTILS-MATCH-001': { exit: EXIT.badInput, meaning: 'no config of that name' },
  'UTILS-CFG-002': { exit: EXIT.badInput, meaning: 'a config value is wrong' },
  'UTILS-CFG-003': {
    exit: EXIT.badInput,
    meaning: 'a name that no class, dataset, evaluator or post-processor has',
  },
  'UTILS-FILE-003': { exit: EXIT.badInput, meaning: 'a tokenizer cannot be loaded' },
  'UTILS-FILE-005': { exit: EXIT.badInput, meaning: 'a file that would be overwritten' },
  'UTILS-DEPENDENCY-001': { exit: EXIT.badInput, meaning: 'an optional package is missing' },
  'PLUGIN-FILE-001': { exit: EXIT.badInput, meaning: 'a plugin is not there, or cannot be loaded' },
  'PLUGIN-IMPL-001': {
    exit: EXIT.badInput,
    meaning: 'a part of your own, or of a plugin, is not what it must be',
  },
  'PLUGIN-NAME-001': { exit: EXIT.badInput, meaning: 'two parts of one kind have the same name' },
  'DSET-FILE-001': { exit: EXIT.badInput, meaning: 'dataset files are missing' },
  'DSET-PULL-001': { exit: EXIT.failed, meaning: 'a dataset file cannot be downloaded' },
  'DSET-PULL-002': { exit: EXIT.failed, meaning: 'a downloaded dataset file is not the published one' },
  'DSET-DATA-002': { exit: EXIT.badInput, meaning: 'a dataset row is malformed' },
  'DSET-PARAM-002': { exit: EXIT.badInput, meaning: 'k is more than the answers to each row' },
  'DSET-PARAM-003': { exit: EXIT.badInput, meaning: 'answers of this dataset cannot be scored under load' },
  'ICLR-TYPE-001': { exit: EXIT.badInput, meaning: 'a prompt template is malformed' },
  'ICLR-PARAM-003': { exit: EXIT.badInput, meaning: 'a prompt with images, video or audio does not fit' },
  'ICLR-PARAM-004': { exit: EXIT.badInput, meaning: 'a few-shot row does not exist' },
  'ICLI-PARAM-002': { exit: EXIT.badInput, meaning: 'there is no such infer_mode of dialogues' },
  'ICLI-PARAM-006': { exit: EXIT.badInput, meaning: 'perplexity has no performance mode' },
  'ICLI-PARAM-007': { exit: EXIT.badInput, meaning: 'perplexity cannot be measured in streams' },
  'ICLI-IMPL-008': { exit: EXIT.badInput, meaning: 'the class cannot measure perplexity' },
  'TINFER-PARAM-006': { exit: EXIT.badInput, meaning: 'a trace has a row without a timestamp' },
  'TINFER-RUNTIME-001': { exit: EXIT.failed, meaning: 'every warm-up request failed' },
  'RUN-WORKER-001': { exit: EXIT.failed, meaning: 'a worker could not start' },
  'WORKER-NATS-001': { exit: EXIT.failed, meaning: 'no NATS server answers' },
  'WORKER-NATS-002': { exit: EXIT.badInput, meaning: 'the NATS server refuses this client' },
  'WORKER-STREAM-001': { exit: EXIT.badInput, meaning: 'the NATS server keeps no streams' },
  'WORKER-GROUP-001': { exit: EXIT.failed, meaning: 'too few workers of the group are free' },
  'WORKER-GROUP-002': { exit: EXIT.failed, meaning: 'no remote worker is left that takes samples' },
  'WORKER-CODE-001': { exit: EXIT.badInput, meaning: 'a remote worker holds other code or other data' },
  'WORKER-KEY-001': { exit: EXIT.badInput, meaning: 'a key would go over the network in clear text' },
  'WORKER-PARAM-001': { exit: EXIT.badInput, meaning: 'remote workers cannot do this' },
  'RUN-LIMIT-001': { exit: EXIT.badInput, meaning: 'this machine cannot hold the target load' },
  'RUN-SELFTEST-001': { exit: EXIT.failed, meaning: 'the self-test could not be finished' },
  'MODEL-IMPL-001': { exit: EXIT.badInput, meaning: 'the class has no parseTextResponse' },
  'MODEL-IMPL-002': { exit: EXIT.badInput, meaning: 'the class has no parseStreamResponse' },
  'MODEL-IMPL-003': { exit: EXIT.badInput, meaning: 'the class cannot build a request' },
  'MODEL-IMPL-004': { exit: EXIT.badInput, meaning: 'a local model cannot be loaded' },
  'MODEL-RUN-001': { exit: EXIT.failed, meaning: 'a local model was lost in the middle of a run' },
  'MODEL-DATA-001': { exit: EXIT.failed, meaning: "the service did not report its model's name" },
  'EVAL-SANDBOX-001': { exit: EXIT.badInput, meaning: 'code of answers cannot be contained on this machine' },
  'RUN-FILE-001': { exit: EXIT.badInput, meaning: 'the run folder cannot be written' },
  'RUN-DATA-001': { exit: EXIT.badInput, meaning: 'a record file is not readable' },
  'RUN-CFG-001': {
    exit: EXIT.badInput,
    meaning: 'a run that is to be continued was made with other settings',
  },
  'RUN-PARAM-001': { exit: EXIT.badInput, meaning: 'a load test that cannot be continued' },
  'RUN-PARAM-002': { exit: EXIT.badInput, meaning: 'an arrival of your own gives no valid times' },
  'RUN-LOCK-001': { exit: EXIT.badInput, meaning: 'another run works in the folder' },
  'ENGINE-PARAM-001': {
    exit: EXIT.badInput,
    meaning: 'the embedded service cannot start with these settings',
  },
} as const satisfies Record<string, { readonly exit: ExitCode; readonly meaning: string }>;

/** A code of the table. */
export type ErrorCode = keyof typeof CODES;

/** Place and cure of an error. */
export interface ErrorDetail {
  /** File with line, key path, flag or URL that the error is about. */
  where?: string;
  /** One thing to do about it, in the imperative. */
  cure: string;
  cause?: unknown;
}

/** An error that is raised on purpose, with its code, place and cure. */
export class AisBenchError extends Error {
  override readonly name = 'AisBenchError';
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly cure: string;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail) {
    super(message, { cause: detail.cause });
    this.code = code;
    this.where = detail.where;
    this.cure = detail.cure;
  }

  get exitCode(): ExitCode {
    return CODES[this.code].exit;
  }
}

/** Returns the exit code for a thrown error. */
export function toExitCode(error: unknown): ExitCode {
  return error instanceof AisBenchError ? error.exitCode : EXIT.failed;
}

/** Formats an error for a person: `[CODE] message`, the place, the cure, a line each. */
export function describeError(error: unknown): string {
  if (error instanceof AisBenchError) {
    const place = error.where === undefined ? '' : `\n  where: ${error.where}`;
    return `[${error.code}] ${error.message}${place}\n  to do: ${error.cure}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Returns the message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message || error.name : String(error)).replace(/\s+/g, ' ').trim();
}
