/** A program that is run once for each of its inputs: `python/ais_bench_sandbox/cases.py` says what goes between. */
import { byteLines } from '../basics/byte-lines.ts';
import type { Job, TakeReport } from './launch.ts';
import type { CaseProgram, CaseRan } from './types.ts';

/** To start the program's processes and to clear away after them, however many cases there are. */
const SPARE_S = 5;

/** What is asked of the launcher; beside it `levels` are needed, and `memoryMb` where the program has none. */
export function jobOf({
  program,
  prelude,
  call,
  cases,
  caseMs,
  memoryMb,
}: CaseProgram): Omit<Job, 'levels' | 'memoryMb'> & Partial<Pick<Job, 'memoryMb'>> {
  const caseSeconds = caseMs / 1000;
  return {
    ...{ program, prelude, cases, caseSeconds },
    ...(call === undefined ? {} : { call }),
    ...(memoryMb === undefined ? {} : { memoryMb }),
    seconds: (caseSeconds + 1) * cases.length + SPARE_S,
  };
}

/** What came of the cases. */
export interface SeenCases {
  readonly count: number;
  /** There is no further case that anybody wants to know of. */
  readonly isAll: boolean;
}

/** Hands what became of each case on, until all are through, one fails, or `see` says that it has seen enough. */
export function caseTaker(total: number, see: (ran: CaseRan, n: number) => boolean): TakeReport<SeenCases> {
  return async (report, end) => {
    let count = 0;
    for await (const { bytes } of byteLines(report, tooLong)) {
      const ran = caseIn(bytes.toString('utf8'));
      const goesOn = see(ran, count++) && ran.outcome === 'exited';
      if (goesOn && count < total) continue;
      if (!goesOn) end();
      return { count, isAll: true };
    }
    return { count, isAll: false };
  };
}

function caseIn(line: string): CaseRan {
  const { outcome, output = '', value, failure, signal } = JSON.parse(line);
  return {
    ...{ outcome, output },
    ...(value === undefined ? {} : { value }),
    ...(failure === undefined ? {} : { failure }),
    ...(signal === undefined ? {} : { why: signal }),
  };
}

function tooLong(n: number): Error {
  return new Error(`case ${n} of a program is told of in more bytes than a text can hold`);
}
