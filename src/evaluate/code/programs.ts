import { availableParallelism } from 'node:os';
import { AisBenchError } from '../../contract/errors.ts';
import { openSandbox, type Program, type Ran, type Sandbox } from '../../sandbox/open-sandbox.ts';
import type { Extraction, Extractor, PredPostprocessor } from '../types.ts';

/**
 * What a dataset class kept of a row for scoring, whose `keys` are all texts. Throws RUN-DATA-001 where they are not there:
 * the answers are those of another dataset class.
 */
export function readReference<K extends string>(
  gold: unknown,
  keys: readonly K[],
  dataset: string,
): Readonly<Record<K, string>> {
  const fields = typeof gold === 'object' && gold !== null ? (gold as Record<string, unknown>) : {};
  const missing = keys.find((key) => typeof fields[key] !== 'string');
  if (missing === undefined) return fields as Record<K, string>;
  throw new AisBenchError('RUN-DATA-001', `the reference of an answer has no text '${missing}'`, {
    cure: `score answers to ${dataset}, whose rows carry their tests, or choose the asked dataset's evaluator`,
  });
}

/** What the config of an evaluator that runs code may say beside its `type`. */
interface CodeRunOptions {
  /** Seconds that an answer and its tests may take together; of tests that are run one by one, each. */
  readonly timeout: number;
  /** `none`: answers are run although nothing contains them but limits. */
  readonly isolation: 'contained' | 'none';
}

const ISOLATIONS = ['contained', 'none'];
const LONGEST_S = 3600;

/**
 * Reads the keys `timeout` and `isolation`, and passes over `ignored` ones. Throws UTILS-CFG-002 for a bad value and for any
 * other key.
 */
export function readRunOptions(
  options: Readonly<Record<string, unknown>>,
  { timeout: usual, ignored }: { readonly timeout: number; readonly ignored: readonly string[] },
): CodeRunOptions {
  const { timeout = usual, isolation = 'contained', ...rest } = options;
  const unknown = Object.keys(rest).find((key) => !ignored.includes(key));
  if (unknown !== undefined) throw badKey(unknown, 'is not a key of it', 'use timeout or isolation');
  if (typeof timeout !== 'number' || !(timeout > 0 && timeout <= LONGEST_S)) {
    const cure = `give seconds, more than 0 and at most ${LONGEST_S}`;
    throw badKey('timeout', `is ${JSON.stringify(timeout)}`, cure);
  }
  if (typeof isolation !== 'string' || !ISOLATIONS.includes(isolation)) {
    throw badKey('isolation', `is ${JSON.stringify(isolation)}`, "leave it out, or insist with 'none'");
  }
  return { timeout, isolation: isolation as CodeRunOptions['isolation'] };
}

function badKey(key: string, what: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `eval_cfg.evaluator.${key} ${what}`, { cure });
}

/** Answers that are run at a time. */
export const CONCURRENCY: number = Math.min(4, availableParallelism());

/** Programs whose outcome is remembered: the two rule sets mostly read the same one out of an answer. */
const REMEMBERED = 64;

/** Runs programs; the sandbox is opened for the first. */
type RunCode = (program: Program) => Promise<Ran>;

/** Throws EVAL-SANDBOX-001 and UTILS-DEPENDENCY-001 at the first program. */
export function codeRunner(options: Pick<CodeRunOptions, 'isolation'>): RunCode {
  const opened = sandboxOf(options);
  const remember = lastResults<Ran>();
  return (program) => remember(JSON.stringify(program), async () => (await opened()).run(program));
}

/** The sandbox, opened when it is first asked for. */
export function sandboxOf({ isolation }: Pick<CodeRunOptions, 'isolation'>): () => Promise<Sandbox> {
  let sandbox: Promise<Sandbox> | undefined;
  return () => {
    sandbox ??= openSandbox(isolation === 'none' ? { accept: ['namespaces', 'user', 'none'] } : {});
    return sandbox;
  };
}

/** Makes a result, or has it again where it was one of the last. */
export function lastResults<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const remembered = new Map<string, Promise<T>>();
  return (key, make) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const running = make();
    remembered.set(key, running);
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return running;
  };
}

/** What the four outcomes are called, in AISBench's words. */
type CodeOutcome = 'pass' | 'timeout' | 'wrong_answer' | 'failed';

function outcomeOf({ passed, outcome, failure }: Ran): CodeOutcome {
  if (passed) return 'pass';
  if (outcome === 'timeout') return 'timeout';
  return failure?.type === 'AssertionError' ? 'wrong_answer' : 'failed';
}

