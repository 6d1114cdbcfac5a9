/** The Python package math-verify as a judge of math answers, in a worker that is started for the first of them. */

import { findPython } from '../../basics/environment.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { PythonError } from '../../python-bridge/messages.ts';
import { PythonWorker } from '../../python-bridge/python-worker.ts';

const ENGINE = 'ais_bench_worker.engines.math_verify:MathVerify';

/** sympy is read from disk; a slow one takes tens of seconds. */
const LOADING_MS = 120_000;

/** Seconds by which math-verify's own limits end before ours, which ends the worker. */
const SPARE_S = 1;

export interface MathVerifySetting {
  /** Interpreter that was asked for; else that of the virtual environment, else `python3`. */
  readonly python: string | undefined;
  /** Seconds that one answer may take. */
  readonly timeout: number;
}

export interface MathPair {
  readonly gold: string;
  readonly answer: string;
  /** The answer is looked for in a whole reply, as AISBench does it. */
  readonly wholeReply: boolean;
}

export interface MathVerdict {
  readonly isEqual: boolean;
  /** What was read of either, as math-verify shows it; empty where nothing could be. */
  readonly gold: readonly string[];
  readonly answer: readonly string[];
}

/** An answer took longer than it may, or math-verify broke on it: nobody knows whether it is right. */
export class NotJudged extends Error {
  override readonly name = 'NotJudged';
}

export class MathVerify {
  readonly #setting: MathVerifySetting;
  readonly #python: string;
  #worker: Promise<PythonWorker> | undefined;
  #version = '';

  constructor(setting: MathVerifySetting) {
    this.#setting = setting;
    this.#python = findPython(setting.python);
  }

  /** Its name and version, once it has judged. */
  get title(): string {
    return `math-verify ${this.#version}`;
  }

  /**
   * Whether an answer equals the gold one. Throws UTILS-DEPENDENCY-001 where Python or the package is missing, and NotJudged
   * where the time is over or the worker broke; the next answer gets a new worker then.
   */
  async judge({ gold, answer, wholeReply }: MathPair): Promise<MathVerdict> {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    const { timeout } = this.#setting;
    // Three steps, each with a limit of its own inside of math-verify.
    const step = Math.max(1, Math.floor((timeout - SPARE_S) / 3));
    const args = { gold, answer, whole_reply: wholeReply, timeout: step };
    try {
      const signal = AbortSignal.timeout(timeout * 1000);
      const told: any = await worker.request('call', { method: 'judge', arguments: args }, { signal });
      return { isEqual: told.equal, gold: told.gold, answer: told.answer };
    } catch (error) {
      if (error instanceof PythonError) throw new NotJudged(`math-verify raised ${error.message}`);
      worker.kill();
      this.#worker = undefined;
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      throw new NotJudged(isLate ? `math-verify took longer than ${timeout} s` : messageOf(error));
    }
  }

  /** Ends the worker. Never throws. */
  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    await worker?.close();
  }

  async #start(): Promise<PythonWorker> {
    const worker = new PythonWorker({ python: this.#python });
    try {
      const signal = AbortSignal.timeout(LOADING_MS);
      const loaded: any = await worker.request('load', { engine: ENGINE, options: {} }, { signal });
      this.#version = String(loaded.version);
      return worker;
    } catch (error) {
      worker.kill();
      throw this.#absent(error);
    }
  }

  /** Where it cannot be had it will not be had later either: the failed start is remembered. */
  #absent(error: unknown): AisBenchError {
    if (error instanceof AisBenchError) return error;
    const isMissing = error instanceof PythonError && error.requirement !== undefined;
    const why = isMissing
      ? 'the Python package math-verify is not installed'
      : 'math-verify cannot be loaded';
    return new AisBenchError('UTILS-DEPENDENCY-001', `${why}: ${messageOf(error)}`, {
      where: this.#python,
      cure: `run: ${this.#python} -m pip install math-verify; or take engine: 'own' in eval_cfg.evaluator`,
      cause: error,
    });
  }
}
