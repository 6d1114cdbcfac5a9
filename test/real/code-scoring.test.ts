/**
 * Every reference solution of HumanEval and MBPP in the sandbox, and a mutant of each: `node scripts/test-real.mjs code-scoring`
 * with the files in `AIS_BENCH_DATASETS_CACHE`. A solution of MBPP that does not run on its own here (it needs a package) is
 * left out by name.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DatasetType, Row } from '../../src/contract/dataset.ts';
import { HumanevalDataset, MBPPDataset } from '../../src/dataset/builtin/code.ts';
import { humanEvalEvaluator, mbppEvaluator } from '../../src/evaluate/evaluators/code.ts';
import type { Configurable, Evaluator } from '../../src/evaluate/types.ts';
import { openSandbox } from '../../src/sandbox/open-sandbox.ts';
import { foundOut, grades } from '../support/code-answers.ts';
import { mutantsOf } from '../support/mutants.ts';

const LONG = 1_800_000;
/** Seconds: of a mutant that runs for ever no more is to be learnt. */
const MUTANT_S = 2;
const data = process.env['AIS_BENCH_DATASETS_CACHE'] ?? '';
const isContained = await openSandbox().then(
  () => true,
  () => false,
);

interface Family {
  readonly type: DatasetType;
  readonly evaluator: Configurable<Evaluator>;
  readonly answer: (row: Row) => string;
  /** The whole program, and the function of it that is changed. */
  readonly program: (row: Row) => { readonly program: string; readonly name: string };
  readonly rows: number;
}

const FAMILIES: Record<string, Family> = {
  humaneval: {
    type: HumanevalDataset,
    evaluator: humanEvalEvaluator,
    answer: (row) => String(row['canonical_solution']),
    program: (row) => ({
      program: `${row['prompt']}${row['canonical_solution']}`,
      name: String(row['entry_point']),
    }),
    rows: 164,
  },
  mbpp: {
    type: MBPPDataset,
    evaluator: mbppEvaluator,
    answer: (row) => `\`\`\`python\n${row['code']}\n\`\`\``,
    program: (row) => ({ program: String(row['code']), name: testedFunction(row) }),
    rows: 500,
  },
};

/** The function that the first assert calls and the program defines. */
function testedFunction({ code, test_list }: Row): string {
  const defined = [...String(code).matchAll(/^def\s+(\w+)/gm)].map(([, name]) => name!);
  return defined.find((name) => new RegExp(`\\b${name}\\b`).test(String(test_list))) ?? '';
}

describe.each(Object.entries(FAMILIES))('%s', (name, { type, evaluator, answer, program, rows }) => {
  const isSkipped = !isContained || !existsSync(join(data, name));

  it.skipIf(isSkipped)(
    'passes its reference solutions, and no mutant of each',
    async () => {
      const make = (timeout: number) =>
        typeof evaluator === 'function' ? evaluator({ timeout }) : evaluator;
      const { test } = await type.load({ path: '', roots: [data], params: {} });
      expect(test).toHaveLength(rows);
      const answers = test.map((row) => ({ answer: answer(row), gold: type.reference!(row) }));
      const given = await grades(make(60), answers);
      const wrong = given.flatMap(({ credit, explanation }, n) =>
        credit === 1 ? [] : [`${test[n]!['task_id']}: ${explanation}`],
      );
      const needsPackage = wrong.filter((text) => text.includes('ModuleNotFoundError'));
      expect(wrong).toEqual(needsPackage);
      const kept = [...test.entries()].filter(([n]) => given[n]!.credit === 1);
      const mutants = mutantsOf(kept.map(([, row]) => program(row)));
      const missed: unknown[] = [];
      let tried = 0;
      const queue = [...kept.entries()];
      const work = async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const [m, [n, row]] = next;
          const found = await foundOut(make(MUTANT_S), mutants[m]!.map(fenced), answers[n]!.gold);
          if (found === undefined) missed.push(row['task_id']);
          else tried += found + 1;
        }
      };
      await Promise.all([work(), work(), work(), work()]);
      const leftOut = needsPackage.join('; ') || 'none';
      console.log(`${name}: ${kept.length} of ${rows} run here, ${tried} mutants; left out: ${leftOut}`);
      expect(missed).toEqual([]);
    },
    LONG,
  );
});

function fenced(program: string): string {
  return `\`\`\`python\n${program}\n\`\`\``;
}