/** The outcome and what is known of its reason, for a person. */
export function explain(ran: Ran, { timeout }: Pick<CodeRunOptions, 'timeout'>): string {
  const outcome = outcomeOf(ran);
  if (outcome === 'pass') return outcome;
  if (outcome === 'timeout') return `${outcome}: it ran longer than ${timeout} s`;
  const { failure, why, exitCode } = ran;
  if (failure !== undefined) return `${outcome}: ${failure.type}${failure.message && `: ${failure.message}`}`;
  if (why !== undefined) return `${outcome}: killed (${why})`;
  return `${outcome}: it ended with exit code ${exitCode} before its last test`;
}

/** A part of a text, by its place. */
export interface TextPiece {
  readonly start: number;
  readonly end: number;
}

/** A line that opens or closes a block: at least three backticks or tildes, then at most a language and its attributes. */
const FENCE = /^[ \t]*(`{3,}|~{3,})[^`\n]*$/gm;

/**
 * Contents of the fenced code blocks of a Markdown text, in order. A block that is never closed goes on to the end, as in an
 * answer that was cut; a fence on the line of other words counts for nothing.
 */
export function fencedBlocks(text: string): readonly TextPiece[] {
  const blocks: TextPiece[] = [];
  let open: { readonly mark: string; readonly start: number } | undefined;
  for (const { 0: line, 1: mark = '', index } of text.matchAll(FENCE)) {
    if (open === undefined) {
      open = { mark, start: Math.min(text.length, index + line.length + 1) };
    } else if (mark.startsWith(open.mark) && line.trim() === mark) {
      blocks.push({ start: open.start, end: Math.max(open.start, index) });
      open = undefined;
    }
  }
  return open === undefined ? blocks : [...blocks, { start: open.start, end: text.length }];
}

/** The block to run: the first that defines something, else the first that is not empty. */
export function codeBlock(text: string): TextPiece | undefined {
  const blocks = fencedBlocks(text).filter(({ start, end }) => text.slice(start, end).trim() !== '');
  return blocks.find((block) => isDefinition(text, block)) ?? blocks[0];
}

function isDefinition(text: string, { start, end }: TextPiece): boolean {
  return /^[ \t]*(?:async[ \t]+)?(?:def|class)\s/m.test(text.slice(start, end));
}

/** An extraction of this part of a text. */
export function pieceOf(text: string, { start, end }: TextPiece, rule: string): Extraction {
  return { answer: text.slice(start, end), rule, span: [start, end] };
}

const wholeText = (text: string): Extraction | undefined =>
  text.trim() === '' ? undefined : pieceOf(text, { start: 0, end: text.length }, 'whole-text');

/** A fence on a line of its own with at most a word behind it; Python's `\w` knows the letters of all scripts. */
const COMPAT_BLOCK = /```[\p{L}\p{N}\p{M}_]*\n(.*?)```/su;

const extractCompat: Extractor = (text) => {
  const found = COMPAT_BLOCK.exec(text);
  if (found === null) return wholeText(text);
  const content = found[1] ?? '';
  const end = found.index + found[0].length - 3;
  return pieceOf(text, { start: end - content.length, end }, 'code-block');
};

const extractFixed: Extractor = (text) => {
  const block = codeBlock(text);
  if (block === undefined) return wholeText(text);
  const body = bodyBefore(text);
  return body === undefined || isDefinition(text, block)
    ? pieceOf(text, block, 'code-block')
    : pieceOf(text, body, 'before-fence');
};

/**
 * The rest of a function that a text begins with, up to the first fence, which closes what the prompt opened: what comes behind
 * it is no code of the answer.
 */
function bodyBefore(text: string): TextPiece | undefined {
  if (!/^(?:[ \t]*\n)*(?:\t| {2,})(?![-*+>#]|\d+[.)])\S/.test(text)) return undefined;
  return { start: 0, end: text.search(FENCE) };
}

/**
 * The code of an answer (`humaneval_postprocess`). `compat` is AISBench's: the first block, whatever is in it, that is
 * closed. `fixed` prefers the block with a definition, takes one that was cut, and of a text that begins with the rest of a
 * function what comes before its first fence. Without a block both take the whole text, indentation included.
 */
export const humanevalPostprocess: PredPostprocessor = {
  name: 'humaneval_postprocess',
  compat: extractCompat,
  fixed: extractFixed,
  none: '',
};
