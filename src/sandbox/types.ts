/**
 * How a program is contained. `namespaces`: own user, mount, process, network and IPC namespaces, and a root folder with
 * nothing but Python in it. `user`: an unprivileged user that owns nothing, sockets refused; it may read what everyone may
 * read. `none`: limits alone, for who insists.
 */
export type Containment = 'namespaces' | 'user' | 'none';

/** How to open a sandbox. */
export interface SandboxOptions {
  /** Interpreter: a path, or a name on the search path; that of the active virtual environment, else `python3`. */
  readonly python?: string | undefined;
  /** Kinds of containment to accept, the best first; default `['namespaces', 'user']`. */
  readonly accept?: readonly Containment[] | undefined;
}

/** A program to run once. */
export interface Program {
  /** Python source. */
  readonly program: string;
  /**
   * Python source that is run after the program, with its names. Without tests the program runs as a script, with tests as
   * a module that is not the main one.
   */
  readonly tests?: string;
  /** Wall-clock limit from where the program's own code begins; with it everything that the program started ends. */
  readonly timeoutMs: number;
  /** Address space of each process, and half of what all of them may hold, MiB; default 1024. */
  readonly memoryMb?: number;
}

/** How a program ended. */
export interface Ran {
  /** `killed`: by a signal, or because its processes held too much memory. */
  readonly outcome: 'exited' | 'timeout' | 'killed';
  /** Undefined unless it exited. */
  readonly exitCode: number | undefined;
  /** The first 64 KiB; what comes after is dropped. */
  readonly stdout: string;
  readonly stderr: string;
  /** Every test returned: the program sent the nonce that it gets after the last one. False without tests. */
  readonly passed: boolean;
  /** What was raised first, as the program's process says it; `type` is Python's class. Not to be relied on. */
  readonly failure?: { readonly type: string; readonly message: string };
  /** Why it was killed. */
  readonly why?: string;
}

/** A program that runs once for each input, each time in its own process. It does not get the expected output. */
export interface CaseProgram {
  readonly program: string;
  /** Python source that is run before the program, with the same names. */
  readonly prelude: string;
  /**
   * A function of the program, or a method of its class `Solution`: called with the lines of an input, each a JSON value. Absent:
   * the program is a script that reads the input from its standard input.
   */
  readonly call?: string;
  /** `most`: bytes that it may print, or return as JSON. */
  readonly cases: readonly { readonly input: string; readonly most: number }[];
  /** Wall-clock limit of each case. */
  readonly caseMs: number;
  /** As of `Program`. */
  readonly memoryMb?: number;
}

/** How a case ended. */
export interface CaseRan {
  /** `failed`: an exception ended it; `flood`: it said more than it may; `killed`: by a signal, or for its memory. */
  readonly outcome: 'exited' | 'failed' | 'timeout' | 'flood' | 'killed';
  /** What it printed. */
  readonly output: string;
  /** What the function returned, as JSON that distinguishes Python's types: `plain` of `cases.py`. */
  readonly value?: string;
  readonly failure?: { readonly type: string; readonly message: string };
  /** Why it was killed. */
  readonly why?: string;
}

/** Runs programs of unknown intent. */
export interface Sandbox {
  readonly containment: Containment;
  /** Runs a program in an empty folder. Throws EVAL-SANDBOX-001 when it cannot be contained any more. */
  run(program: Program): Promise<Ran>;
  /**
   * Runs a program for its cases, in order, until one does not exit by itself or `see`, called with each, returns false. Throws
   * EVAL-SANDBOX-001.
   */
  runCases(program: CaseProgram, see: (ran: CaseRan, n: number) => boolean): Promise<void>;
}
